// What axe finds wrong with the page, in every state that looks different and in both themes: nothing.

import { clickRibbon, star, workshop } from "./picture.mjs";
import { expect, test, violations } from "./playground.mjs";
import { sizes, turn } from "./sizes.mjs";

const { queue, payments } = workshop;

/** States of the page that look different: how one comes to them. */
const states = {
  "a preset": { at: "#/workshop-v2" },
  "the management UI's view": { at: "#/workshop/9" },
  "the cluster view": { at: "#/workshop/9?view=cluster" },
  "ghosts and a blank sky": { at: "#/workshop/2" },
  "the empty sky": { at: "#/workshop/10" },
  "a switch off the tour": {
    at: "#/workshop/9",
    come: (page) => page.getByRole("switch", { name: "queue-policy" }).click(),
  },
  "a call explained": { at: "#/workshop/8", come: (page) => clickRibbon(page, payments, queue) },
  "a star explained": { at: "#/workshop/8", come: (page) => star(page, queue).click() },
  "the matrix": {
    at: "#/workshop/8",
    come: (page) => page.getByRole("button", { name: "Matrix", exact: true }).click(),
  },
  "a file": { at: "#/workshop/8", come: (page) => page.getByRole("button", { name: "YAML of default-deny" }).click() },
  "the legend": { at: "#/workshop/8", come: (page) => page.getByText("Legend").click() },
  "the stage": { at: "#/workshop/8", come: (page) => page.keyboard.press("p") },
  "a notice": { at: "#/nowhere" },
  "the projector's size": { at: "#/workshop/8", size: "projector", come: (page) => clickRibbon(page, payments, queue) },
  "a phone, the tour": { at: "#/workshop/8", size: "phone" },
  ...Object.fromEntries(
    ["Policies", "Why", "Matrix"].map((sheet) => [
      `a phone, ${sheet}`,
      {
        at: "#/workshop/8",
        size: "phone",
        come: (page) => turn(page, sheet),
      },
    ]),
  ),
};

for (const [name, { at, size = "desktop", come = async () => {} }] of Object.entries(states)) {
  test(`axe finds nothing wrong with ${name}`, async ({ page, open }) => {
    await page.setViewportSize(sizes[size]);
    await open(at);
    await come(page);
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect(await violations(page), colorScheme).toEqual([]);
    }
  });
}
