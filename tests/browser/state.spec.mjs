// What is kept: the theme, dragged stars, the address; and what is not loaded or done twice.

import { centre, workshop } from "./picture.mjs";
import { expect, test } from "./playground.mjs";

const background = { light: "rgb(247, 248, 251)", dark: "rgb(16, 20, 31)" };
const worn = (page) => expect(page.locator("body"));

for (const scheme of ["light", "dark"]) {
  test(`the theme follows the system, ${scheme}, until it is chosen, and the choice stays`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await open();
    const theme = page.getByRole("button", { name: /^Theme/ });
    await worn(page).toHaveCSS("background-color", background[scheme]);
    for (const chosen of ["light", "dark"]) {
      await theme.click();
      await expect(theme).toHaveText(`Theme: ${chosen}`);
      await worn(page).toHaveCSS("background-color", background[chosen]);
      await page.reload();
      await expect(theme).toHaveText(`Theme: ${chosen}`);
      await worn(page).toHaveCSS("background-color", background[chosen]);
    }
    await theme.click();
    await worn(page).toHaveCSS("background-color", background[scheme]);
  });
}

test("a star that is dragged stays where it was put, until Reset", async ({ page, open }) => {
  await open("#/workshop-v2");
  const at = () => centre(page, workshop.queue);
  const from = await at();
  const to = { x: from.x - 120, y: from.y - 90 };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await page.mouse.up();
  const isThere = ({ x, y }) => Math.hypot(x - to.x, y - to.y) <= 3;
  await expect.poll(async () => isThere(await at())).toBe(true);
  await page.getByRole("switch", { name: "default-deny" }).click();
  await expect(page.getByRole("status")).toContainText("default-deny");
  expect(isThere(await at()), "after a switch").toBe(true);
  await page.reload();
  await expect.poll(async () => isThere(await at()), "after a reload").toBe(true);
  await page.getByRole("button", { name: "Reset" }).click();
  await expect.poll(at).toEqual(from);
});

test("no star moves when a policy does", async ({ page, open }) => {
  await open("#/workshop-v2");
  const places = () => Promise.all(Object.values(workshop).map((workload) => centre(page, workload)));
  const before = await places();
  for (const name of ["default-deny", "allow-management-ui", "queue-policy"]) {
    await page.getByRole("switch", { name }).click();
    await expect(page.getByRole("status")).toContainText(`${name} on`);
    expect(await places()).toEqual(before);
  }
  await page.getByRole("radio", { name: "Management UI's view" }).check();
  await expect(page).toHaveURL(/view=observer/);
  expect(await places()).toEqual(before);
});

for (const [address, means, named] of [
  ["#/nowhere", "#/workshop-v1", "nowhere"],
  ["#/workshop/11", "#/workshop-v1", "workshop/11"],
  ["#/workshop/2?colour=red", "#/workshop/2", "colour=red"],
  ["#/workshop-v2?on=zz&view=observer", "#/workshop-v2?view=observer", "on=zz"],
]) {
  test(`the address ${address} is read as ${means}, with a word about the rest`, async ({ page, open }) => {
    await open(address);
    const notice = page.getByRole("alert");
    await expect(notice).toContainText(named);
    expect(new URL(page.url()).hash).toBe(means);
    await notice.getByRole("button", { name: "Dismiss" }).click();
    await expect(notice).toHaveCount(0);
  });
}

test("a reload brings back switches and view", async ({ page, open }) => {
  await open("#/workshop-v2");
  await page.getByRole("switch", { name: "queue-policy" }).click();
  await page.getByRole("radio", { name: "Management UI's view" }).check();
  await expect(page).toHaveURL(/#\/workshop-v2\?on=20&view=observer$/);
  await page.reload();
  await expect(page.getByRole("switch", { name: "queue-policy" })).toBeChecked();
  await expect(page.getByRole("radio", { name: "Management UI's view" })).toBeChecked();
});

test("every part of the work is measured", async ({ page, open }) => {
  await open("#/workshop-v2");
  const measured = () =>
    page.evaluate(() => [...new Set(performance.getEntriesByType("measure").map(({ name }) => name))].sort());
  await expect.poll(measured).toEqual(["netpol:evaluate", "netpol:parse", "netpol:render"]);
});

test("once loaded, nothing more is asked for", async ({ page, open }) => {
  await open("#/workshop/1");
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.getByRole("button", { name: "Next step" }).click();
  await page.getByRole("switch", { name: "facade-policy" }).click();
  await page.getByRole("button", { name: "YAML of facade-policy" }).click();
  await page.getByRole("combobox", { name: "Scenario" }).selectOption("Workshop v2");
  await expect(page).toHaveURL(/workshop-v2/);
  // Browsers ask for the icon again when the address changes.
  expect(asked.filter((url) => !url.endsWith(".svg"))).toEqual([]);
});
