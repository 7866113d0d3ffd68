// What the page costs when it is left alone: main-thread work a second, with 20 ribbons flowing and paused.
//
// A measurement, which `make bench` makes on what is in dist/: machines and their load differ too much for a test.

import { chromium } from "@playwright/test";
import config from "./playwright.config.mjs";
import { serve } from "./server.mjs";
import { work } from "./work.mjs";

/** For how long each state is watched, after as long as it takes to come to rest. */
const SECONDS = 10;
const REST = 2;

/** The most milliseconds of main-thread work a second, and of script among it. */
const limits = { flowing: { work: 10, script: 0 }, paused: { work: 0.5, script: 0 } };

const server = await serve();
const browser = await chromium.launch(config.use.launchOptions);
const page = await browser.newPage({ viewport: config.use.viewport });

async function measure(state) {
  await page.waitForTimeout(1000 * REST);
  const cost = await work(page, SECONDS);
  for (const [kind, limit] of Object.entries(limits[state])) {
    console.log(`${state}: ${cost[kind].toFixed(2)} ms of ${kind} a second, at most ${limit}`);
    if (cost[kind] > limit) process.exitCode = 1;
  }
}

await page.goto(`${server.origin}/#/workshop-v2`);
await page.locator("[data-from]").nth(19).waitFor({ state: "attached" });
await measure("flowing");
await page.getByRole("button", { name: "Pause" }).click();
await measure("paused");

await browser.close();
await server.stop();
