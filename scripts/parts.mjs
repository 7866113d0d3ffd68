// Builds what the page loads only when it is needed, after Trunk has built the page: the worker that reads
// manifests (Rust), what own manifests need of the browser, and the editor. Their names carry hashes of what
// is in them, as all others do, and index.html tells the page what they are. Then makes smaller what Trunk has
// built of scripts and styles: its own minifier cannot read what wasm-bindgen writes. So it does with the names that
// the program and its script share.
//
// Trunk calls this as a hook: TRUNK_STAGING_DIR is the page that is being built. PROFILE is `release` or `quick`.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { bundleEditor } from "../editor/build.mjs";
import { shorten } from "./names.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = process.env.TRUNK_STAGING_DIR;
// The worker is built for speed, where the page is built for size.
const profile = process.env.PROFILE === "release" ? "reader" : "quick";
const target = join(root, "target");

function run(command, ...args) {
  execFileSync(command, args, { cwd: root, stdio: "inherit" });
}

/** Writes a file under a name with its hash, and returns the name. */
function write(name, extension, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const file = `${name}-${hash}.${extension}`;
  writeFileSync(join(out, file), content);
  return file;
}

/** Bundles a script of parts/, with what its constants stand for. */
async function bundle(name, define, alias = {}) {
  const { outputFiles } = await build({
    entryPoints: [join(root, "parts", `${name}.mjs`)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    define: Object.fromEntries(Object.entries(define).map(([key, value]) => [key, JSON.stringify(value)])),
    alias,
  });
  return write(name, "js", outputFiles[0].contents);
}

run("cargo", "build", "--locked", "--profile", profile, "--target", "wasm32-unknown-unknown", "--features", "reader", "--bin", "reader");
const bindings = join(target, "reader");
const compiled = join(target, "wasm32-unknown-unknown", profile, "reader.wasm");
run("wasm-bindgen", "--target", "web", "--no-typescript", "--out-dir", bindings, "--out-name", "reader", compiled);
const module = join(bindings, "reader_bg.wasm");
if (profile === "reader") run("wasm-opt", "-O3", "--output", module, module);

const wasm = write("reader", "wasm", readFileSync(module));
const reader = await bundle("reader", { READER_WASM: `./${wasm}` }, { "netpol-reader": join(bindings, "reader.js") });
const desk = await bundle("desk", { READER_JS: `./${reader}` });
const editor = await bundleEditor(out);

const page = join(out, "index.html");
const parts = JSON.stringify({ desk: `./${desk}`, editor: `./${editor}` });
let text = readFileSync(page, "utf8").replace('"wasm":', `"parts":${parts},"wasm":`);

/** Has a file of Trunk's carry other content, and so another name. */
function replace(file, name, extension, content) {
  rmSync(join(out, file));
  text = text.replaceAll(file, write(name, extension, content));
}

if (profile === "reader") {
  const built = (extension) => readdirSync(out).find((file) => file.startsWith("netpol-playground-") && file.endsWith(extension));
  const [program, start] = [built(".wasm"), built(".js")];
  const short = shorten(readFileSync(join(out, program)), readFileSync(join(out, start), "utf8"));
  replace(program, "netpol-playground", "wasm", short.module);
  // Nobody starts the program in one piece, without waiting.
  writeFileSync(join(out, start), short.script.replace("export { initSync, ", "export { "));
  for (const file of readdirSync(out)) {
    const [, name, extension] = file.match(/^(netpol-playground|boot|style)-[0-9a-f]+\.(js|css)$/) ?? [];
    if (!name) continue;
    const { code } = await transform(readFileSync(join(out, file), "utf8"), { loader: extension, minify: true, treeShaking: true, target: "es2022" });
    replace(file, name, extension, code);
  }
}
writeFileSync(page, text);
