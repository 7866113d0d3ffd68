// Where things are: nothing is cut, lies over something else, or is too small to be touched.

import { clickRibbon, workshop } from "./picture.mjs";
import { expect, test } from "./playground.mjs";
import { sizes, turn } from "./sizes.mjs";

/** Words of the sky that are cut, or lie over a disc or other words; as sentences. */
const collisions = (page) =>
  page.evaluate(() => {
    const sky = document.querySelector(".sky").getBoundingClientRect();
    const boxes = (selector) =>
      [...document.querySelectorAll(`.sky > svg ${selector}`)].map((element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        const owner = element.parentNode.dataset.workload ?? "a region";
        return { left, top, right, bottom, name: `${element.textContent || "the disc"} of ${owner}` };
      });
    // A line of text is higher than its letters.
    const letters = ({ top, bottom, ...rest }) => {
      const air = (bottom - top) * 0.15;
      return { ...rest, top: top + air, bottom: bottom - air };
    };
    const shared = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
    const overlap = (a, b) => shared(a, b, "left", "right") > 1 && shared(a, b, "top", "bottom") > 1;
    const isCut = ({ left, right, top, bottom }) =>
      left < sky.left || right > sky.right || top < sky.top || bottom > sky.bottom;

    const texts = boxes(".star .name, .star .note, .region text").map(letters);
    const all = [...texts, ...boxes(".star .disc")];
    const over = texts.flatMap((text, i) =>
      all.slice(i + 1).filter((other) => overlap(text, other)).map(({ name }) => `${text.name} lies over ${name}`),
    );
    return [...all.filter(isCut).map(({ name }) => `${name} is cut`), ...over];
  });

for (const [size, viewport] of Object.entries(sizes)) {
  for (const at of ["#/workshop-v1", "#/workshop-v2", "#/workshop/2"]) {
    test(`no name is cut or lies over another, ${size}, ${at}`, async ({ page, open }) => {
      await page.setViewportSize(viewport);
      await open(at);
      await expect.poll(() => collisions(page)).toEqual([]);
      await page.keyboard.press("p");
      await expect(page.getByRole("button", { name: "Present" })).toBeHidden();
      await expect.poll(() => collisions(page), "on the stage").toEqual([]);
    });
  }
}

/** How many pixels of the page stick out of the window to the right. */
const excess = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

for (const size of ["desktop", "projector"]) {
  test(`the page fits the window with everything open, ${size}`, async ({ page, open }) => {
    await page.setViewportSize(sizes[size]);
    await open("#/workshop/8");
    await clickRibbon(page, workshop.payments, workshop.queue);
    await page.getByRole("button", { name: "Matrix", exact: true }).click();
    await page.getByRole("button", { name: "YAML of default-deny" }).click();
    await expect(page.getByRole("table", { name: "Connectivity" })).toBeVisible();
    expect(await excess(page)).toBeLessThanOrEqual(0);
  });
}

test("a phone: nothing sticks out, what is touched is at least 44 pixels high", async ({ page, open }) => {
  await page.setViewportSize(sizes.phone);
  await open("#/workshop/8");
  for (const sheet of ["Tour", "Policies", "Why", "Matrix"]) {
    await turn(page, sheet);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button:not(.place), select, a, label:has(input), summary")]
        .filter((element) => element.checkVisibility())
        .map((element) => ({ text: element.textContent, height: element.getBoundingClientRect().height }))
        .filter(({ height }) => height < 44),
    );
    expect(small, sheet).toEqual([]);
    expect(await excess(page), sheet).toBeLessThanOrEqual(0);
  }
});

test("the sky takes most of the window while nothing is explained", async ({ page, open }) => {
  await open("#/workshop-v2");
  const { width, height } = await page.getByRole("region", { name: "Stars" }).boundingBox();
  const { desktop } = sizes;
  expect((width * height) / (desktop.width * desktop.height)).toBeGreaterThanOrEqual(0.6);
});
