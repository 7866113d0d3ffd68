// What own manifests need of the browser: the worker that reads them, and the ways in. Loaded when the
// first file is brought, or when the editor is opened.

// A single file beyond this is no manifest that anybody wrote or wants to look at.
const LARGEST = 32 * 1024 * 1024;
const MANIFEST = /\.(ya?ml|json)$/i;

/** Starts the worker. `told` gets the bytes of every answer, `failed` a sentence when it cannot go on. */
export function startReader(told, failed) {
  const worker = new Worker(new URL(READER_JS, import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => (typeof data === "string" ? failed(data) : told(data));
  worker.onerror = (event) => failed(event.message || "the part that reads manifests could not be loaded");
  return worker;
}

/**
 * The files among what was chosen, dropped or pasted: pairs of path and text, sorted by path. A folder gives
 * the manifests in it, a file that is named is taken whatever its name, a text is a file of its own.
 */
export async function files(from) {
  if (typeof from === "string") return from.trim() ? [["pasted.yaml", from]] : [];
  const found = (await Promise.all([...(from ?? [])].map(entries))).flat();
  found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return Promise.all(found.map(async ({ path, file }) => [path, await text(file)]));
}

function entries(from) {
  if (from?.isDirectory) return folder(from);
  if (!from) return [];
  const path = from.webkitRelativePath || from.name;
  return from.webkitRelativePath && !MANIFEST.test(path) ? [] : [{ path, file: from }];
}

async function folder(entry) {
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    // A reader hands out a hundred entries at a time, then none.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const inner of some) {
      if (inner.isDirectory) found.push(...(await folder(inner)));
      else if (MANIFEST.test(inner.name)) {
        const file = await new Promise((resolve, reject) => inner.file(resolve, reject));
        found.push({ path: inner.fullPath.replace(/^\//, ""), file });
      }
    }
  }
}

async function text(file) {
  if (file.size > LARGEST) {
    return `# ${file.size} bytes: larger than the ${LARGEST} bytes that this page reads\n`;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const [a, b] = bytes;
  const encoding = a === 0xff && b === 0xfe ? "utf-16le" : a === 0xfe && b === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** The text at an address, fetched without anything that tells who asks. */
export async function fetched(address) {
  const response = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-cache" });
  if (!response.ok) throw new Error(`the host answers ${response.status} ${response.statusText}`.trim());
  return text(await response.blob());
}
