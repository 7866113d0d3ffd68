// Counts the instructions of the engine's kernels under Callgrind, and holds them to benches/kernels/budget.json.
// A count does not depend on what else the machine does; it does a little on the compiler and the C library.
//
// usage: node scripts/count.mjs PROGRAM    PROGRAM: the binary `count` of benches/kernels

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How far above its budget a kernel may be, in per cent. */
const TOLERANCE = 5;

const budget = JSON.parse(readFileSync(new URL("../benches/kernels/budget.json", import.meta.url), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "netpol-count-"));
const profile = join(folder, "callgrind.out");
const quietly = { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
execFileSync("valgrind", ["--tool=callgrind", `--callgrind-out-file=${profile}`, process.argv[2]], quietly);
const listing = execFileSync("callgrind_annotate", ["--inclusive=yes", "--threshold=100", profile], quietly);
rmSync(folder, { recursive: true });

for (const [kernel, allowed] of Object.entries(budget)) {
  const line = listing.split("\n").find((line) => line.includes(`netpol_kernels::kernels::${kernel} `));
  const count = Number(line?.trim().split(" ")[0].replaceAll(",", ""));
  const share = (100 * count) / allowed;
  console.log(`${kernel}: ${count} instructions, ${share.toFixed(1)} % of its budget`);
  if (!(share <= 100 + TOLERANCE)) {
    console.error(`count: ${kernel} is over its budget in benches/kernels/budget.json`);
    process.exitCode = 1;
  }
}
