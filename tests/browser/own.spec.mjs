// Own manifests: the ways in, what is done with files, what is kept, and what is never done.

import { mkdtemp, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analysed, bring, deployment, documents, drop, policy, ribbons, said, shop, write } from "./manifests.mjs";
import { star } from "./picture.mjs";
import { expect, test } from "./playground.mjs";

const closed = { "shop/stock>shop/till": "open", "shop/till>shop/stock": "blocked" };
const open = { "shop/stock>shop/till": "open", "shop/till>shop/stock": "open" };

test("files that are opened are read, drawn, and each has a tab and a switch", async ({ page, open: go }) => {
  await go();
  await bring(page, shop);
  await expect.poll(() => ribbons(page)).toEqual(closed);
  await page.getByRole("switch", { name: "policy.yaml" }).click();
  await expect.poll(() => ribbons(page)).toEqual(open);
  await page.getByRole("tab", { name: "app.yaml" }).click();
  await expect(page.getByRole("textbox", { name: "Manifest" })).toContainText("name: till");
  // What the files are follows a moment later.
  expect(page.url()).toMatch(/#\/own(\?x=|$)/);
});

test("files that are dropped are read too, and a second drop adds to the first", async ({ page, open: go }) => {
  await go("#/workshop-v2");
  await drop(page, { "app.yaml": shop["app.yaml"] });
  await expect.poll(() => ribbons(page)).toEqual(open);
  await drop(page, { "policy.yaml": shop["policy.yaml"] });
  await expect.poll(() => ribbons(page)).toEqual(closed);
});

test("a folder gives its manifests and leaves the rest", async ({ page, open: go }) => {
  const folder = join(await mkdtemp(join(tmpdir(), "netpol-")), "deploy");
  await mkdir(join(folder, "base"), { recursive: true });
  await writeFile(join(folder, "base", "app.yaml"), shop["app.yaml"]);
  await writeFile(join(folder, "policy.yml"), shop["policy.yaml"]);
  await writeFile(join(folder, "notes.txt"), "nothing of ours");
  await go();
  await page.getByLabel("Open folder").setInputFiles(folder);
  await expect.poll(() => ribbons(page)).toEqual(closed);
  await expect(page.getByRole("tab")).toHaveText(["deploy/base/app.yaml", "deploy/policy.yml"]);
});

test("what is pasted outside of a field is a file", async ({ page, open: go }) => {
  await go();
  await page.evaluate((text) => {
    const transfer = new DataTransfer();
    transfer.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
  }, documents(shop["app.yaml"], shop["policy.yaml"]));
  await expect(page.getByRole("tab", { name: "pasted.yaml" })).toBeVisible();
  await expect.poll(() => ribbons(page)).toEqual(closed);
});

test("broken files are named with their place, and the others are drawn", async ({ page, open: go }) => {
  await go();
  await bring(page, { ...shop, "broken.yaml": "kind: [Pod\n", "values.yaml": "replicaCount: 2\n" });
  await expect.poll(() => ribbons(page)).toEqual(closed);
  const items = await said(page, "Diagnostics");
  expect(items.some((item) => /^broken\.yaml:\d+:\d+ error: /.test(item)), items.join("\n")).toBe(true);
  expect(items.some((item) => /^values\.yaml:1:1 warning: /.test(item)), items.join("\n")).toBe(true);
});

test("the picture follows what is typed, and a broken document keeps its last good state", async ({ page, open: go }) => {
  await go();
  await bring(page, shop);
  await page.getByRole("tab", { name: "policy.yaml" }).click();
  await write(page, policy("stock", "till"));
  await expect.poll(() => ribbons(page)).toEqual(open);
  await expect(page.getByText("refused as it stands")).toHaveCount(0);
  await write(page, policy("stock", "till").replace("podSelector:", "podSelector: ["));
  await expect(page.getByText("refused as it stands")).toBeVisible();
  await expect(page.locator(".remark")).toContainText("mistake");
  expect(await ribbons(page)).toEqual(open);
  await write(page, policy("stock"));
  await expect.poll(() => ribbons(page)).toEqual(closed);
  await expect(page.getByText("refused as it stands")).toHaveCount(0);
});

test("only the broken document of a file is set aside", async ({ page, open: go }) => {
  await go();
  const whole = documents(deployment("till"), deployment("stock"), policy("stock"));
  await bring(page, { "all.yaml": whole });
  await expect.poll(() => ribbons(page)).toEqual(closed);
  // The policy breaks while the application changes: the policy stays as it was, the application follows.
  const broken = documents(deployment("till"), deployment("stock"), deployment("door"), policy("stock") + "  ingress: [{fro: []}]\n");
  await write(page, broken);
  await expect(star(page, "shop/door")).toBeVisible();
  expect((await ribbons(page))["shop/till>shop/stock"]).toBe("blocked");
  await expect(page.getByText("refused as it stands")).toBeVisible();
});

test("a reload brings the files back as they were", async ({ page, open: go }) => {
  await go();
  await bring(page, shop);
  await page.getByRole("tab", { name: "policy.yaml" }).click();
  await write(page, policy("stock", "till"));
  await expect.poll(() => ribbons(page)).toEqual(open);
  await page.getByRole("switch", { name: "policy.yaml" }).click();
  await expect.poll(() => page.evaluate(() => localStorage.getItem("netpol.own"))).toMatch(/-policy\.yaml\n/);
  await page.reload();
  await expect(page.getByRole("switch", { name: "policy.yaml" })).toHaveAttribute("aria-checked", "false");
  await page.getByRole("switch", { name: "policy.yaml" }).click();
  await page.getByRole("tab", { name: "policy.yaml" }).click();
  await expect(page.getByRole("textbox", { name: "Manifest" })).toContainText("app: till");
});

test("a preset can be edited, and there is a way back to the start", async ({ page, open: go }) => {
  await go("#/workshop-v2?on=1");
  const before = await ribbons(page);
  await page.getByRole("button", { name: "Edit these manifests" }).click();
  await expect(page.getByRole("tab")).toHaveCount(15);
  expect(await ribbons(page)).toEqual(before);
  await expect(page.getByRole("switch", { name: /default-deny/ })).toHaveAttribute("aria-checked", "true");
  await expect(page.getByRole("radio", { name: "Management UI's view" })).toBeVisible();
  await analysed(page, () => write(page, ""));
  await expect.poll(() => ribbons(page)).not.toEqual(before);
  await page.getByRole("button", { name: "Start over" }).click();
  await expect(page.getByRole("switch", { name: /default-deny/ })).toHaveAttribute("aria-checked", "false");
  await page.getByRole("switch", { name: /default-deny/ }).click();
  await expect.poll(() => ribbons(page)).toEqual(before);
});

test("own manifests stay when a preset is looked at meanwhile", async ({ page, open: go }) => {
  await go();
  await bring(page, shop);
  const scenario = page.getByRole("combobox", { name: "Scenario" });
  await scenario.selectOption({ label: "Workshop v2" });
  await expect(page.getByRole("switch", { name: "default-deny" })).toBeVisible();
  await scenario.selectOption({ label: "Own manifests" });
  await expect.poll(() => ribbons(page)).toEqual(closed);
});

test("from nothing there is a new file, and a command that gets everything from a cluster", async ({ page, open: go }) => {
  await go("#/own");
  await expect(page.getByText("kubectl get networkpolicies")).toBeVisible();
  await page.getByRole("button", { name: "New file" }).click();
  await write(page, shop["app.yaml"]);
  await expect.poll(() => ribbons(page)).toEqual(open);
});

test("what a live cluster gives twice is drawn once", async ({ page, open: go }) => {
  const pod = (hash) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `till-5d8f-${hash}`,
      namespace: "shop",
      uid: `pod-${hash}`,
      labels: { app: "till", "pod-template-hash": "5d8f" },
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "till-5d8f", uid: "rs", controller: true }],
      managedFields: [{ manager: "kubelet" }],
    },
    spec: { containers: [{ name: "main", image: "x", ports: [{ containerPort: 8080 }] }] },
    status: { phase: "Running", podIP: "10.244.0.7" },
  });
  const list = { apiVersion: "v1", kind: "List", metadata: { resourceVersion: "" }, items: [pod("a"), pod("b")] };
  await go();
  await bring(page, { "cluster.json": JSON.stringify(list) });
  await expect(page.locator("[data-workload]")).toHaveCount(1);
  await expect(star(page, "shop/till")).toBeVisible();
});

test.describe("manifests at an address", () => {
  const address = "https://manifests.example.test/shop/all.yaml";
  const all = documents(shop["app.yaml"], shop["policy.yaml"]);

  test("nothing is fetched without consent", async ({ page, open: go }) => {
    await go(`#url=${address}`);
    const asks = page.getByRole("alertdialog");
    await expect(asks).toContainText("manifests.example.test");
    await expect(asks).toContainText(address);
    await asks.getByRole("button", { name: "Do not fetch" }).click();
    await expect(asks).toHaveCount(0);
    await page.waitForTimeout(300);
  });

  test.describe(() => {
    test.use({ provoked: [/a request to|CORS|ERR_FAILED/] });

    test("with consent it is fetched, and is a file like any other", async ({ page, open: go }) => {
      await page.route(address, (route) =>
        route.fulfill({ body: all, headers: { "access-control-allow-origin": "*" } }),
      );
      await go(`#url=${encodeURIComponent(address)}`);
      await page.getByRole("button", { name: "Fetch from manifests.example.test" }).click();
      await expect(page.getByRole("tab", { name: "all.yaml" })).toBeVisible();
      await expect.poll(() => ribbons(page)).toEqual(closed);
    });

    test("a host that refuses gets a message that says what to do", async ({ page, open: go }) => {
      await page.route(address, (route) => route.abort());
      await go(`#url=${address}`);
      await page.getByRole("button", { name: "Fetch from" }).click();
      await expect(page.getByRole("alert")).toContainText("download the file and open it here");
    });
  });

  for (const hostile of ["javascript:alert(1)", "file:///etc/passwd", "nonsense", "https://"]) {
    test(`${hostile} is not even asked about`, async ({ page, open: go }) => {
      await go(`#url=${hostile}`);
      await expect(page.getByRole("alert")).toContainText("https://");
      await expect(page.getByRole("alertdialog")).toHaveCount(0);
    });
  }

  test("the host that is shown is the one that would be asked", async ({ page, open: go }) => {
    await go("#url=https://trusted.example@evil.example.test/a.yaml");
    await expect(page.getByRole("alertdialog").getByRole("heading")).toHaveText(
      "Fetch manifests from evil.example.test?",
    );
    await expect(page.getByRole("alertdialog")).not.toContainText("trusted.example");
  });
});

test.describe("when the editor cannot be loaded", () => {
  test.use({ provoked: [/editor-.*\.js|ERR_FAILED/] });

  test("a text area takes its place", async ({ page, open: go }) => {
    await page.route(/editor-[0-9a-f]+\.js/, (route) => route.abort());
    await go();
    await bring(page, shop);
    await page.getByRole("tab", { name: "policy.yaml" }).click();
    await page.getByRole("textbox", { name: "Manifest" }).fill(policy("stock", "till"));
    await expect.poll(() => ribbons(page)).toEqual(open);
  });
});
