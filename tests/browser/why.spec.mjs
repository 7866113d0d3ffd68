// Why: what is selected is explained in sentences that name policies, rules and places; and the table says the same.

import { clickRibbon, star, workshop } from "./picture.mjs";
import { expect, test } from "./playground.mjs";

const { client, facade, backend, queue, payments } = workshop;

const why = (page) => page.getByRole("region", { name: "Why", exact: true });
const explanation = (page) => page.getByRole("complementary", { name: "Explanation" });
const table = (page) => page.getByRole("table", { name: "Connectivity" });

/** The cell of a call, or of what the observer sees, by names as the table has them. */
async function cell(page, from, to) {
  const columns = await table(page).getByRole("columnheader").allTextContents();
  const row = table(page).getByRole("row").filter({ has: page.getByRole("rowheader", { name: from, exact: true }) });
  return row.getByRole("cell").nth(columns.indexOf(to) - 1);
}

/** Calls, and what is said about them: the sentence that says it all, and the part of each policy that has one. */
const calls = [
  {
    at: "#/workshop-v2",
    call: [client, queue],
    says: "open: no NetworkPolicies are defined",
    parts: [],
  },
  {
    at: "#/workshop/8",
    call: [client, queue],
    says:
      "blocked at queue: its ingress is isolated by allow-ui-infrastructure, default-deny-infrastructure and " +
      "queue-access-policy, and no rule admits client",
    parts: [
      "default-deny-infrastructure does not admit: it defines no ingress rules",
      "queue-access-policy does not admit: rule 1 is for all pods of namespaces requires=queue",
    ],
  },
  {
    at: "#/workshop/8",
    call: [facade, queue],
    says: "open: nothing isolates facade's egress; queue admits it by queue-access-policy, rule 1",
    parts: ["queue-access-policy admits by rule 1"],
  },
  {
    at: "#/workshop/8",
    call: [payments, queue],
    says: "blocked at payments: its egress is isolated by default-deny-egress, and no rule admits queue on TCP 5000",
    parts: ["pci/default-deny-egress admits by rule 1", "infrastructure/queue-access-policy admits by rule 1"],
  },
  {
    at: "#/workshop/8",
    call: [payments, facade],
    says: /^blocked at both ends: payments' egress is isolated by .*; facade's ingress is isolated by .*/,
    parts: ["backend/facade-policy does not admit: rule 1 is for all pods of namespaces requires=backend"],
  },
  {
    at: "#/workshop-v2?on=40",
    call: [payments, queue],
    says: "not resolved: payments cannot resolve names: its egress admits no UDP 53 to kube-dns",
    parts: ["pci/payments-policy does not admit: rule 1 is for all pods of namespaces role=infrastructure"],
  },
];

for (const { at, call, says, parts } of calls) {
  const [from, to] = call.map((workload) => workload.split("/")[1]);
  test(`${from} → ${to} at ${at}, by its ribbon and by its cell`, async ({ page, open }) => {
    await open(at);
    const told = async () => {
      await expect(why(page).getByText(`${from} → ${to}, TCP`)).toBeVisible();
      await expect(why(page).getByText(says).first()).toBeVisible();
      for (const part of parts) await expect(why(page)).toContainText(part);
    };
    await expect(why(page)).toBeHidden();
    await clickRibbon(page, ...call);
    await told();
    await explanation(page).getByRole("button", { name: "Close" }).click();
    await expect(why(page)).toBeHidden();
    await page.getByRole("button", { name: "Matrix", exact: true }).click();
    await (await cell(page, from, to)).getByRole("button").click();
    await told();
  });
}

test("a star says what isolates it, what it calls and who calls it", async ({ page, open }) => {
  await open("#/workshop/9");
  await star(page, payments).click();
  await expect(why(page)).toContainText("pci/payments, Deployment");
  await expect(why(page)).toContainText("payments is isolated by default-deny-egress, payments-policy");
  await expect(why(page).getByRole("button", { name: "open payments → queue" })).toBeVisible();
  await expect(why(page).getByRole("button", { name: "blocked queue → payments" })).toBeVisible();
  await why(page).getByRole("button", { name: "open payments → queue" }).click();
  await expect(why(page)).toContainText("payments → queue, TCP 5000");
});

test("a place opens the file at its line, where the rule begins", async ({ page, open }) => {
  await open("#/workshop/8");
  await clickRibbon(page, facade, queue);
  await why(page).getByRole("button", { name: "queue-policy.yaml:14" }).click();
  const cited = page.getByRole("region", { name: /queue-policy\.yaml$/ }).locator("[data-number='14']");
  await expect(cited).toHaveText(/- from:/);
  await expect(cited).toBeInViewport();
});

test("the table is there for screen readers while its drawer is shut, and without a way to get lost in it", async ({
  page,
  open,
}) => {
  await open("#/workshop-v2?on=7f");
  await expect(table(page).getByRole("columnheader")).toHaveText([
    "from, to", "backend", "facade", "client", "queue", "payments",
  ]);
  await expect(table(page).getByRole("rowheader")).toHaveText([
    "backend", "facade", "client", "queue", "payments", "management-ui",
  ]);
  await expect(table(page).getByRole("button")).toHaveCount(0);
  await expect(await cell(page, "client", "facade")).toHaveText(/^open: .*facade admits it by facade-policy, rule 1$/);
  await expect(await cell(page, "client", "queue")).toHaveText(/^blocked at queue: .*no rule admits client$/);
  await expect(await cell(page, "management-ui", "client")).toHaveText(/^open: /);
});

for (const { at, from, to, begins } of [
  { at: "#/workshop-v2?on=40", from: "payments", to: "queue", begins: "not resolved: payments cannot resolve names" },
  { at: "#/workshop-v2?on=1", from: "management-ui", to: "queue", begins: "blocked at queue" },
  { at: "#/workshop-v1", from: "management-ui", to: "queue", begins: "unseen: not watched" },
  { at: "#/workshop-v2?on=20", from: "client", to: "queue", begins: "blocked at queue" },
  { at: "#/workshop-v2?on=20&view=observer", from: "client", to: "queue", begins: "unseen" },
  { at: "#/workshop-v2?on=20&view=observer", from: "queue", to: "client", begins: "unseen" },
  { at: "#/workshop-v2?on=20&view=observer", from: "client", to: "facade", begins: "open" },
]) {
  test(`the cell from ${from} to ${to} at ${at} begins with “${begins}”`, async ({ page, open }) => {
    await open(at);
    await expect(await cell(page, from, to)).toHaveText(new RegExp(`^${begins}`));
  });
}
