// Many workloads: drawn by namespace, then workload, then pods; found, muted, explained, and read in a table of which
// only a part is there. Long files: a part of them is in the editor.

import { bring, documents, drop, files, ribbons } from "./manifests.mjs";
import { star } from "./picture.mjs";
import { expect, test, violations } from "./playground.mjs";

/** A live pod of an owner. */
const pod = (owner, i, namespace) => `apiVersion: v1
kind: Pod
metadata:
  name: ${owner}-5d59-${i}
  namespace: ${namespace}
  labels: {app: ${owner}, pod-template-hash: 5d59, tier: ${owner === "app-3" ? "front" : "back"}}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: ${owner}-5d59, uid: r-${owner}, controller: true}]
spec:
  containers: [{name: main, ports: [{containerPort: 80}]}]
`;

/** So many owners of three pods each, in four namespaces. */
const owners = (count) =>
  Array.from({ length: count }, (_, owner) => owner).flatMap((owner) =>
    [0, 1, 2].map((i) => pod(`app-${owner}`, i, `ns-${owner % 4}`)),
  );

/** Closes a namespace to the others. */
const shut = (namespace) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: ${namespace}}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
`;

const cluster = { "cluster.yaml": documents(...owners(60)), "shut.yaml": shut("ns-1") };

const stars = (page) =>
  page.locator("[data-workload]").evaluateAll((all) => all.map(({ dataset }) => dataset.workload).sort());

const why = (page) => page.getByRole("region", { name: "Why" });

test.beforeEach(async ({ page, open }, { title }) => {
  if (title.includes("long file")) return;
  await open();
  await bring(page, cluster);
  await expect(star(page, "ns-0")).toBeVisible();
});

test("many workloads are one star a namespace, and a ribbon says how many pairs are open", async ({ page }) => {
  expect(await stars(page)).toEqual(["ns-0", "ns-1", "ns-2", "ns-3"]);
  const states = await ribbons(page);
  expect(Object.keys(states)).toHaveLength(16);
  expect([states["ns-0>ns-1"], states["ns-1>ns-0"], states["ns-1>ns-1"]]).toEqual(["blocked", "open", "open"]);
  await expect(star(page, "ns-0")).toHaveAccessibleName("Namespace ns-0, 15 workloads");
  await expect(page.getByText("60 workloads, 180 pods")).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("a switch of a file of policies opens and closes whole ribbons, and says so", async ({ page }) => {
  await page.getByRole("switch", { name: "shut.yaml" }).click();
  await expect.poll(async () => (await ribbons(page))["ns-0>ns-1"]).toBe("open");
  await expect(page.getByRole("status")).toContainText("shut.yaml off: 3 more open: ns-0 → ns-1, ns-2 → ns-1, ns-3 → ns-1");
  await page.getByRole("switch", { name: "shut.yaml" }).click();
  await expect.poll(async () => (await ribbons(page))["ns-0>ns-1"]).toBe("blocked");
});

test("a namespace unfolds into its workloads, a workload into its pods, and both fold again", async ({ page }) => {
  await star(page, "ns-1").click();
  await expect.poll(() => stars(page)).toHaveLength(18);
  await expect(why(page)).toContainText("Namespace ns-1");
  await star(page, "ns-1/app-1").click();
  await expect(why(page)).toContainText("app-1 is isolated by shut");
  await star(page, "ns-1/app-1").click();
  await expect(star(page, "ns-1/app-1#3")).toBeVisible();
  await expect.poll(() => stars(page)).toHaveLength(20);
  expect(new URL(page.url()).hash).toContain("unfolded=ns-1,ns-1/app-1");
  await star(page, "ns-1/app-1#2").click();
  await why(page).getByRole("button", { name: "Fold" }).click();
  await expect.poll(() => stars(page)).toHaveLength(18);
  await page.getByRole("button", { name: "Fold ns-1" }).click();
  await expect.poll(() => stars(page)).toHaveLength(4);
});

test("keys do what a click does", async ({ page }) => {
  await star(page, "ns-2").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => stars(page)).toHaveLength(18);
});

test("a ribbon of many pairs lists them, and each is explained as ever", async ({ page }) => {
  await star(page, "ns-0").click();
  await why(page).getByRole("button", { name: "Fold" }).click();
  await why(page).getByRole("button", { name: /ns-0 → ns-1/ }).click();
  await expect(why(page)).toContainText("blocked between all 225 pairs of workloads");
  await expect(why(page)).toContainText("And 175 more");
  await why(page).getByRole("button", { name: "ns-0/app-0 → ns-1/app-1", exact: false }).first().click();
  await expect(why(page)).toContainText("blocked at app-1: its ingress is isolated by shut, and no rule admits app-0");
});

test("a call among many is explained like any other", async ({ page }) => {
  await page.getByLabel("From", { exact: true }).first().fill("ns-0/app-0");
  await page.getByLabel("To", { exact: true }).first().fill("ns-1/app-1");
  await page.getByLabel("Port").fill("80/TCP");
  await page.getByRole("button", { name: "Explain" }).click();
  await expect(why(page)).toContainText("blocked at app-1");
});

test("workloads are found by name, label and namespace", async ({ page }) => {
  const find = page.getByRole("searchbox", { name: "Find workloads" });
  for (const [words, found] of [
    ["tier=front", "1 found"],
    ["ns:ns-2", "15 found"],
    ["ns:ns-2 tier=back app-1", "3 found"],
    ["APP-59", "1 found"],
  ]) {
    await find.fill(words);
    await expect(page.getByText(found), words).toBeVisible();
  }
  // Few are drawn one by one.
  await expect.poll(() => stars(page)).toEqual(["ns-3/app-59"]);
  await find.fill("nobody");
  await expect(page.getByText("No workload is found.")).toBeVisible();
  await find.fill("");
  await expect.poll(() => stars(page)).toHaveLength(4);
});

test("a star that is muted keeps its place and loses its ribbons", async ({ page }) => {
  await star(page, "ns-3").click();
  await why(page).getByRole("button", { name: "Fold" }).click();
  await why(page).getByRole("button", { name: "Mute" }).click();
  await expect.poll(async () => Object.keys(await ribbons(page)).filter((ends) => ends.includes("ns-3"))).toEqual([]);
  await expect(star(page, "ns-3")).toBeVisible();
  await page.getByRole("button", { name: "Unmute all" }).click();
  await expect.poll(async () => Object.keys(await ribbons(page))).toHaveLength(16);
});

test("the matrix holds what is in sight of all pairs, and is searched", async ({ page }) => {
  await page.getByRole("button", { name: "Matrix" }).click();
  const table = page.getByRole("table", { name: "Connectivity" });
  await expect(table).toHaveAttribute("aria-rowcount", "61");
  await expect(table.getByRole("row").nth(1)).toContainText("ns-0/app-0");
  expect(await table.getByRole("row").count()).toBeLessThan(40);
  const frame = page.getByRole("group", { name: "Matrix, scrollable" });
  await frame.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(table).toContainText("ns-3/app-7");
  await frame.evaluate((element) => element.scrollTo(0, 0));
  const matrix = page.getByRole("region", { name: "Matrix" });
  await matrix.getByLabel("From").fill("app=app-4");
  await matrix.getByLabel("To").fill("ns:ns-1");
  await expect(table).toHaveAttribute("aria-colcount", "16");
  await expect(table.getByRole("row")).toHaveCount(2);
  await table.getByRole("button", { name: /^blocked/ }).first().click();
  await expect(why(page)).toContainText("its ingress is isolated by shut");
  expect(await violations(page)).toEqual([]);
});

test("nothing moves when a workload is added to a namespace that is folded, nor when a policy is switched", async ({ page }) => {
  const places = () =>
    page.locator(".star .disc").evaluateAll((all) => all.map((disc) => ["cx", "cy", "r"].map((of) => disc.getAttribute(of))));
  const before = await places();
  await page.getByRole("switch", { name: "shut.yaml" }).click();
  await expect.poll(async () => (await ribbons(page))["ns-0>ns-1"]).toBe("open");
  expect(await places()).toEqual(before);
  await bring(page, { "more.yaml": pod("app-more", 0, "ns-2") });
  await expect(page.getByText("61 workloads, 181 pods")).toBeVisible();
  const after = await places();
  expect(after.map(([x, y]) => [x, y])).toEqual(before.map(([x, y]) => [x, y]));
});

test("an address tells what is unfolded, found and muted", async ({ page }) => {
  await page.evaluate(() => (location.hash = "#/own?unfolded=ns-2&find=tier%3Dback&muted=ns-0"));
  await expect.poll(() => stars(page)).toHaveLength(18);
  await expect(page.getByRole("searchbox", { name: "Find workloads" })).toHaveValue("tier=back");
  expect(Object.keys(await ribbons(page)).filter((ends) => ends.includes("ns-0"))).toEqual([]);
});

test("many files are listed as far as they are looked for", async ({ page }) => {
  const policies = Array.from({ length: 100 }, (_, i) => [`policy-${i}.yaml`, shut(`ns-${i % 4}`)]);
  await page.getByLabel("Open files").setInputFiles(files(Object.fromEntries(policies)));
  await expect(page.getByText("60 of 102 files")).toBeVisible();
  await page.getByPlaceholder("a part of the name").fill("policy-77");
  await expect(page.getByRole("switch", { name: "policy-77.yaml" })).toBeVisible();
  await expect(page.getByRole("switch", { name: "policy-78.yaml" })).toHaveCount(0);
});

/** As `kubectl get -o yaml` writes it: one document, of more than half a megabyte. */
const list = (pods) =>
  `apiVersion: v1\nitems:\n${pods.map((text) => `- ${text.trimEnd().replaceAll("\n", "\n  ")}\n`).join("")}kind: List\nmetadata:\n  resourceVersion: ""\n`;

test("a long file is read with a bar that tells how far, a part of it is edited, and only what is edited is other", async ({ page, open }) => {
  await open();
  const pods = owners(1200);
  await page.evaluate(() => {
    window.bars = 0;
    const seen = () => (window.bars += document.querySelectorAll("progress").length);
    new MutationObserver(seen).observe(document.body, { subtree: true, childList: true });
  });
  await bring(page, { "cluster.yaml": list(pods) });
  await expect(page.getByText("1200 workloads, 3600 pods")).toBeVisible();
  expect(await page.evaluate(() => bars)).toBeGreaterThan(0);
  await expect(page.getByRole("progressbar")).toHaveCount(0);
  await expect(page.getByText(/Lines 1 to 801 of \d+/)).toBeVisible();
  const editor = page.getByRole("textbox", { name: "Manifest" });
  await page.getByRole("button", { name: "Later" }).click();
  await expect(page.getByText(/Lines [2-9]\d\d to/)).toBeVisible();
  await page.getByRole("button", { name: "Earlier" }).click();
  // The first pod gets an owner of its own.
  await editor.click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.insertText("- apiVersion: v1\n  kind: Pod\n  metadata: {name: lonely, namespace: ns-9}\n");
  await expect(page.getByText("1201 workloads, 3601 pods")).toBeVisible();
  await star(page, "ns-9").click();
  await star(page, "ns-9/lonely").click();
  await expect(why(page)).toContainText("ns-9/lonely, Pod");
});

test("a long file that is being read gives way to the next change", async ({ page, open }) => {
  await open();
  await drop(page, { "cluster.yaml": list(owners(1500)) });
  await bring(page, { "cluster.yaml": documents(...owners(60)) });
  await expect(page.getByText("60 workloads, 180 pods")).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveCount(0);
});

test("a place in a long file is brought into the editor", async ({ page, open }) => {
  await open();
  await bring(page, { "cluster.yaml": documents(...owners(600), shut("ns-1")) });
  await star(page, "ns-1").click();
  await why(page).getByRole("button", { name: /cluster\.yaml:\d+/ }).click();
  await expect(page.getByRole("textbox", { name: "Manifest" })).toContainText("kind: NetworkPolicy");
});
