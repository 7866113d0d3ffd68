// To pass on what is chosen: links, project files, pictures and tables.

import { readFile } from "node:fs/promises";
import { bring, documents, policy, ribbons, shop, write } from "./manifests.mjs";
import { clickRibbon, expectPicture, picture, workshop } from "./picture.mjs";
import { expect, test } from "./playground.mjs";

const expectations = "expect:\n  - {from: shop/till, to: shop/stock, verdict: blocked}\n";

/** What the address says, once it holds the files. */
async function packed(page) {
  await expect.poll(() => new URL(page.url()).hash).toMatch(/[?&]x=/);
  // Until it is at rest: what was typed last is packed a moment later.
  let before;
  await expect
    .poll(async () => {
      const now = page.url();
      const isSame = now === before;
      before = now;
      return isSame;
    }, { intervals: [900] })
    .toBe(true);
  return page.url();
}

/** The same address in a browser that knows nothing of this one. */
async function fresh(browser, url, look) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await expect(page.locator(".shell")).toHaveCount(0);
  await look(page);
  await context.close();
}

/** What is saved when a button is clicked: its name and its text. */
async function saved(page, button) {
  await page.getByText("Take away").click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const file = await download;
  await page.getByText("Take away").click();
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

test("a preset with its switches, view and step is a short link", async ({ page, open }) => {
  await open("#/workshop/8");
  await page.getByRole("switch", { name: "default-deny" }).click();
  await page.getByRole("radio", { name: "Cluster view" }).check();
  await expect(page).toHaveURL(/#\/workshop\/8\?on=3e&view=cluster$/);
  expect(new URL(page.url()).hash.length).toBeLessThanOrEqual(80);
});

test("the link is copied, and is the page's address", async ({ page, open, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open("#/workshop-v2");
  await page.getByRole("switch", { name: "queue-policy" }).click();
  await clickRibbon(page, workshop.client, workshop.queue);
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("alert")).toContainText("The link is copied");
  await expect(page).toHaveURL(/why=/);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});

test("a link to own files restores them in a fresh browser", async ({ page, open, browser }) => {
  await open();
  await bring(page, { ...shop, "off.yaml": policy("till") });
  await page.getByRole("switch", { name: "off.yaml" }).click();
  await page.getByRole("tab", { name: "policy.yaml" }).click();
  await write(page, `# ä ✦ edited\n${policy("stock")}`);
  await page.getByRole("button", { name: /^Expectations/ }).click();
  await page.getByRole("textbox", { name: "Expectations" }).fill(expectations);
  await clickRibbon(page, "shop/till", "shop/stock");
  const drawn = await ribbons(page);
  const url = await packed(page);
  await fresh(browser, url, async (other) => {
    await expect(other.getByRole("tab")).toHaveText(["app.yaml", "off.yaml", "policy.yaml"]);
    await expect.poll(() => ribbons(other)).toEqual(drawn);
    await expect(other.getByRole("switch", { name: "off.yaml" })).toHaveAttribute("aria-checked", "false");
    await expect(other.getByRole("tab", { name: "policy.yaml" })).toHaveAttribute("aria-selected", "true");
    await expect(other.getByRole("textbox", { name: "Manifest" })).toContainText("# ä ✦ edited");
    await expect(other.getByRole("textbox", { name: "Expectations" })).toHaveValue(expectations);
    await expect(other.getByRole("button", { name: /^Expectations/ })).toContainText("1 of 1 met");
    await expect(other.getByRole("region", { name: "Why", exact: true })).toHaveText(/^blocked at stock/);
    expect(await packed(other)).toBe(url);
  });
});

test("a preset that was edited is a short link too", async ({ page, open, browser }) => {
  await open("#/workshop-v2?on=7f");
  await page.getByRole("button", { name: "Edit these manifests" }).click();
  await page.getByRole("switch", { name: /queue-policy/ }).click();
  const url = await packed(page);
  expect(new URL(url).hash.length).toBeLessThanOrEqual(200);
  const drawn = (await picture(page)).ribbons;
  await fresh(browser, url, (other) => expectPicture(other, { ribbons: drawn }));
});

test("files that lie on the desk are kept when a link brings others", async ({ page, open, browser, baseURL }) => {
  let url;
  const context = await browser.newContext({ baseURL });
  const author = await context.newPage();
  await author.goto("./");
  await bring(author, { "theirs.yaml": shop["app.yaml"] });
  url = await packed(author);
  await context.close();
  await open();
  await bring(page, { "mine.yaml": shop["app.yaml"] });
  await expect.poll(() => page.evaluate(() => localStorage.getItem("netpol.own"))).toMatch(/mine\.yaml/);
  await page.goto("about:blank");
  await page.goto(`./${new URL(url).hash}`);
  await expect(page.getByRole("tab")).toHaveText(["theirs.yaml"]);
  await page.getByRole("button", { name: "Bring them back" }).click();
  await expect(page.getByRole("tab")).toHaveText(["mine.yaml"]);
});

test("a long link says so, and a file is offered", async ({ page, open }) => {
  await open();
  const noise = Array.from({ length: 400 }, (_, i) => `# ${((i * 2654435761) >>> 0).toString(36)}`).join("\n");
  await bring(page, { "long.yaml": `${noise}\n${shop["app.yaml"]}` });
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("alert")).toContainText(/chat tools break links of more than 2000: a project file/);
});

for (const [name, hash, says] of [
  ["bad base64", "#/own?x=1%%%", "link"],
  ["an unknown version", "#/own?x=9eP", "version"],
  ["markup", "#/own?x=<script>alert(1)</script>", "link"],
  ["a megabyte", `#/own?x=1${"A".repeat(1 << 20)}`, "link"],
  ["a cut link", "#/own?x=1eP", "link"],
]) {
  test(`a hostile link, ${name}, gets a message`, async ({ page, open }) => {
    await open(hash);
    await expect(page.getByRole("alert")).toContainText(says);
    await page.getByRole("combobox", { name: "Scenario" }).selectOption({ label: "Workshop v2" });
    await expect(page.locator("[data-from]")).toHaveCount(20);
  });
}

test("Back leads to where one was, files and all", async ({ page, open }) => {
  await open("#/workshop-v2?on=7f");
  const before = await picture(page);
  await bring(page, shop);
  await packed(page);
  await page.goBack();
  await expectPicture(page, before);
  await page.goForward();
  await expect.poll(() => ribbons(page)).toEqual({ "shop/stock>shop/till": "open", "shop/till>shop/stock": "blocked" });
});

test("typing does not flood the history", async ({ page, open }) => {
  await open();
  await bring(page, shop);
  await packed(page);
  const length = await page.evaluate(() => history.length);
  await page.getByRole("textbox", { name: "Manifest" }).click();
  await page.keyboard.type("# a comment that takes a while to type", { delay: 20 });
  await packed(page);
  expect(await page.evaluate(() => history.length)).toBe(length);
});

test("a project file opens again", async ({ page, open, browser, baseURL }) => {
  await open();
  await bring(page, { ...shop, "off.yaml": policy("till") });
  await page.getByRole("switch", { name: "off.yaml" }).click();
  const { name, bytes } = await saved(page, "Project file");
  expect(name).toMatch(/\.netpol\.json$/);
  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await other.goto("./");
  await other.getByLabel("Open files").setInputFiles({ name, mimeType: "application/json", buffer: bytes });
  await expect(other.getByRole("tab")).toHaveText(["app.yaml", "off.yaml", "policy.yaml"]);
  await expect(other.getByRole("switch", { name: "off.yaml" })).toHaveAttribute("aria-checked", "false");
  await context.close();
});

test("a project file of a preset opens again", async ({ page, open }) => {
  await open("#/workshop/8");
  const before = await picture(page);
  const { name, bytes } = await saved(page, "Project file");
  await page.getByRole("combobox", { name: "Scenario" }).selectOption({ label: "Workshop v1" });
  await page.getByLabel("Open files").setInputFiles({ name, mimeType: "application/json", buffer: bytes });
  await expectPicture(page, before);
  await expect(page).toHaveURL(/#\/workshop\/8$/);
});

test("policies that are on are saved as YAML", async ({ page, open }) => {
  await open("#/workshop-v2?on=9");
  const { name, bytes } = await saved(page, "Policies that are on (YAML)");
  expect(name).toBe("policies.yaml");
  const names = [...bytes.toString().matchAll(/^  name: (.*)$/gm)].map(([, policy]) => policy);
  expect(names.sort()).toEqual([
    "default-deny-backend", "default-deny-frontend", "default-deny-infrastructure", "default-deny-pci", "facade-policy",
  ]);
});

test("the picture is saved as a drawing that stands by itself, and as a bitmap of twice its size", async ({ page, open }) => {
  await open("#/workshop-v2?on=7f");
  const { width, height } = await page.locator(".sky > svg").boundingBox();
  const svg = (await saved(page, "Picture as SVG")).bytes.toString();
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg).not.toMatch(/class=|var\(--/);
  for (const name of ["client", "facade", "queue", "payments", "backend"]) expect(svg).toContain(`>${name}<`);
  const png = (await saved(page, "Picture as PNG")).bytes;
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * Math.round(width), 2 * Math.round(height)]);
});

test("the matrix is saved as Markdown and as CSV", async ({ page, open }) => {
  await open("#/workshop-v2?on=7f");
  const lines = (await saved(page, "Matrix as Markdown")).bytes.toString().trim().split("\n");
  expect(lines).toHaveLength(8);
  expect(lines[0]).toBe("| from, to | backend | facade | client | queue | payments |");
  expect(lines[4]).toBe("| client | blocked | open | – | blocked | blocked |");
  const csv = (await saved(page, "Matrix as CSV")).bytes.toString().split("\r\n");
  expect(csv[3]).toBe('"client","blocked","open","–","blocked","blocked"');
});

test("a state is copied as Markdown, with its link and what the picture shows", async ({ page, open, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open("#/workshop-v2?on=7f");
  await page.getByText("Take away").click();
  await page.getByRole("button", { name: "Copy as Markdown" }).click();
  await expect(page.getByRole("alert")).toContainText("Copied as Markdown");
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain(`[Workshop v2](${page.url()})`);
  expect(text).toContain("5 of 20 calls get through");
  expect(text).toContain("frontend/client → backend/facade");
  expect(text).toContain(documents("| from, to |").trim());
});
