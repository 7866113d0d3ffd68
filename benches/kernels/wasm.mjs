// How long the kernels take in WebAssembly, what that is to native code where `cargo bench` has timed it, and
// how much memory there is after each step.
//
// usage: node benches/kernels/wasm.mjs MODULE [SET...]
// MODULE: netpol_kernels.wasm, built as the page's worker is; SET: names of PLANS, all of them without one

import { readFileSync } from "node:fs";

/** The plans of generator.rs by number, with their policies. */
const PLANS = [
  { name: "40", policies: 16 },
  { name: "100", policies: 100 },
  { name: "1000", policies: 200 },
  { name: "10000", policies: 1000 },
  // Its rows are not kept.
  { name: "different", policies: 1000, made: true },
];
const ATOMS = [5, 200];

/** At least for how many milliseconds a kernel is run. */
const ENOUGH = 300;

const [file, ...sets] = process.argv.slice(2);
const module = await WebAssembly.compile(readFileSync(file));

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

for (const [number, { name, policies, made }] of PLANS.entries()) {
  if (sets.length && !sets.includes(name)) continue;
  for (const atoms of ATOMS) {
    const group = `reachability-${name}-${atoms}`;
    // A new one each time: memory never shrinks.
    const { exports: kernels } = await WebAssembly.instantiate(module, {});
    const mebibytes = () => `${(kernels.memory.buffer.byteLength / 2 ** 20).toFixed(1)} MiB`;
    const bytes = kernels.write(number, atoms);
    console.log(`${group}: ${(bytes / 2 ** 20).toFixed(1)} MiB of text; memory with it ${mebibytes()}`);
    for (const step of ["read", "model", "prepare", "reach"]) {
      // What the sources of all words reach at once is too much where it is not even kept by class.
      if (step === "reach" && made) continue;
      const start = performance.now();
      const count = kernels[step]();
      const took = (performance.now() - start).toFixed(1);
      console.log(`${group}/${step}: ${count} made, first run ${took} ms, memory ${mebibytes()}`);
    }
    for (const kernel of ["read", "build", "look"]) report(group, kernel, time(kernels[kernel]));
    if (!made) for (const kernel of ["rows", "reached"]) report(group, kernel, time(kernels[kernel]));
    // Each policy is turned off and on again.
    report(group, "switch", time(kernels.switches), 2 * policies);
    report(group, "changes", time(kernels.changes), 2 * policies);
    for (const [unfolded, kernel] of ["overview", "overview-unfolded"].entries()) {
      if (!made) report(group, kernel, time(() => kernels.overview(unfolded)));
    }
  }
}
