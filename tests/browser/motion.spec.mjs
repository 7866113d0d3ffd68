// What moves, and what stops it.

import { expect, test } from "./playground.mjs";

/** The states of all animations and transitions of the page. */
const motions = (page) =>
  page.evaluate(() => {
    const states = document.getAnimations().map(({ playState }) => playState);
    return states.filter((state) => state !== "finished");
  });

test("one ball a ribbon travels, until paused", async ({ page, open }) => {
  await open("#/workshop-v2");
  const running = Array(20).fill("running");
  const paused = Array(20).fill("paused");
  await expect.poll(() => motions(page)).toEqual(running);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect.poll(() => motions(page)).toEqual(paused);
  await page.getByRole("switch", { name: "queue-policy" }).click();
  await expect.poll(() => motions(page), "a switch does not start them").toEqual(paused);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect.poll(() => motions(page)).toEqual(running);
});

test("only what the compositor can move alone moves", async ({ page, open }) => {
  await open("#/workshop-v2?on=7f");
  await expect(page.locator("[data-from]")).toHaveCount(20);
  const moved = await page.evaluate(() => {
    const animations = document.getAnimations().filter(({ animationName }) => animationName);
    return [...new Set(animations.flatMap(({ effect }) => effect.getKeyframes().flatMap(Object.keys)))].sort();
  });
  expect(moved).toEqual(["composite", "computedOffset", "easing", "offset", "opacity", "transform"]);
});

test("who asks for less motion gets none", async ({ page, open }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open("#/workshop-v2");
  await expect.poll(() => motions(page)).toEqual([]);
  await page.getByRole("switch", { name: "queue-policy" }).click();
  await expect(page.getByRole("status")).toContainText("queue-policy");
  expect(await motions(page)).toEqual([]);
});
