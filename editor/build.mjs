// Bundles the editor: what `manifest-editor` needs, in one module that the page loads when there is something to
// edit. `node editor/build.mjs FOLDER` does so by hand.

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Writes the bundle into a folder, and returns its name, which has a hash of what is in it. */
export async function bundleEditor(outdir) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("main.mjs", import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    write: false,
  });
  const [{ contents }] = outputFiles;
  const name = `editor-${createHash("sha256").update(contents).digest("hex").slice(0, 16)}.js`;
  writeFileSync(join(outdir, name), contents);
  return name;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await bundleEditor(process.argv[2]));
