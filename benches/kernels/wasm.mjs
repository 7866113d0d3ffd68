// How long the kernels take in WebAssembly, and what that is to native code where `cargo bench` has timed it.
//
// usage: node benches/kernels/wasm.mjs MODULE    MODULE: netpol_kernels.wasm, built as the page's worker is

import { readFileSync } from "node:fs";

/** The plans of generator.rs by number, with their policies. */
const PLANS = [
  { name: "40", policies: 16 },
  { name: "100", policies: 100 },
  { name: "1000", policies: 200 },
  { name: "10000", policies: 1000 },
];
const ATOMS = [5, 200];

/** At least for how many milliseconds a kernel is run. */
const ENOUGH = 300;

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
const kernels = instance.exports;

/** Runs until enough time has passed: the least time and the median, in microseconds. */
function time(kernel) {
  const times = [];
  const until = performance.now() + ENOUGH;
  while (performance.now() < until || times.length < 5) {
    const start = performance.now();
    kernel();
    times.push(1000 * (performance.now() - start));
  }
  times.sort((a, b) => a - b);
  return { least: times[0], median: times[Math.floor(times.length / 2)] };
}

/** What criterion measured last: its least sample, in microseconds. */
function native(group, kernel) {
  const file = new URL(`../../target/criterion/${group}/${kernel}/new/sample.json`, import.meta.url);
  try {
    const { iters, times } = JSON.parse(readFileSync(file, "utf8"));
    return Math.min(...times.map((time, i) => time / iters[i])) / 1000;
  } catch {
    return undefined;
  }
}

function report(group, kernel, { least, median }, divisor = 1) {
  const [low, middle] = [least, median].map((value) => value / divisor);
  const other = native(group, kernel);
  const ratio = other === undefined ? "" : `; native at least ${other.toFixed(2)}, ratio ${(low / other).toFixed(2)}`;
  console.log(`${group}/${kernel}: ${middle.toFixed(2)} µs, at least ${low.toFixed(2)}${ratio}`);
}

for (const [number, { name, policies }] of PLANS.entries()) {
  for (const atoms of ATOMS) {
    const group = `reachability-${name}-${atoms}`;
    const classes = kernels.prepare(number, atoms);
    const pages = kernels.memory.buffer.byteLength / 2 ** 20;
    console.log(`${group}: ${classes} classes, ${pages.toFixed(0)} MiB of memory, the text and all objects among it`);
    for (const kernel of ["build", "rows", "reached"]) report(group, kernel, time(kernels[kernel]));
    // Each policy is turned off and on again.
    report(group, "switch", time(kernels.switches), 2 * policies);
    report(group, "changes", time(kernels.changes), 2 * policies);
    for (const [unfolded, kernel] of ["overview", "overview-unfolded"].entries()) {
      report(group, kernel, time(() => kernels.overview(unfolded)));
    }
  }
}
