// The page without a mouse, and the stage for a projector.

import { centre, expectPicture, star, workshop } from "./picture.mjs";
import { expect, test } from "./playground.mjs";

const why = (page) => page.getByRole("region", { name: "Why", exact: true });

test("stars take the focus in turn, Enter explains one, Escape lets it go", async ({ page, open }) => {
  await open("#/workshop-v2");
  await page.locator("[data-workload]").first().focus();
  const walked = [];
  for (let i = 0; i < 6; i++) {
    walked.push(await page.evaluate(() => document.activeElement.dataset.workload));
    await page.keyboard.press("Tab");
  }
  expect(walked.toSorted()).toEqual([...Object.values(workshop), "management-ui/management-ui"].sort());
  await star(page, workshop.queue).focus();
  await page.keyboard.press("Enter");
  await expect(star(page, workshop.queue)).toHaveAttribute("aria-pressed", "true");
  await expect(why(page)).toContainText("infrastructure/queue");
  await expect(star(page, workshop.queue)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(star(page, workshop.queue)).toHaveAttribute("aria-pressed", "false");
  await expect(why(page)).toBeHidden();
});

test("arrow keys walk to the neighbour that lies there, and reach every star", async ({ page, open }) => {
  await open("#/workshop-v2");
  const ways = { ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowUp: ["y", -1], ArrowDown: ["y", 1] };
  const reached = new Set([workshop.client]);
  for (const from of reached) {
    for (const [key, [axis, sign]] of Object.entries(ways)) {
      await star(page, from).focus();
      await page.keyboard.press(key);
      const to = await page.evaluate(() => document.activeElement.dataset.workload);
      if (to === from) continue;
      const [before, after] = [await centre(page, from), await centre(page, to)];
      expect(sign * (after[axis] - before[axis]), `${key} from ${from} to ${to}`).toBeGreaterThan(0);
      reached.add(to);
    }
  }
  expect([...reached].sort()).toEqual(expect.arrayContaining(Object.values(workshop).sort()));
});

test("switches and steps work by keys", async ({ page, open }) => {
  await open("#/workshop/5");
  const toggle = page.getByRole("switch", { name: "facade-policy" });
  await toggle.focus();
  await page.keyboard.press("Space");
  await expect(toggle).not.toBeChecked();
  await page.getByRole("button", { name: "Next step" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/workshop\/6$/);
});

for (const [way, enter] of [
  ["by its button", (page) => page.getByRole("button", { name: "Present" }).click()],
  ["by its key", (page) => page.keyboard.press("p")],
]) {
  test(`the stage ${way}: the picture, a title and a line, to be read from the back row`, async ({ page, open }) => {
    await open("#/workshop/3");
    await page.getByRole("button", { name: "Matrix", exact: true }).click();
    await page.getByRole("button", { name: "YAML of default-deny" }).click();
    await star(page, workshop.client).click();
    await enter(page);
    const title = page.getByRole("heading", { name: "See again" });
    const line = page.getByText("The management UI sees again");
    for (const text of [title, line]) {
      await expect(text).toBeVisible();
      const size = await text.evaluate((of) => parseFloat(getComputedStyle(of).fontSize));
      expect(size, await text.innerText()).toBeGreaterThanOrEqual(28);
    }
    await expect(star(page, workshop.client)).toBeVisible();
    for (const role of ["button", "switch", "radio", "combobox", "status", "banner", "navigation", "complementary"]) {
      const parts = page.getByRole(role).locator("visible=true").and(page.locator(":not([data-workload])"));
      await expect(parts, role).toHaveCount(0);
    }
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Present" })).toBeVisible();
  });
}

test("on the stage arrows and Page keys turn the steps", async ({ page, open }) => {
  await open("#/workshop/3");
  await page.keyboard.press("p");
  for (const [key, step] of [
    ["ArrowRight", 4], ["ArrowDown", 5], ["PageDown", 6], ["ArrowLeft", 5], ["ArrowUp", 4], ["PageUp", 3],
  ]) {
    await page.keyboard.press(key);
    await expect(page, key).toHaveURL(new RegExp(`#/workshop/${step}$`));
    await expect(page.getByRole("heading", { level: 1 })).toContainText(`${step}/10`);
  }
  await expectPicture(page, { open: [] });
  await page.keyboard.press("p");
  await expect(page.getByRole("button", { name: "Next step" })).toBeVisible();
});
