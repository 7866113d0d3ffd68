// How fast what is typed is answered: from a key pressed in a file of 2,000 lines to fresh diagnostics on the page, and
// how long anything blocks the page meanwhile.
//
// A measurement, which `make bench` makes on what is in dist/: machines and their load differ too much for a test.

import { chromium } from "@playwright/test";
import { deployment, documents, files, policy } from "./manifests.mjs";
import config from "./playwright.config.mjs";
import { serve } from "./server.mjs";

/** How many keys are pressed, and how many milliseconds apart. */
const KEYS = 200;
const PAUSE = 80;
/** How long the page may come to rest before, in milliseconds. */
const REST = 1000;

/** The most milliseconds at the 95th percentile, and for any one task of the page. */
const limits = { answer: 50, block: 100 };

const names = Array.from({ length: 20 }, (_, i) => `app-${i}`);
const policies = Array.from({ length: 100 }, (_, i) =>
  policy(names[i % 20], names[(i + 7) % 20]).replace("-policy", `-policy-${i}`),
);
const text = documents(...names.map((name) => deployment(name)), ...policies);

const server = await serve();
const browser = await chromium.launch(config.use.launchOptions);
const page = await browser.newPage({ viewport: config.use.viewport });
await page.goto(`${server.origin}/`);
await page.locator("[data-from]").first().waitFor({ state: "attached" });
await page.evaluate(() => {
  window.blocks = [];
  new PerformanceObserver((list) => blocks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
  });
});
await page.getByLabel("Open files").setInputFiles(files({ "long.yaml": text }));
await page.locator('[data-workload="shop/app-19"]').waitFor();
await page.waitForTimeout(REST);
const editor = page.getByRole("textbox", { name: "Manifest" });
await editor.press("ControlOrMeta+Home");
await page.evaluate(() => {
  window.pressed = [];
  window.answered = [];
  window.framed = [];
  addEventListener("keydown", (event) => pressed.push(event.timeStamp), true);
  const main = document.querySelector("main");
  // The answer is there, and then the frame has begun that shows it.
  const answer = () => {
    answered.push(performance.now());
    requestAnimationFrame(() => framed.push(performance.now()));
  };
  new MutationObserver(answer).observe(main, { attributeFilter: ["data-analysis"] });
});

// A key that breaks a document at the beginning and at the end of the file, and one that mends it.
for (const place of ["ControlOrMeta+Home", "ControlOrMeta+End"]) {
  await editor.press(place);
  for (let i = 0; i < KEYS / 4; i++) {
    for (const key of ["x", "Backspace"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(PAUSE);
    }
  }
}
await page.waitForTimeout(500);

const { pressed, answered, framed, blocks } = await page.evaluate(() => ({ pressed, answered, framed, blocks }));

/** How long after each key the first of these times was, sorted; those before the next key. */
const after = (times) =>
  pressed
    .map((at, i) => [at, pressed[i + 1] ?? Infinity])
    .map(([at, next]) => (times.find((time) => time > at && time < next) ?? NaN) - at)
    .filter((wait) => !Number.isNaN(wait))
    .sort((a, b) => a - b);
const percentile = (waits, part) => waits[Math.min(waits.length - 1, Math.floor(waits.length * part))];
const waits = after(answered);
const told = (of) => `median ${percentile(of, 0.5).toFixed(1)} ms, 95th percentile ${percentile(of, 0.95).toFixed(1)} ms`;
const longest = Math.max(0, ...blocks);
console.log(`${text.split("\n").length} lines, ${pressed.length} keys, ${waits.length} of them answered before the next`);
console.log(`from key to answer: ${told(waits)}, at most ${limits.answer}`);
console.log(`from key to the frame that shows it: ${told(after(framed))}`);
console.log(`longest block of the page: ${longest.toFixed(0)} ms, at most ${limits.block}`);
if (percentile(waits, 0.95) > limits.answer || longest > limits.block) process.exitCode = 1;

await browser.close();
await server.stop();
