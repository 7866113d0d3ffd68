// Gives what the program's module and its script share short names. Those of wasm-bindgen carry hashes, of which
// nothing can be compressed: they are some 4 kB of the first load, in two files.

import { EXPORTS, IMPORTS, Reader, name, number, section } from "./wasm.mjs";

/** What wasm-bindgen calls an import, where all of them are from, and the call of a closure. Others stay as they are. */
const LONG =
  /(?<!\w)(__wbg_\w+_[0-9a-f]{16}|__wbindgen_cast_[0-9a-f]{16}|wasm_bindgen_\w+___convert__\w+|\.\/netpol-playground_bg\.js)(?!\w)/g;

/** The module and the script with other names: what has the same name in both still has. */
export function shorten(module, script) {
  const short = new Map();
  const named = (long) => {
    if (long.match(LONG)?.[0] !== long) return long;
    if (!short.has(long)) short.set(long, `_${short.size.toString(36)}`);
    return short.get(long);
  };
  const [reader, out] = [new Reader(module, 8), [module.subarray(0, 8)]];
  while (reader.at < module.length) {
    const [start, id] = [reader.at, reader.byte()];
    const content = new Reader(reader.slice(reader.number()));
    if (id === IMPORTS || id === EXPORTS) out.push(section(id, renamed(content, id, named)));
    else out.push(module.subarray(start, reader.at));
  }
  return { module: Buffer.concat(out), script: script.replace(LONG, named) };
}

/** A list of imports or exports: an import has the name of where it is from before its own. */
function renamed(content, id, named) {
  const items = content.repeat(() => {
    const from = id === IMPORTS ? [name(named(content.text()))] : [];
    const own = name(named(content.text()));
    const start = content.at;
    content.byte();
    content.number();
    return [...from, own, content.bytes.subarray(start, content.at)];
  });
  return Buffer.concat([number(items.length), ...items.flat()]);
}
