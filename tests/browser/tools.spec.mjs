// The tools: any call explained, what would change it, what is exposed, compared and expected.

import { bring, documents, policy, ribbons, shop } from "./manifests.mjs";
import { star, workshop } from "./picture.mjs";
import { expect, test, violations } from "./playground.mjs";

const why = (page) => page.getByRole("region", { name: "Why", exact: true });
const drawer = (page, name) => page.getByRole("button", { name: new RegExp(`^${name}`) });
const turn = (page, name) => page.getByRole("switch", { name, exact: true }).click();

/** Fills in the form and has the call explained. */
async function ask(page, from, to, port) {
  await page.getByRole("combobox", { name: "From", exact: true }).fill(from);
  await page.getByRole("combobox", { name: "To", exact: true }).fill(to);
  await page.getByRole("textbox", { name: "Port" }).fill(port);
  await page.getByRole("button", { name: "Explain" }).click();
}

for (const [from, to, port, begins, more] of [
  ["frontend/client", "queue.infrastructure", "5000/TCP", "blocked at queue: its ingress is isolated by", "Lookup"],
  ["frontend/client", "infrastructure/queue", "5000", "blocked at queue", "Egress of client"],
  ["pci/payments", "queue.infrastructure", "5000/TCP", "open: ", "Service queue.infrastructure"],
  ["pci/payments", "internet", "53/UDP", "open: ", "stands for the internet"],
  ["pci/payments", "198.51.100.7", "443/TCP", "blocked at payments", "Ingress of 198.51.100.7"],
  ["internet", "backend/facade", "80/TCP", "blocked at facade", "stands for the internet"],
  ["frontend/client", "nothing.infrastructure", "80", "no such service", "Service nothing.infrastructure"],
]) {
  test(`asked about ${from} to ${to} on ${port}, it says “${begins}”`, async ({ page, open }) => {
    await open("#/workshop-v2?on=7f");
    await ask(page, from, to, port);
    await expect(why(page)).toHaveText(new RegExp(`^${begins}`));
    await expect(why(page)).toContainText(more);
    await expect(why(page)).not.toContainText("denies");
    await page.reload();
    await expect(why(page)).toHaveText(new RegExp(`^${begins}`));
  });
}

for (const [from, to, port, says] of [
  ["frontend/cleint", "backend/facade", "80", "no workload of the input is called `frontend/cleint`"],
  ["frontend/client", "backend/facade", "99999", "the port must be a number from 1 to 65535"],
  ["internet", "198.51.100.7", "80", "both outside the cluster"],
  ["<img src=x onerror=alert(1)>", "backend/facade", "80", "no workload of the input is called"],
]) {
  test(`asked about ${from} to ${to} on ${port}, it says what is wrong`, async ({ page, open }) => {
    await open("#/workshop-v2");
    await ask(page, from, to, port);
    await expect(why(page)).toContainText(says);
  });
}

test("each policy has its part in a call, and leads to its line", async ({ page, open }) => {
  await open("#/workshop-v2?on=7f");
  await ask(page, "frontend/client", "queue.infrastructure", "5000/TCP");
  await expect(why(page)).toContainText("does not apply: it governs ingress only");
  await expect(why(page)).toContainText("namespace label `requires` is `backend`, not `queue`");
  await why(page).getByRole("button", { name: /^queue-policy\.yaml:\d+$/ }).first().click();
  await expect(page.getByRole("region", { name: /queue-policy\.yaml$/ })).toBeVisible();
});

test("what would open a call is found, and tried", async ({ page, open }) => {
  await open("#/workshop-v2?on=7f");
  await ask(page, "frontend/client", "queue.infrastructure", "5000/TCP");
  await page.getByRole("button", { name: "What would change it?" }).click();
  const suggestions = page.getByRole("region", { name: "What would change it" });
  await suggestions.getByRole("button", { name: "Try it" }).first().click();
  await expect(why(page)).toHaveText(/^open: /);
  await expect.poll(async () => (await ribbons(page))[`${workshop.client}>${workshop.queue}`]).toBe("open");
  // What was tried is an edit of own manifests like any other.
  await expect(page.getByRole("tab").first()).toBeVisible();
});

test("what would close a call is found, with what else it closes, and tried", async ({ page, open }) => {
  await open("#/workshop-v2?on=7f");
  await ask(page, "frontend/client", "facade.backend", "80/TCP");
  await expect(why(page)).toHaveText(/^open: /);
  await page.getByRole("button", { name: "What would change it?" }).click();
  const suggestions = page.getByRole("region", { name: "What would change it" });
  await expect(suggestions).toContainText(/Closes besides/);
  await suggestions.getByRole("button", { name: "Try it" }).first().click();
  await expect(why(page)).toHaveText(/^blocked/);
});

test("exposure tells what is open to those that are not there yet, in table and picture", async ({ page, open }) => {
  await open("#/workshop-v2?on=7f");
  await turn(page, "Exposure");
  const table = page.getByRole("table", { name: "Connectivity" });
  const row = (name) => table.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
  await expect(row("the internet").getByRole("cell")).toHaveText([/^blocked/, /^blocked/, /^blocked/, /^blocked/, /^blocked/]);
  // facade admits namespaces that require the backend, and every pod of them, on its port.
  await expect(row("any new pod of frontend").getByRole("cell").nth(1)).toHaveText(/^partly: any new pod of frontend reaches facade on TCP 80/);
  await expect(star(page, workshop.facade)).toContainText("3 of 7 new");
  await turn(page, "Exposure");
  await expect(row("the internet")).toHaveCount(0);
});

test("two states are compared, in picture and list", async ({ page, open }) => {
  await open("#/workshop-v2?on=3");
  await drawer(page, "Compare").click();
  await page.getByRole("button", { name: "Compare with this state" }).click();
  await turn(page, "facade-policy");
  const differences = page.getByRole("table", { name: "Differences" });
  await expect(differences.getByRole("row")).toHaveCount(2);
  await expect(differences.getByRole("row").nth(1)).toHaveText(/opened\s*frontend\/client\[Deployment\]\s*backend\/facade\[Deployment\]\s*TCP 80/);
  const halo = page.locator('[data-from="frontend/client"][data-to="backend/facade"] .hit');
  await expect(halo).not.toHaveCSS("stroke", "rgba(0, 0, 0, 0)");
  await page.getByRole("button", { name: "Stop comparing" }).click();
  await expect(halo).toHaveCSS("stroke", "rgba(0, 0, 0, 0)");
});

test("what is shown is compared with other files", async ({ page, open }) => {
  await open();
  await bring(page, shop);
  await drawer(page, "Compare").click();
  const buffer = Buffer.from(documents(shop["app.yaml"], policy("stock", "till")));
  await page.getByLabel("Compare with files").setInputFiles({ name: "before.yaml", mimeType: "application/yaml", buffer });
  await expect(page.getByText("Compared with before.yaml: 1 closed")).toBeVisible();
});

test("expectations are green or red at once", async ({ page, open }) => {
  await open("#/workshop-v2?on=3");
  await drawer(page, "Expectations").click();
  const text = "expect:\n  - {from: frontend/client, to: facade.backend, port: 80/TCP, verdict: open}\n";
  await page.getByRole("textbox", { name: "Expectations" }).fill(text);
  await expect(drawer(page, "Expectations")).toContainText("0 of 1 met");
  await turn(page, "facade-policy");
  await expect(drawer(page, "Expectations")).toContainText("1 of 1 met");
  await expect(page.getByRole("list", { name: "Checked" }).getByRole("listitem")).toHaveText([/^met, line 2: frontend\/client -> facade\.backend/]);
  await page.getByRole("textbox", { name: "Expectations" }).fill(text.replace("open", "opne"));
  await expect(page.getByRole("list", { name: "Checked" })).toContainText("refused, line 2");
});

test("any state can be turned into expectations", async ({ page, open }) => {
  await open("#/workshop-v2?on=7f");
  await drawer(page, "Expectations").click();
  await page.getByRole("button", { name: "Expect what is so now" }).click();
  await expect(drawer(page, "Expectations")).toContainText(/(\d+) of \1 met/);
  await turn(page, "queue-policy");
  await expect(page.getByRole("list", { name: "Checked" }).getByRole("listitem").first()).toHaveText(/^missed/);
});

for (const colorScheme of ["dark", "light"]) {
  for (const name of ["Compare", "Expectations"]) {
    test(`axe finds nothing wrong with the tools, ${name}, ${colorScheme}`, async ({ page, open }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await open("#/workshop-v2?on=7f");
      await ask(page, "frontend/client", "queue.infrastructure", "5000/TCP");
      await page.getByRole("button", { name: "What would change it?" }).click();
      await turn(page, "Exposure");
      await drawer(page, name).click();
      const act = { Compare: "Compare with this state", Expectations: "Expect what is so now" }[name];
      await page.getByRole("button", { name: act }).click();
      await turn(page, "queue-policy");
      await page.waitForTimeout(500);
      expect(await violations(page)).toEqual([]);
    });
  }
}
