// What own manifests and taking away need of the browser: the worker, the ways in, and the ways out. Loaded when
// the first of these is used.

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
 * The files among what was chosen, dropped or pasted: pairs of path and text, or bytes of UTF-8, sorted by path. A folder gives
 * the manifests in it, a file that is named is taken whatever its name, a text is a file of its own.
 */
export async function files(from) {
  if (typeof from === "string") return from.trim() ? [["pasted.yaml", from.replaceAll("\r\n", "\n")]] : [];
  const found = (await Promise.all([...(from ?? [])].map(entries))).flat();
  found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return Promise.all(found.map(async ({ path, file }) => [path, await text(file, true)]));
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

/** What a file says. As bytes, if that is wanted and they are as they should be: megabytes need not be turned over twice. */
async function text(file, asBytes = false) {
  if (file.size > LARGEST) {
    return `# ${file.size} bytes: larger than the ${LARGEST} bytes that this page reads\n`;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const [a, b] = bytes;
  if (asBytes && a < 0x80 && !bytes.includes(0x0d)) return bytes;
  const encoding = a === 0xff && b === 0xfe ? "utf-16le" : a === 0xfe && b === 0xff ? "utf-16be" : "utf-8";
  // As a text area has it, so that the places in both are the same.
  return new TextDecoder(encoding).decode(bytes).replaceAll("\r\n", "\n");
}

/** The text at an address, fetched without anything that tells who asks. */
export async function fetched(address) {
  const response = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-cache" });
  if (!response.ok) throw new Error(`the host answers ${response.status} ${response.statusText}`.trim());
  return text(await response.blob());
}

/** Has the browser keep something as a file. */
function keep(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun by then, and holds what it needs.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Has the browser keep a text as a file. */
export function save(name, text) {
  keep(name, new Blob([text], { type: name.endsWith(".json") ? "application/json" : "application/yaml" }));
}

/** Takes the picture or the table away: `svg`, `png`, `md` and `csv` as files, `copy` as Markdown into the clipboard. */
export async function export_(what, title) {
  const name = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "picture";
  if (what === "svg") keep(`${name}.svg`, svg(title).blob);
  if (what === "png") keep(`${name}.png`, await png(title));
  if (what === "md") keep(`${name}.md`, new Blob([`${markdown(table())}\n`], { type: "text/markdown" }));
  if (what === "csv") keep(`${name}.csv`, new Blob([csv(table())], { type: "text/csv" }));
  if (what === "copy") await navigator.clipboard.writeText(described(title));
}

/** What a style sheet says of an element that a picture needs by itself. */
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity",
  "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline", "paint-order", "vector-effect", "transform",
];

/** A colour as every program that draws knows it: browsers compute mixed ones as `color(srgb …)`. */
const plain = (value) =>
  value.replace(/color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)/g, (_, ...parts) => {
    const [red, green, blue] = parts.slice(0, 3).map((part) => Math.round(255 * part));
    return `rgba(${red}, ${green}, ${blue}, ${parts[3] ?? 1})`;
  });

/** The whole picture, whatever part of it is in sight, as a drawing that needs nothing else. */
function svg(title) {
  const shown = document.querySelector(".sky > svg");
  const drawn = shown.cloneNode(true);
  const [originals, copies] = [shown, drawn].map((root) => [...root.querySelectorAll("*")]);
  originals.forEach((original, i) => {
    const copy = copies[i];
    const style = getComputedStyle(original);
    if (style.display === "none" || original.matches(".hit, .halo:not(.selected *)")) return copy.setAttribute("display", "none");
    for (const name of STYLES) {
      const value = plain(style.getPropertyValue(name));
      if (value && value !== "none" && value !== "normal" && value !== "auto") copy.style.setProperty(name, value);
      else if (name === "fill" || name === "stroke") copy.style.setProperty(name, value);
    }
    // What has flown as far as it goes needs no dashes any more.
    if (original.matches(".flow")) copy.style.setProperty("stroke-dasharray", "none");
    for (const attribute of ["class", "role", "tabindex", "aria-label", "aria-pressed"]) copy.removeAttribute(attribute);
  });
  drawn.querySelectorAll('[display="none"]').forEach((hidden) => hidden.remove());
  const [width, height] = ["width", "height"].map((side) => Number.parseFloat(shown.getAttribute(side)));
  const ground = document.createElementNS(shown.namespaceURI, "rect");
  ground.setAttribute("width", width);
  ground.setAttribute("height", height);
  ground.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  const heading = document.createElementNS(shown.namespaceURI, "title");
  heading.textContent = title;
  drawn.prepend(heading, ground);
  drawn.setAttribute("viewBox", `0 0 ${width} ${height}`);
  drawn.setAttribute("role", "img");
  drawn.removeAttribute("aria-label");
  drawn.removeAttribute("style");
  const text = new XMLSerializer().serializeToString(drawn);
  return { blob: new Blob([text], { type: "image/svg+xml" }), width, height };
}

/** The picture at twice its size. */
async function png(title) {
  const { blob, width, height } = svg(title);
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((made, failed) => canvas.toBlob((png) => (png ? made(png) : failed(new Error("the picture is too large"))), "image/png"));
}

/** The table of who reaches whom: rows of words. */
function table() {
  const word = (cell) => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll(".spoken").forEach((reason) => reason.remove());
    return copy.textContent.trim();
  };
  return [...document.querySelectorAll('table[aria-label="Connectivity"] tr')].map((row) => [...row.cells].map(word));
}

function markdown([head, ...rows]) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const csv = (rows) => `${rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\r\n")}\r\n`;

/** The link, what the picture shows in a sentence, and the table. */
function described(title) {
  const ribbons = [...document.querySelectorAll("[data-from]")].map(({ dataset }) => dataset);
  const named = (state) => ribbons.filter((ribbon) => ribbon.state === state).map(({ from, to }) => `${from} → ${to}`);
  const told = ["open", "partly"].filter((state) => named(state).length).map((state) => `${state}: ${named(state).join(", ")}`);
  const count = `${named("open").length + named("partly").length} of ${ribbons.length} calls get through`;
  return [`[${title}](${location.href})`, [count, ...told].join("; "), markdown(table())].join("\n\n") + "\n";
}

export { export_ as export };
