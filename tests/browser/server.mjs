// A plain static server for the built page, as a host that knows nothing of it: the page lies in two places, at
// the root and in a folder, and nothing else is there. On a free port, so that checkouts do not collide.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

/** The built page. */
export const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

const types = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

async function answer(request, response, compressed) {
  const { pathname } = new URL(request.url, "http://localhost");
  const path = normalize(decodeURIComponent(pathname)).replace(/^\/sub\/path\//, "/");
  const file = join(dist, path.endsWith("/") ? `${path}index.html` : path);
  try {
    const headers = { "content-type": types[extname(file)] ?? "application/octet-stream" };
    const accepted = request.headers["accept-encoding"] ?? "";
    const small = /\bbr\b/.test(accepted) ? compressed.get(file) : undefined;
    const body = small ?? (await readFile(file));
    response.writeHead(200, small ? { ...headers, "content-encoding": "br" } : headers);
    response.end(body);
  } catch {
    response.writeHead(404, { "content-type": "text/plain" });
    response.end("not found");
  }
}

/** Serves the page, and these files of it in brotli, compressed as far as can be before anybody asks, as hosts do that
    care. Gives the server's address, without a slash at its end, and how to stop it. */
export async function serve(inBrotli = []) {
  // The quality is the highest by default.
  const compress = (file) => [join(dist, file), brotliCompressSync(readFileSync(join(dist, file)))];
  const compressed = new Map(inBrotli.map(compress));
  const server = createServer((request, response) => answer(request, response, compressed));
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((stopped) => server.close(stopped).closeAllConnections()),
  };
}
