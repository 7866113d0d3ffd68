// What the built page costs: prints every file, and fails when something is over the budget that budget.json
// records. The first load is index.html and every file it names, but for the parts that load when they are needed:
// all that a preset needs. The parts have their names in the page's list of them. Nearly all of it is the program,
// which is told apart by what its functions are for: see wasm.mjs.
//
// usage: node scripts/size.mjs [FOLDER]     FOLDER: the built page, by default dist

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { moduleParts } from "./wasm.mjs";

/** The parts that index.html lists: file names by name. */
export function parts(folder) {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const [, list] = page.match(/"parts":(\{[^}]*\})/) ?? ["", "{}"];
  return Object.fromEntries(Object.entries(JSON.parse(list)).map(([name, file]) => [name, file.replace(/^\.\//, "")]));
}

/** The names of the files of the first load. */
export function firstLoad(folder) {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const later = Object.values(parts(folder));
  return readdirSync(folder, { recursive: true })
    .filter((file) => file === "index.html" || (page.includes(`/${file}`) && !later.includes(file)))
    .sort();
}

function brotli(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).length;
}

function measure(folder, file) {
  const bytes = readFileSync(join(folder, file));
  return { file, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes) };
}

/** Rows for what the program is made of, largest first; compressed together all of it is as large as the file. */
function partRows(folder, program) {
  const parts = moduleParts(join(folder, program.file), root);
  const alone = parts.map(({ label, bytes }) => ({ file: label, raw: bytes.length, alone: brotli(bytes) }));
  const all = alone.reduce((total, row) => total + row.alone, 0);
  const rows = alone.map((row) => ({ ...row, brotli: Math.round((row.alone / all) * program.brotli) }));
  return rows.sort((a, b) => b.brotli - a.brotli);
}

const root = fileURLToPath(new URL("..", import.meta.url));

function main(folder) {
  const budget = JSON.parse(readFileSync(join(root, "budget.json"), "utf8"));
  const first = firstLoad(folder);
  const { editor } = parts(folder);
  const files = readdirSync(folder).filter((file) => !first.includes(file)).sort();
  const columns = ["raw", "gzip", "brotli"];
  const width = Math.max(...[...first, ...files].map((file) => file.length));
  const line = (name, cells) => [name.padEnd(width), ...cells.map((cell) => String(cell ?? "").padStart(9))].join(" ");
  const print = (rows) => rows.forEach((row) => console.log(line(row.file, columns.map((column) => row[column]))));

  const rows = first.map((file) => measure(folder, file));
  const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
  const total = { file: "first load", raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") };
  const later = files.map((file) => measure(folder, file));
  console.log(line("file", columns));
  print([...rows, total]);
  console.log(line("budget", ["", "", budget.firstLoad.brotli]));
  console.log("\nloaded when they are needed");
  print(later);

  const program = rows.find(({ file }) => file.endsWith(".wasm"));
  try {
    const made = partRows(folder, program);
    console.log(`\nwhat ${program.file} is made of, compressed by share`);
    print([...made, program]);
  } catch (error) {
    console.error(`\nwhat the program is made of is not known: ${error.message}`);
  }

  const costs = { firstLoad: total.brotli, editor: later.find(({ file }) => file === editor)?.brotli ?? Infinity };
  for (const [name, cost] of Object.entries(costs)) {
    if (cost > budget[name].brotli) {
      console.error(`${name} is ${cost - budget[name].brotli} bytes over the budget of budget.json`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2] ?? "dist");
