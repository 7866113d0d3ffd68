// The picture as the attributes of its stars and ribbons tell it, in the words of the contract.

import { expect } from "./playground.mjs";

/** The name of a ribbon, or of a call, in the tests. */
export const call = (from, to) => `${from} → ${to}`;

/** What is drawn: who is watched and who of them is seen, and the state of each ribbon. */
export const picture = (page) =>
  page.evaluate(() => {
    const all = (selector) => [...document.querySelectorAll(selector)].map(({ dataset }) => dataset);
    const names = (stars) => stars.map(({ workload }) => workload).sort();
    const watched = all("[data-workload]").filter((star) => star.watched === "true");
    const ribbons = all("[data-from]").map(({ from, to, state, stopped }) => [
      `${from} → ${to}`,
      stopped ? `${state}: ${stopped}` : state,
    ]);
    return {
      watched: names(watched),
      seen: names(watched.filter((star) => star.seen === "true")),
      open: ribbons.filter(([, state]) => state === "open").map(([name]) => name).sort(),
      ribbons: Object.fromEntries(ribbons),
    };
  });

/** Waits until the picture is as expected; parts that `expected` leaves out may be anything. */
export const expectPicture = (page, expected) => expect.poll(() => picture(page)).toMatchObject(expected);

export const star = (page, workload) => page.locator(`[data-workload="${workload}"]`);
export const ribbon = (page, from, to) => page.locator(`[data-from="${from}"][data-to="${to}"]`);

/** The workloads of the workshop, by the short names that tests use. */
export const workshop = {
  client: "frontend/client",
  facade: "backend/facade",
  backend: "backend/backend",
  queue: "infrastructure/queue",
  payments: "pci/payments",
};

/** The middle of a star, in whole pixels of the window. */
export async function centre(page, workload) {
  const { x, y, width, height } = await star(page, workload).locator("circle").first().boundingBox();
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
}

/** Clicks a ribbon as people do: on its line, halfway. */
export async function clickRibbon(page, from, to) {
  const at = await ribbon(page, from, to)
    .locator("path")
    .first()
    .evaluate((path) => {
      const { x, y } = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
      return { x, y };
    });
  await page.mouse.click(at.x, at.y);
}
