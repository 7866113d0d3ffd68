// What the program's module is made of: every function by the part of the program that it belongs to, with its size.
//
// The shipped module has no names. Trunk leaves the module that it is made of, with names, in target/wasm-bindgen;
// wasm-opt makes the same of it once more and keeps the names. The two are the same function by function, or the
// names are those of another build.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** The numbers of sections. */
const [CUSTOM, CODE, DATA] = [0, 10, 11];
export const [IMPORTS, EXPORTS] = [2, 7];

/** Reads numbers and texts of a module, from a place on. */
export class Reader {
  constructor(bytes, at = 0) {
    [this.bytes, this.at] = [bytes, at];
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned number in LEB128. */
  number() {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  }

  slice(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return this.slice(this.number()).toString("utf8");
  }

  repeat(read) {
    return Array.from({ length: this.number() }, read);
  }
}

/** An unsigned number in LEB128. */
export function number(value) {
  return Buffer.from(value < 128 ? [value] : [(value % 128) + 128, ...number(Math.floor(value / 128))]);
}

/** A text after its length. */
export function name(text) {
  return Buffer.concat([number(Buffer.byteLength(text)), Buffer.from(text)]);
}

/** A section of a module. */
export function section(id, content) {
  return Buffer.concat([Buffer.from([id]), number(content.length), content]);
}

/** The sections of a module: what is in them, by their numbers; of custom sections by their names. */
function sections(bytes) {
  const [reader, found] = [new Reader(bytes, 8), {}];
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const content = new Reader(reader.slice(reader.number()));
    found[id === CUSTOM ? content.text() : id] = content;
  }
  return found;
}

/** All of a module but its code and its data. */
function others(bytes) {
  const [reader, found] = [new Reader(bytes, 8), [bytes.subarray(0, 8)]];
  while (reader.at < bytes.length) {
    const [start, id] = [reader.at, reader.byte()];
    reader.slice(reader.number());
    if (id !== CODE && id !== DATA) found.push(bytes.subarray(start, reader.at));
  }
  return Buffer.concat(found);
}

/** How many functions are imported, and nothing else is: they are counted before the module's own. */
function imported(reader) {
  return reader.number();
}

/** The bodies of the functions, in order, each after its size. */
function bodies(bytes) {
  const code = sections(bytes)[CODE];
  return code.repeat(() => {
    const start = code.at;
    code.slice(code.number());
    return code.bytes.subarray(start, code.at);
  });
}

/** The names of the functions, by number. */
function names(section) {
  const found = new Map();
  while (section && section.at < section.bytes.length) {
    const kind = section.byte();
    const part = new Reader(section.slice(section.number()));
    // 1: the names of functions. The others are those of the module and of variables.
    if (kind === 1) part.repeat(() => found.set(part.number(), part.text()));
  }
  return found;
}

/** The module that wasm-opt makes of Trunk's with names; made again only when that is newer. */
function named(root) {
  const [from, to] = [join(root, "target/wasm-bindgen/release/netpol-playground_bg.wasm"), join(root, "target/named.wasm")];
  if (!existsSync(from)) throw new Error("there is no module with names in target/, where `make build` leaves it");
  if (!existsSync(to) || statSync(to).mtimeMs < statSync(from).mtimeMs) {
    const page = readFileSync(join(root, "index.html"), "utf8");
    const option = (name) => page.match(new RegExp(`data-wasm-opt${name}="([^"]*)"`))[1];
    execFileSync("wasm-opt", [`-O${option("")}`, ...option("-params").split(" "), "--debuginfo", "--output", to, from]);
  }
  return readFileSync(to);
}

/** What build.rs has made of the presets, as it lies in the data; nothing where it cannot be found. */
function presets(root, data) {
  const builds = join(root, "target/wasm32-unknown-unknown/release/build");
  const made = readdirSync(builds).map((name) => join(builds, name, "out/presets.postcard"));
  return made.filter(existsSync).map((file) => readFileSync(file)).find((bytes) => data.includes(bytes)) ?? Buffer.alloc(0);
}

/** What belongs together, by the first pattern that a function's name meets. What stands for a module is a label. */
const PARTS = [
  [/^(__wbindgen|__wbg|__externref)|\b(wasm_bindgen\w*|js_sys|web_sys|gloo\w*)::/, () => "wasm-bindgen, js-sys, web-sys, gloo"],
  [/\b(serde\w*|postcard)::/, () => "serde, postcard: messages, presets"],
  [/\bcore::slice::sort::/, () => "sorting"],
  [/^<*alloc::collections::(\w+)::|^<*(?:hashbrown|indexmap)::/, (_, kind = "hash") => `collections: ${kind}`],
  [/\bas core::clone::Clone>|\bas core::cmp::Partial\w+>|drop_in_place|\bas core::ops::drop::Drop>/, () => "copying, comparing and dropping"],
  [/\b(flt2dec|fmt::float)\b/, () => "std: writing floats"],
  [/\bnetpol_playground::app::(\w+)/, (_, name) => `page: ${name[0] === name[0].toUpperCase() ? "app" : name}`],
  [/\bnetpol_playground::(\w+)/, (_, name) => `page: ${name}`],
  [/\bnetpol_engine::(\w+)/, (_, name) => `engine: ${name}`],
  [/\byew::/, () => "yew"],
  [/\bdlmalloc\b|__rust|^mem\w+/, () => "std: memory"],
  [/\b(core|alloc|std)::/, (_, name) => `std: ${name}`],
  [/^<?&?(?:mut )?(\w+)::/, (_, name) => `other crates: ${name}`],
  [/^</, () => "std: core"],
];

function part(name) {
  if (name === undefined) return "names unknown";
  // The hashes of crates say nothing, and what a function is instantiated for is told last.
  const plain = name.replace(/\[[0-9a-f]{8,}\]/g, "");
  for (const [pattern, label] of PARTS) {
    const found = plain.match(pattern);
    if (found) return label(...found);
  }
  return "names unknown";
}

/**
 * The parts of a module that was built in a checkout: labels and bytes. They are all of it, but for a few bytes.
 * Throws when there are no names for it.
 */
export function moduleParts(file, root) {
  const module = readFileSync(file);
  const [shipped, withNames] = [bodies(module), named(root)];
  const same = bodies(withNames);
  if (shipped.length !== same.length || shipped.some((body, i) => !body.equals(same[i]))) {
    throw new Error("dist/ and target/ are of different builds, or not of `make build`");
  }
  const { name: section, [IMPORTS]: imports, [DATA]: data } = sections(withNames);
  const [known, first] = [names(section), imported(imports)];
  const found = new Map();
  const add = (label, bytes) => found.set(label, [...(found.get(label) ?? []), bytes]);
  shipped.forEach((body, i) => add(part(known.get(first + i)), body));
  const made = presets(root, data.bytes);
  const at = data.bytes.indexOf(made);
  add("data: presets", made);
  add("data: texts and tables", data.bytes.subarray(0, at));
  add("data: texts and tables", data.bytes.subarray(at + made.length));
  const parts = [...found].map(([label, pieces]) => ({ label, bytes: Buffer.concat(pieces) }));
  return [...parts, { label: "types, imports, tables", bytes: others(module) }];
}
