// Manifests for the tests of own manifests, and what the tests do with them.

import { expect } from "./playground.mjs";

/** A Deployment of one pod, which listens on a port. */
export const deployment = (name, { namespace = "shop", port = 8080, labels = `app: ${name}` } = {}) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        ${labels}
    spec:
      containers:
        - name: main
          image: example.test/${name}
          ports:
            - name: http
              containerPort: ${port}
`;

/** A policy that isolates `name`'s ingress and admits the pods of this app, or nobody. */
export const policy = (name, from) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}-policy
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: ${name}
  policyTypes:
    - Ingress
${from ? `  ingress:\n    - from:\n        - podSelector:\n            matchLabels:\n              app: ${from}\n` : ""}`;

export const documents = (...texts) => texts.join("---\n");

/** Two deployments and a policy that closes one of them. */
export const shop = {
  "app.yaml": documents(deployment("till"), deployment("stock", { port: 5432 })),
  "policy.yaml": policy("stock"),
};

/** Files as an input takes them. */
export const files = (texts) =>
  Object.entries(texts).map(([name, text]) => ({ name, mimeType: "application/yaml", buffer: Buffer.from(text) }));

/** How often something has been analysed. */
export const analyses = async (page) => Number(await page.getByRole("main").getAttribute("data-analysis"));

/** Does something, and waits until it has been analysed. */
export async function analysed(page, act) {
  const before = await analyses(page);
  await act();
  await expect.poll(() => analyses(page)).toBeGreaterThan(before);
}

/** Opens files, and waits until each is read. */
export async function bring(page, texts) {
  await page.getByLabel("Open files").setInputFiles(files(texts));
  for (const path of Object.keys(texts)) await expect(page.getByRole("tab", { name: path, exact: true })).toBeVisible();
  await expect(page.getByRole("list", { name: "Diagnostics" })).toBeAttached();
}

/** Drops files anywhere on the page. */
export async function drop(page, texts) {
  await page.evaluate((texts) => {
    const transfer = new DataTransfer();
    for (const [name, text] of Object.entries(texts)) transfer.items.add(new File([text], name));
    const event = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.querySelector("main").dispatchEvent(event);
  }, texts);
}

/** The states of the ribbons: "from>to" to open, partly or blocked. */
export const ribbons = (page) =>
  page
    .locator("[data-from]")
    .evaluateAll((all) =>
      Object.fromEntries(all.map(({ dataset: { from, to, state } }) => [`${from}>${to}`, state])),
    );

/** What a list says, an item a line. */
export const said = (page, list) => page.getByRole("list", { name: list }).getByRole("listitem").allInnerTexts();

/** Replaces the text of the file in the editor, as somebody who types it would. */
export async function write(page, text) {
  const editor = page.getByRole("textbox", { name: "Manifest" });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}
