// The switches: what each combination opens and closes, what the page says about it, and that nothing else moves.

import { call, expectPicture, picture, ribbon, star, workshop } from "./picture.mjs";
import { expect, test } from "./playground.mjs";

const { client, facade, backend, queue, payments } = workshop;
const services = Object.values(workshop);
const first = ["default-deny", "allow-management-ui", "backend-policy", "facade-policy"];
const policies = [...first, "pci-policy", "queue-policy", "payments-policy"];

const toggle = (page, name) => page.getByRole("switch", { name, exact: true });
const change = (page) => page.getByRole("status");

for (const [slug, title, names, watched] of [
  ["workshop-v1", "Workshop v1", first, [client, facade, backend]],
  ["workshop-v2", "Workshop v2", policies, services],
]) {
  test(`${title} opens with everything off and every call open`, async ({ page, open }) => {
    await open(`#/${slug}`);
    await expect(page.getByRole("combobox", { name: "Scenario" }).locator(":checked")).toHaveText(title);
    const switches = page.getByRole("region", { name: "Policies" }).getByRole("switch");
    await expect(switches).toHaveText(names);
    for (const name of names) await expect(toggle(page, name)).not.toBeChecked();
    await expect(page.getByRole("radio", { name: "Cluster view" })).toBeChecked();
    await expectPicture(page, { watched: [...watched].sort(), seen: [...watched].sort() });
    expect((await picture(page)).open).toHaveLength(20);
  });
}

test("the scenario is chosen by its name", async ({ page, open }) => {
  await open("#/workshop-v1");
  await page.getByRole("combobox", { name: "Scenario" }).selectOption("Workshop v2");
  await expect(page).toHaveURL(/#\/workshop-v2$/);
  await expectPicture(page, { watched: [...services].sort() });
});

test("each policy shows its YAML on demand", async ({ page, open }) => {
  await open("#/workshop-v2");
  for (const name of policies) {
    const yaml = page.getByRole("button", { name: `YAML of ${name}` });
    await yaml.click();
    const file = page.getByRole("region", { name: new RegExp(`${name}\\.yaml$`) });
    await expect(file).toContainText("kind: NetworkPolicy");
    await expect(yaml).toHaveAttribute("aria-expanded", "true");
    await file.getByRole("button", { name: "Close" }).click();
    await expect(file).toHaveCount(0);
  }
});

/** What some combinations come to: how many calls are open, who is not seen, and what becomes of some calls. */
const combinations = [
  { on: "1", open: 0, unseen: services, calls: [[client, queue, "blocked: ingress"]] },
  { on: "2", open: 0, unseen: [], calls: [[client, facade, "blocked: ingress"]] },
  { on: "10", open: 16, unseen: [], calls: [[payments, queue, "blocked: egress"], [queue, payments, "open"]] },
  { on: "11", open: 0, unseen: services, calls: [[payments, queue, "blocked: both"]] },
  { on: "20", open: 19, unseen: [queue], calls: [[client, queue, "blocked: ingress"]] },
  { on: "40", open: 16, unseen: [], calls: [[payments, queue, "blocked: dns"]] },
  { on: "50", open: 17, unseen: [], calls: [[payments, queue, "open"], [payments, client, "blocked: egress"]] },
  { on: "7f", open: 5, unseen: [], calls: [[payments, queue, "open"], [queue, payments, "blocked: ingress"]] },
];

for (const { on, open: count, unseen, calls } of combinations) {
  test(`the switches ${on}, by the address`, async ({ page, open }) => {
    await open(`#/workshop-v2?on=${on}`);
    for (const [bit, name] of policies.entries()) {
      const checked = Boolean((parseInt(on, 16) >> bit) & 1);
      await expect(toggle(page, name)).toBeChecked({ checked });
    }
    await expectPicture(page, {
      seen: services.filter((name) => !unseen.includes(name)).sort(),
      ribbons: Object.fromEntries(calls.map(([from, to, state]) => [call(from, to), state])),
    });
    expect((await picture(page)).open).toHaveLength(count);
  });
}

test("the order of the switches does not matter", async ({ page, open }) => {
  await open("#/workshop-v2?on=7f");
  await expect(page.locator("[data-from]")).toHaveCount(20);
  const expected = await picture(page);
  for (const order of [[6, 5, 4, 3, 2, 1, 0], [2, 6, 0, 4, 1, 5, 3]]) {
    await page.getByRole("button", { name: "Reset" }).click();
    await expect(page).toHaveURL(/#\/workshop-v2$/);
    for (const i of order) await toggle(page, policies[i]).click();
    await expect(page).toHaveURL(/#\/workshop-v2\?on=7f$/);
    await expectPicture(page, expected);
  }
});

/** Watches the ribbons from now on, for whether they are still the same elements, and which of them were touched. */
const watchRibbons = (page) =>
  page.evaluateHandle(() => {
    const name = (ribbon) => `${ribbon.dataset.from} → ${ribbon.dataset.to}`;
    const ribbons = [...document.querySelectorAll("[data-from]")];
    const touched = new Set();
    const note = ({ target }) => target.closest("[data-from]") && touched.add(name(target.closest("[data-from]")));
    const observer = new MutationObserver((records) => records.forEach(note));
    observer.observe(ribbons[0].parentElement, { attributes: true, childList: true, subtree: true });
    return {
      touched: () => [...touched].sort(),
      areSame: () => [...document.querySelectorAll("[data-from]")].every((ribbon, i) => ribbon === ribbons[i]),
    };
  });

for (const [on, line] of [
  ["1", "allow-management-ui on: 5 in sight: backend, facade, client, queue, payments"],
  ["3", "backend-policy on: +1 opened: facade→backend"],
  ["f", "queue-policy on: +3 opened: backend→queue, facade→queue, payments→queue"],
  ["3f", "payments-policy on: +1 opened: payments→queue"],
  ["7f", "payments-policy off: 1 closed: payments→queue"],
  ["7f", "queue-policy off: 3 closed: backend→queue, facade→queue, payments→queue"],
  ["7f", "allow-management-ui off: 5 out of sight: backend, facade, client, queue, payments"],
]) {
  test(`from ${on}, ${line}; no other ribbon is touched`, async ({ page, open }) => {
    await open(`#/workshop-v2?on=${on}`);
    await expect(page.locator("[data-from]")).toHaveCount(20);
    await expect(change(page)).toHaveText("");
    const watch = await watchRibbons(page);
    await toggle(page, line.split(" ")[0]).click();
    await expect(change(page)).toHaveText(line);
    const changed = [...line.matchAll(/(\w+)→(\w+)/g)].map(([, from, to]) => call(workshop[from], workshop[to]));
    expect(await watch.evaluate((it) => it.touched())).toEqual(changed.sort());
    expect(await watch.evaluate((it) => it.areSame())).toBe(true);
  });
}

test("the observer's view keeps ghosts without ribbons of what is not seen, Classic none", async ({ page, open }) => {
  await open("#/workshop-v2?on=20&view=observer");
  await expectPicture(page, { watched: [...services].sort(), seen: services.filter((name) => name !== queue).sort() });
  await expect(page.locator("[data-from]")).toHaveCount(12);
  await expect(star(page, queue)).toContainText("no way in");
  await page.getByRole("switch", { name: "Classic" }).click();
  await expect(star(page, queue)).toHaveCount(0);
  await page.getByRole("radio", { name: "Cluster view" }).check();
  await expect(star(page, queue)).toHaveAttribute("data-seen", "false");
  await expect(page.locator("[data-from]")).toHaveCount(20);
});

test("what is not watched is marked so in the cluster view", async ({ page, open }) => {
  await open("#/workshop-v1");
  for (const workload of [queue, payments]) {
    await expect(star(page, workload)).toHaveAttribute("data-watched", "false");
    await expect(star(page, workload)).toContainText("not watched");
  }
});

test("blocked ribbons can be hidden", async ({ page, open }) => {
  await open("#/workshop-v2?on=7f");
  await expect(page.locator("[data-from]")).toHaveCount(20);
  await page.getByRole("switch", { name: "Show blocked" }).click();
  await expect(page.locator("[data-from]")).toHaveCount(5);
  await expect(ribbon(page, payments, queue)).toHaveAttribute("data-state", "open");
});
