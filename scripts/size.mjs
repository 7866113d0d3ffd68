// What the first load of the built page costs: prints every file, and fails when the sum is over the budget
// that budget.json records. The first load is index.html and every file it names: all that a preset needs.
//
// usage: node scripts/size.mjs [FOLDER]     FOLDER: the built page, by default dist

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** The names of the files of the first load. */
export function firstLoad(folder) {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  return readdirSync(folder, { recursive: true })
    .filter((file) => file === "index.html" || page.includes(`/${file}`))
    .sort();
}

function measure(folder, file) {
  const bytes = readFileSync(join(folder, file));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return {
    file,
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}

function main(folder) {
  const { brotli: budget } = JSON.parse(readFileSync(new URL("../budget.json", import.meta.url), "utf8")).firstLoad;
  const rows = firstLoad(folder).map((file) => measure(folder, file));
  const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
  const total = { file: "first load", raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") };

  const columns = ["raw", "gzip", "brotli"];
  const width = Math.max(...rows.map((row) => row.file.length));
  const line = (name, cells) => [name.padEnd(width), ...cells.map((cell) => String(cell).padStart(9))].join(" ");
  console.log(line("file", columns));
  for (const row of [...rows, total]) console.log(line(row.file, columns.map((column) => row[column])));
  console.log(line("budget", ["", "", budget]));

  if (total.brotli > budget) {
    console.error(`the first load is ${total.brotli - budget} bytes over the budget of budget.json`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2] ?? "dist");
