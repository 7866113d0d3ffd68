// What animation costs: main-thread work a second with 200 stars, 1,000 ribbons and the balls along them, beside
// libraries that draw the same graph in the same browser; and what is left of it when nothing is to move.
//
// Of work on the main thread alone; what the browser's other processes do to draw a frame is printed beside it. The
// page moves few balls where ribbons are many, so the libraries move as many marks, and then one along each edge.
//
// A measurement, which `make bench` makes on what is in dist/: machines and their load differ too much for a test.

import { loadavg } from "node:os";
import { chromium } from "@playwright/test";
import { files } from "./manifests.mjs";
import { peers } from "./peers.mjs";
import config from "./playwright.config.mjs";
import { serve } from "./server.mjs";
import { frames, work } from "./work.mjs";

/** The cluster: each pod calls so many others. */
const PODS = 200;
const NAMESPACES = 10;
const CALLS = 5;

/** For how many seconds work is counted, and frames after that, and how long a state comes to rest before. */
const SECONDS = 10;
const FRAMES = 5;
const REST = 3;
/** The same for states in which nothing moves: the browser collects garbage half a minute after there was some. */
const LONG_REST = 40;

/** The most work, as a part of what each library takes. */
const PART = 0.5;
/** The most milliseconds a second when nothing moves. */
const still = { work: 0.5, script: 0 };

const namespace = (i) => `ns-${i % NAMESPACES}`;
const address = (i) => `10.0.0.${i + 1}`;
/** Steps that are all different, so that no pod calls one twice, and lead to other namespaces. */
const calls = (i) => Array.from({ length: CALLS }, (_, k) => `http://${address((i + 7 * k * k + 13 * k + 1) % PODS)}`);

const pod = (i) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `app-${i}`, namespace: namespace(i) },
  spec: { containers: [{ name: "main", image: "example.test/app", args: [`--urls=${calls(i).join(",")}`] }] },
  status: { podIP: address(i) },
});
const pods = Array.from({ length: PODS }, (_, i) => pod(i));
const cluster = JSON.stringify({ apiVersion: "v1", kind: "List", items: pods });

function check(what, found, holds, limit) {
  console.log(`${what}: ${found}, ${limit}`);
  if (!holds) process.exitCode = 1;
}

/** Milliseconds a second of the processors, of all processes of the browser. */
async function processors(during) {
  const devtools = await browser.newBrowserCDPSession();
  const spent = async () => {
    const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
    return processInfo.reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0);
  };
  const before = await spent();
  const found = await during();
  const all = ((await spent()) - before) / SECONDS;
  await devtools.detach();
  return { ...found, all };
}

async function measure(page, rest = REST) {
  await page.waitForTimeout(1000 * rest);
  const cost = await processors(() => work(page, SECONDS));
  return { ...cost, frames: await frames(browser, FRAMES) };
}

const told = ({ work, script, all, frames }) =>
  `${work.toFixed(2)} ms of work a second, ${script.toFixed(2)} of script among it, ${all.toFixed(0)} of all processes, ` +
  `${frames.toFixed(1)} frames a second`;

async function open(context) {
  const page = await context.newPage();
  const unfolded = Array.from({ length: NAMESPACES }, (_, i) => namespace(i)).join(",");
  await page.goto(`${server.origin}/#/own?unfolded=${unfolded}`);
  await page.getByLabel("Open files").setInputFiles(files({ "cluster.json": cluster }));
  await page.getByRole("switch", { name: "All ribbons" }).click();
  await page.locator("[data-from]").nth(PODS * CALLS - 1).waitFor({ state: "attached" });
  await page.locator("[data-workload]").nth(PODS - 1).waitFor();
  return page;
}

/** What the page draws. */
const picture = (page) =>
  page.evaluate(() => {
    const number = (element, name) => Number(element.getAttribute(name));
    const sky = document.querySelector(".sky svg");
    const star = (element) => {
      const disc = element.querySelector(".disc");
      const name = element.querySelector(".name").textContent;
      return { id: element.dataset.workload, name, x: number(disc, "cx"), y: number(disc, "cy") };
    };
    return {
      width: number(sky, "width"),
      height: number(sky, "height"),
      nodes: [...document.querySelectorAll("[data-workload]")].map(star),
      edges: [...document.querySelectorAll("[data-from]")].map(({ dataset: { from, to } }) => ({ from, to })),
      balls: document.querySelectorAll(".ball").length,
    };
  });

/** A library's page, with marks along every so many-th edge. */
async function beside({ file, draw }, { width, height, nodes, edges }, every) {
  const page = await browser.newPage({ viewport: config.use.viewport });
  await page.setContent(`<div id="graph" style="width: ${width}px; height: ${height}px"></div>`);
  await page.addScriptTag({ path: file });
  const marked = edges.map((edge, i) => ({ ...edge, marked: i % every === 0 }));
  await page.evaluate(draw, { width, height, nodes, edges: marked });
  const cost = await measure(page);
  await page.close();
  return cost;
}

const server = await serve();
const browser = await chromium.launch(config.use.launchOptions);
const context = await browser.newContext({ viewport: config.use.viewport });
console.log(`load of the machine: ${loadavg()[0].toFixed(1)}`);

const page = await open(context);
const graph = await picture(page);
const { nodes, edges, balls } = graph;
const own = await measure(page);
console.log(`${nodes.length} stars, ${edges.length} ribbons, ${balls} balls: ${told(own)}`);

async function rest(state) {
  const cost = await measure(page, LONG_REST);
  const holds = cost.work <= still.work && cost.script <= still.script;
  check(state, told(cost), holds, `at most ${still.work} of work and ${still.script} of script`);
}
const pause = page.getByRole("button", { name: "Pause" });
await pause.click();
await rest("paused");
await pause.click();
await page.emulateMedia({ reducedMotion: "reduce" });
await rest("less motion asked for");
await page.emulateMedia({ reducedMotion: "no-preference" });
const front = await context.newPage();
await front.bringToFront();
await rest("another tab in front");
await context.close();

for (const [name, peer] of Object.entries(peers)) {
  for (const marks of [balls, edges.length]) {
    const cost = await beside(peer, graph, Math.ceil(edges.length / marks));
    const part = own.work / cost.work;
    const holds = part <= PART && own.frames >= cost.frames;
    const limit = `the page's work is ${part.toFixed(4)} of that, at most ${PART}, at no fewer frames`;
    check(`${name}, ${marks} marks`, told(cost), holds, limit);
  }
}

console.log(`load of the machine: ${loadavg()[0].toFixed(1)}`);
await browser.close();
await server.stop();
