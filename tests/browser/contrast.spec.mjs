// The contrast of the picture, of which axe knows nothing: words at least 4.5:1, signs 3:1, in all eight colours.

import { expect, test } from "./playground.mjs";

/**
 * The contrast of every word and sign of the picture against what may lie behind it: the background, or the tint of
 * a namespace. The ribbons and stars of colours that no workload has are tried on, and taken off again.
 */
const contrasts = (page) =>
  page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const luminance = (colour) => {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
        const value = part / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (one, other) => {
      const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const style = (element) => getComputedStyle(element);
    const part = (within, selector) => style(within.querySelector(selector));
    const behind = [style(document.body).backgroundColor, part(document, ".region rect").fill];
    const least = (colour) => Math.min(...behind.map((ground) => ratio(colour, ground)));

    const found = { text: {}, sign: {} };
    const ribbons = document.querySelector("[data-from]").parentElement;
    const stars = document.querySelector("[data-watched]").parentElement;
    for (let i = 0; i < 8; i++) {
      const colour = `colour-${i}`;
      const ribbon = ribbons.appendChild(document.querySelector("[data-state=blocked]").cloneNode(true));
      ribbon.setAttribute("class", `ribbon ${colour}`);
      found.sign[`open ribbon, ${colour}`] = least(part(ribbon, ".flow").stroke);
      found.sign[`blocked ribbon, ${colour}`] = least(part(ribbon, ".dash").stroke);
      found.sign[`break mark, ${colour}`] = least(part(ribbon, ".mark path").stroke);
      found.text[`port, ${colour}`] = least(part(ribbon, ".label").fill);
      ribbon.remove();
      const star = stars.appendChild(document.querySelector("[data-watched]").cloneNode(true));
      star.setAttribute("class", `star ${colour}`);
      found.sign[`disc, ${colour}`] = least(part(star, ".disc").fill);
      found.text[`code, ${colour}`] = ratio(part(star, ".code").fill, part(star, ".disc").fill);
      found.text[`name, ${colour}`] = least(part(star, ".name").fill);
      star.setAttribute("class", `star ghost ${colour}`);
      found.sign[`ghost, ${colour}`] = least(part(star, ".disc").stroke);
      found.text[`ghost's code, ${colour}`] = least(part(star, ".code").fill);
      found.text[`ghost's name, ${colour}`] = least(part(star, ".name").fill);
      star.remove();
    }
    for (const text of document.querySelectorAll("svg .region text, svg .note, [data-role=observer] text")) {
      found.text[text.textContent] = least(style(text).fill);
    }
    found.sign.observer = least(part(document, "[data-role=observer] .disc").stroke);
    return found;
  });

for (const colorScheme of ["dark", "light"]) {
  test(`every sign of the picture is at least 3:1, every word 4.5:1, ${colorScheme}`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await open("#/workshop-v1?on=1");
    await expect(page.locator("[data-state=blocked]")).toHaveCount(20);
    const { sign, text } = await contrasts(page);
    const below = (found, least) => Object.entries(found).filter(([, ratio]) => !(ratio >= least));
    expect(below(sign, 3)).toEqual([]);
    expect(below(text, 4.5)).toEqual([]);
    expect(Object.keys(text), "words were found").toContain("not watched");
  });
}
