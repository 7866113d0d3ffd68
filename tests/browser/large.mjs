// How the page takes a cluster of 10,000 pods: from the file to the picture, from a switch to the first frame that shows
// it, and how long anything blocks the page meanwhile.
//
// A measurement, which `make bench` makes on what is in dist/: machines and their load differ too much for a test.
//
// usage: node tests/browser/large.mjs FILE     FILE: what `generate 10000` of benches/kernels writes

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import config from "./playwright.config.mjs";
import { serve } from "./server.mjs";

/** How many switches are turned, and how many milliseconds apart. */
const TURNS = 60;
const PAUSE = 400;

/** The most milliseconds of any task of the page, from click to frame at the 95th percentile, the most of the elements
    of the page that a switch may touch, and of memory in MiB. */
const limits = { block: 100, frame: 33, touched: 0.05, memory: 64 };

const text = readFileSync(process.argv[2], "utf8");
// Files on a disk, as somebody has them: to hand over texts would block the page for a test's reasons.
const folder = mkdtempSync(join(tmpdir(), "netpol-large-"));
const server = await serve();
const browser = await chromium.launch(config.use.launchOptions);

/** Keeps hold of the memory of WebAssembly programs, which only grows. */
function keepMemories() {
  globalThis.memories = [];
  const keep = (loaded) => {
    const { memory } = (loaded.instance ?? loaded).exports;
    if (memory) memories.push(memory);
    return loaded;
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const load = WebAssembly[name];
    WebAssembly[name] = (...of) => load.apply(WebAssembly, of).then(keep);
  }
}

async function open() {
  const page = await browser.newPage({ viewport: config.use.viewport });
  await page.addInitScript(() => {
    window.blocks = [];
    const list = (entries) => blocks.push(...entries.getEntries().map(({ duration }) => duration));
    new PerformanceObserver(list).observe({ type: "longtask" });
  });
  await page.addInitScript(keepMemories);
  // The worker's own script begins with the same.
  await page.route(/reader-[0-9a-f]+\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${keepMemories})();${await response.text()}` });
  });
  await page.goto(`${server.origin}/`);
  await page.locator("[data-from]").first().waitFor({ state: "attached" });
  await page.waitForTimeout(1000);
  await page.evaluate(() => void (blocks.length = 0));
  return page;
}

const percentile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

function tell(what, found, most, unit) {
  console.log(`${what}: ${found.toFixed(1)} ${unit}, at most ${most}`);
  if (!(found <= most)) process.exitCode = 1;
}

/** MiB of WebAssembly's memory of the page and of its worker. */
async function memory(page) {
  const size = () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) / 1024 / 1024;
  return Promise.all([page.evaluate(size), ...page.workers().map((worker) => worker.evaluate(size))]);
}

/** One file of everything. */
async function drop() {
  const page = await open();
  const start = Date.now();
  await page.getByLabel("Open files").setInputFiles(process.argv[2]);
  await page.locator('[data-workload="ns-1"]').waitFor();
  console.log(`${(text.length / 1e6).toFixed(1)} MB, from the file to the picture: ${Date.now() - start} ms`);
  await page.waitForTimeout(3000);
  await page.locator('[data-workload="ns-3"]').click();
  await page.locator('[data-workload="ns-3/app-3"]').click();
  await page.getByRole("region", { name: "Why" }).getByText("Selected by").waitFor();
  await page.waitForTimeout(1000);
  await page.getByRole("searchbox", { name: "Find workloads" }).fill("app=app-17");
  await page.waitForTimeout(1000);
  tell("longest block of the page, reading, unfolding, filtering", Math.max(0, ...(await page.evaluate(() => blocks))), limits.block, "ms");
  const [own, worker] = await memory(page);
  console.log(`memory of the page: ${own.toFixed(1)} MiB, of its worker: ${worker.toFixed(1)} MiB`);
  tell("memory of both", own + worker, limits.memory, "MiB");
  await page.close();
}

/** A file for the cluster, and one for every policy. */
async function turn() {
  const page = await open();
  const documents = text.split(/^---\n/m);
  const isPolicy = (document) => document.includes("kind: NetworkPolicy");
  const name = (document) => document.match(/name: (policy-\d+)/)[1];
  const policies = documents.filter(isPolicy).map((document) => [`${name(document)}.yaml`, document]);
  const cluster = documents.filter((document) => !isPolicy(document)).join("---\n");
  for (const [file, text] of [["cluster.yaml", cluster], ...policies]) writeFileSync(join(folder, file), text);
  const paths = ["cluster.yaml", ...policies.map(([file]) => file)].map((file) => join(folder, file));
  await page.getByLabel("Open files").setInputFiles(paths);
  await page.locator('[data-workload="ns-1"]').waitFor();
  await page.waitForTimeout(3000);
  await page.locator('[data-workload="ns-3"]').waitFor();
  await page.evaluate(() => {
    window.waits = [];
    window.touched = [];
    window.work = [];
    let clicked = 0;
    let elements = new Set();
    addEventListener("click", ({ timeStamp }) => {
      clicked = timeStamp;
      elements = new Set();
    }, true);
    // From the click to the frame in which a ribbon is other than before.
    new MutationObserver((changes) => {
      changes.forEach(({ target, addedNodes }) => {
        elements.add(target);
        addedNodes.forEach((node) => elements.add(node));
      });
      const isRibbon = ({ target }) => target.closest?.(".ribbons, .ribbon");
      if (!clicked || !changes.some(isRibbon)) return;
      const at = clicked;
      clicked = 0;
      work.push(performance.now() - at);
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        // The frame is on its way once its callbacks are over.
        channel.port1.onmessage = () => {
          waits.push(performance.now() - at);
          touched.push(elements.size / document.querySelectorAll("*").length);
        };
        channel.port2.postMessage(null);
      });
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    blocks.length = 0;
  });
  const switches = page.getByRole("group", { name: "Applied files" }).getByRole("switch");
  const count = await switches.count();
  for (let i = 0; i < TURNS; i++) {
    await switches.nth(1 + (Math.floor(i / 2) % (count - 1))).click();
    await page.waitForTimeout(PAUSE);
  }
  const { waits, touched, work, blocks } = await page.evaluate(() => ({ waits, touched, work, blocks }));
  waits.sort((a, b) => a - b);
  work.sort((a, b) => a - b);
  console.log(`${TURNS} switches of ${policies.length}, ${waits.length} of them change the picture`);
  console.log(`from click to change: median ${percentile(work, 0.5).toFixed(1)} ms, 95th percentile ${percentile(work, 0.95).toFixed(1)} ms`);
  console.log(`from click to frame: median ${percentile(waits, 0.5).toFixed(1)} ms`);
  tell("from click to frame, 95th percentile", percentile(waits, 0.95), limits.frame, "ms");
  tell("elements touched by a switch, at most", 100 * Math.max(0, ...touched), 100 * limits.touched, "%");
  tell("longest block of the page while switching", Math.max(0, ...blocks), limits.block, "ms");
  await page.close();
}

await drop();
await turn();
await browser.close();
await server.stop();
rmSync(folder, { recursive: true });
