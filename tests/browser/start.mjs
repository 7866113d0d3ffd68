// How soon the page is there for somebody with a slow line and a slow machine who has never been there: from the
// navigation to the first paint, which is the frame around the program, and to the frame that shows what the first
// switch of the first preset does, turned as soon as it is there.
//
// A measurement, which `make bench` makes on what is in dist/: machines and their load differ too much for a test.

import { loadavg } from "node:os";
import { chromium } from "@playwright/test";
import { firstLoad } from "../../scripts/size.mjs";
import config from "./playwright.config.mjs";
import { dist, serve } from "./server.mjs";

/** How often the page is opened. */
const TIMES = 5;

/** The line: bits a second each way, and milliseconds until an answer begins. */
const LINE = { down: 1.6e6, up: 0.75e6, latency: 150 };
/** How many times slower than this machine the main thread is. */
const SLOWER = 4;

/** How many milliseconds apart the page is asked whether it is over: it works for whoever asks, too. */
const POLL = 500;

/** The most milliseconds, at the median. */
const limits = { "first paint": 600, "first switch answered": 2500 };

/** Turns the first switch once it is there with a ribbon, and notes when the frame began that shows what it does. */
function turnFirst() {
  let turned = false;
  const look = (changes) => {
    if (!turned) {
      const first = document.querySelector("[aria-labelledby=policies] [role=switch]");
      if (!first || !document.querySelector("[data-from]")) return;
      turned = true;
      // Not within the program's own work on the page.
      setTimeout(() => first.click());
    } else if (changes.some(({ attributeName }) => attributeName === "data-state")) {
      observer.disconnect();
      requestAnimationFrame(() => performance.mark("answered"));
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributeFilter: ["data-state"] });
}

async function open(browser, origin) {
  // A context of its own has an empty cache.
  const context = await browser.newContext({ viewport: config.use.viewport });
  const page = await context.newPage();
  await page.addInitScript(turnFirst);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: LINE.latency,
    downloadThroughput: LINE.down / 8,
    uploadThroughput: LINE.up / 8,
  });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.goto(origin);
  await page.waitForFunction(() => performance.getEntriesByName("answered").length, null, { polling: POLL });
  const at = (name) => page.evaluate((name) => performance.getEntriesByName(name)[0].startTime, name);
  const found = { "first paint": await at("first-contentful-paint"), "first switch answered": await at("answered") };
  await context.close();
  return found;
}

console.log(`load of the machine: ${loadavg()[0].toFixed(1)}`);
const server = await serve(firstLoad(dist));
const browser = await chromium.launch(config.use.launchOptions);
const runs = [];
for (let i = 0; i < TIMES; i++) runs.push(await open(browser, server.origin));
for (const [what, limit] of Object.entries(limits)) {
  const times = runs.map((run) => run[what]).sort((a, b) => a - b);
  const [median, worst] = [times[Math.floor(TIMES / 2)], times[TIMES - 1]];
  console.log(`${what}: median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms, at most ${limit}`);
  if (median > limit) process.exitCode = 1;
}
await browser.close();
await server.stop();
