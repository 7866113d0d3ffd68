// Every step of the tour, whichever way one comes to it, shows what tests/tour/expected.json says.

import { readFileSync } from "node:fs";
import { call, expectPicture } from "./picture.mjs";
import { expect, test } from "./playground.mjs";

const steps = JSON.parse(readFileSync(new URL("../tour/expected.json", import.meta.url), "utf8"));

const calls = (targets) => Object.entries(targets).flatMap(([from, all]) => all.map((to) => call(from, to)));

const stopped = (targets) =>
  Object.fromEntries(
    Object.entries(targets).flatMap(([from, sides]) =>
      Object.entries(sides).map(([to, side]) => [call(from, to), `blocked: ${side}`]),
    ),
  );

/** What the cluster view shows: all that is so, whoever sees it. */
function cluster({ watched, visible, open, stopped: told }) {
  return { watched: [...watched].sort(), seen: [...visible].sort(), open: calls(open).sort(), ribbons: stopped(told) };
}

/** What the management UI's view shows: ribbons only between two stars that are seen. */
function observer(step) {
  const isSeen = (name) => name.split(" → ").every((workload) => step.visible.includes(workload));
  const all = cluster(step);
  return { ...all, open: all.open.filter(isSeen) };
}

const isEmpty = ({ step }) => step === steps.length;
const nothing = { watched: [], seen: [], open: [], ribbons: {} };

async function expectStep(page, expected) {
  await expect(page).toHaveURL(new RegExp(`#/workshop/${expected.step}$`));
  await expect(page.getByRole("radio", { name: "Management UI's view" })).toBeChecked();
  await expectPicture(page, isEmpty(expected) ? nothing : observer(expected));
  const { length } = expected.visible;
  await expect(page.locator("[data-from]")).toHaveCount(length * Math.max(length - 1, 0));
}

test("forwards, backwards, and by the Back button", async ({ page, open }) => {
  await open("#/workshop/1");
  await expect(page.getByRole("button", { name: "Previous step" })).toBeDisabled();
  for (const expected of steps) {
    await expectStep(page, expected);
    if (!isEmpty(expected)) await page.getByRole("button", { name: "Next step" }).click();
  }
  await expect(page.getByRole("button", { name: "Next step" })).toBeDisabled();
  for (const expected of steps.slice(0, -1).reverse()) {
    await page.getByRole("button", { name: "Previous step" }).click();
    await expectStep(page, expected);
  }
  for (const expected of steps.slice(1)) {
    await page.goBack();
    await expectStep(page, expected);
  }
});

for (const expected of steps) {
  test(`step ${expected.step} by its link, in both views`, async ({ page, open }) => {
    await open(`#/workshop/${expected.step}`);
    await expectStep(page, expected);
    await page.getByRole("radio", { name: "Cluster view" }).check();
    await expectPicture(page, isEmpty(expected) ? nothing : cluster(expected));
    await expect(page.locator("[data-from]")).toHaveCount(isEmpty(expected) ? 0 : 20);
    await expect(page).toHaveURL(new RegExp(`#/workshop/${expected.step}\\?view=cluster$`));
  });
}

test("a blank screen says why it is blank", async ({ page, open }) => {
  await open("#/workshop/2");
  const sky = page.getByRole("region", { name: "Stars" });
  await expect(sky).toContainText(/management-ui sees none of the 3 services it watches.*no rule admits management-ui/);
});

test("the last step is an empty sky, switches without effect, and an offer to start again", async ({ page, open }) => {
  await open("#/workshop/10");
  await expect(page.getByText("Nothing runs here any more")).toBeVisible();
  await page.getByRole("switch", { name: "default-deny" }).click();
  await expect(page.getByRole("status")).toContainText("default-deny");
  await expectPicture(page, nothing);
  await page.getByRole("button", { name: "Start again" }).click();
  await expectStep(page, steps[0]);
});

test("a switch leaves the tour, and one click comes back", async ({ page, open }) => {
  await open("#/workshop/8");
  await page.getByRole("switch", { name: "default-deny" }).click();
  await page.getByRole("switch", { name: "pci-policy" }).click();
  await expect(page).toHaveURL(/#\/workshop\/8\?on=6e$|#\/workshop\/8\?on=2e$/);
  await page.getByRole("button", { name: "Back to step 8" }).click();
  await expectStep(page, steps[7]);
  await expect(page.getByRole("button", { name: "Back to step 8" })).toHaveCount(0);
});

test("Reset goes back to the start of the tour", async ({ page, open }) => {
  await open("#/workshop/7");
  await page.getByRole("switch", { name: "queue-policy" }).click();
  await page.getByRole("button", { name: "Reset" }).click();
  await expectStep(page, steps[0]);
});
