// What is said of own manifests: findings and their fixes, what the cursor means, labels edited in place; and how
// fast it is said.

import { analysed, bring, deployment, documents, policy, ribbons, said, shop, write } from "./manifests.mjs";
import { star } from "./picture.mjs";
import { expect, test, violations } from "./playground.mjs";

/** Whether a star is lit: its halo is drawn, dashed as nothing else draws it. */
const expectLit = (page, workload, isLit) =>
  expect(star(page, workload).locator(".halo")).toHaveCSS("stroke-dasharray", isLit ? "6px, 4px" : "none");

const misspelt = policy("stock", "tlil");

test("a finding has its place, why it matters, and a fix that mends it", async ({ page, open }) => {
  await open();
  await bring(page, { "app.yaml": shop["app.yaml"].replaceAll("till", "cashier"), "policy.yaml": policy("stock", "cahsier") });
  const findings = page.getByRole("list", { name: "Findings" }).getByRole("listitem");
  await expect(findings).toHaveCount(1);
  await expect(findings.first()).toContainText(/^policy\.yaml:14:11 warning: no pod matches/);
  await findings.first().getByText("peer-matches-nothing", { exact: true }).click();
  await expect(findings.first()).toContainText("admits nobody through this peer");
  await expect(findings.first()).toContainText("netpol-playground/ignore: peer-matches-nothing");
  await page.getByRole("button", { name: /^Fix: write/ }).click();
  await expect(findings).toHaveCount(0);
  await expect.poll(async () => (await ribbons(page))["shop/cashier>shop/stock"]).toBe("open");
  await expect(page.getByRole("textbox", { name: "Manifest" })).toContainText("app: cashier");
  // A fix is an edit like any other.
  await page.getByRole("textbox", { name: "Manifest" }).click();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(findings).toHaveCount(1);
});

test("a finding leads to its line", async ({ page, open }) => {
  await open();
  await bring(page, { ...shop, "policy.yaml": misspelt.replace("tlil", "nobody") });
  await page.getByRole("tab", { name: "app.yaml" }).click();
  await page.getByRole("button", { name: /^policy\.yaml:\d+:\d+$/ }).click();
  await expect(page.getByRole("tab", { name: "policy.yaml" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("textbox", { name: "Manifest" })).toBeFocused();
});

test("a selector under the cursor lights its stars", async ({ page, open }) => {
  await open();
  await bring(page, { ...shop, "policy.yaml": policy("stock", "till") });
  await page.getByRole("tab", { name: "policy.yaml" }).click();
  const editor = page.getByRole("textbox", { name: "Manifest" });
  await editor.getByText("stock", { exact: true }).click();
  await expect(page.getByText("shop/stock-policy selects 1 workload: shop/stock")).toBeVisible();
  await expectLit(page, "shop/stock", true);
  await expectLit(page, "shop/till", false);
  await editor.getByText("till", { exact: true }).click();
  await expectLit(page, "shop/till", true);
  await expectLit(page, "shop/stock", false);
});

test("a star tells which policies select it, and its labels can be changed there", async ({ page, open }) => {
  await open();
  await bring(page, shop);
  await expect.poll(async () => (await ribbons(page))["shop/till>shop/stock"]).toBe("blocked");
  await star(page, "shop/stock").click();
  await expect(page.getByText("Selected by stock-policy.")).toBeVisible();
  const labels = page.getByRole("textbox", { name: "Labels", exact: true });
  await expect(labels).toHaveValue("app=stock");
  await labels.fill("app=stockroom");
  await labels.press("Enter");
  await expect.poll(async () => (await ribbons(page))["shop/till>shop/stock"]).toBe("open");
  await expect(page.getByText("No policy selects it.")).toBeVisible();
  await labels.fill("app=-");
  await labels.press("Enter");
  await expect(page.getByRole("alert")).toContainText("cannot be the value of a label");
  const namespace = page.getByRole("textbox", { name: "Namespace labels" });
  await namespace.fill("team=red");
  await namespace.press("Enter");
  await page.getByRole("tab", { name: "app.yaml" }).click();
  await expect(page.getByRole("textbox", { name: "Manifest" })).toContainText("app: stockroom");
  await page.getByRole("textbox", { name: "Manifest" }).press("ControlOrMeta+End");
  await expect(page.getByRole("textbox", { name: "Manifest" })).toContainText("labels: {team: red}");
});

test("the editor keeps its size and its caret in sight, and the page stays put", async ({ page, open }) => {
  await open();
  await bring(page, { ...shop, "policy.yaml": policy("stock", "till") });
  await page.getByRole("tab", { name: "app.yaml" }).click();
  const editor = page.locator("manifest-editor");
  const size = await editor.boundingBox();
  await page.getByRole("textbox", { name: "Manifest" }).press("ControlOrMeta+End");
  await analysed(page, () => page.keyboard.type("kind: [\n\n\n"));
  await expect(page.getByRole("list", { name: "Diagnostics" }).getByRole("listitem")).not.toHaveCount(0);
  expect(await editor.boundingBox()).toEqual(size);
  const caret = await page.locator(".cm-cursor-primary").boundingBox();
  expect(caret.y).toBeGreaterThan(size.y);
  expect(caret.y + caret.height).toBeLessThan(size.y + size.height);
  expect(await page.evaluate(() => [scrollY, document.documentElement.scrollHeight - innerHeight])).toEqual([0, 0]);
});

test("completion offers fields, and the labels that exist", async ({ page, open }) => {
  await open();
  await bring(page, { ...shop, "policy.yaml": `${policy("stock")}  ingress:\n    - from:\n        - podSelector:\n            matchLabels:\n              app: ` });
  await page.getByRole("tab", { name: "policy.yaml" }).click();
  await page.getByRole("textbox", { name: "Manifest" }).click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.press("Control+Space");
  const options = page.getByRole("option");
  await expect(options.filter({ hasText: "till" })).toBeVisible();
  await expect(options.filter({ hasText: "stock" })).toBeVisible();
});

for (const colorScheme of ["dark", "light"]) {
  test(`axe finds nothing wrong with own manifests, ${colorScheme}`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await open();
    await bring(page, { ...shop, "policy.yaml": misspelt, "broken.yaml": "kind: [" });
    await star(page, "shop/stock").click();
    await expect(page.getByRole("textbox", { name: "Manifest" })).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test("what is typed into a long file is answered", async ({ page, open }) => {
  await open();
  const names = Array.from({ length: 20 }, (_, i) => `app-${i}`);
  const policies = Array.from({ length: 100 }, (_, i) => policy(names[i % 20], names[(i + 7) % 20]).replace("-policy", `-policy-${i}`));
  const text = documents(...names.map((name) => deployment(name)), ...policies);
  expect(text.split("\n").length).toBeGreaterThan(2000);
  await bring(page, { "long.yaml": text });
  await expect(star(page, "shop/app-19")).toBeVisible();
  const editor = page.getByRole("textbox", { name: "Manifest" });
  await editor.press("ControlOrMeta+Home");
  await analysed(page, () => page.keyboard.type("x"));
  await expect.poll(async () => (await said(page, "Diagnostics")).some((item) => item.includes("error"))).toBe(true);
  await analysed(page, () => page.keyboard.press("Backspace"));
  await expect.poll(async () => (await said(page, "Diagnostics")).some((item) => item.includes("error"))).toBe(false);
});
