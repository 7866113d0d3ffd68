// The worker that reads manifests: the Rust of src/bin/reader.rs, and the messages to and from it.
// Messages are bytes in the form of src/message.rs, which only Rust knows.

import init, { answer } from "netpol-reader";

const ready = init({ module_or_path: new URL(READER_WASM, import.meta.url) });

self.onmessage = async ({ data }) => {
  try {
    await ready;
    const told = answer(data);
    self.postMessage(told, [told.buffer]);
  } catch (error) {
    // The page says so, and starts another worker at the next change.
    self.postMessage(String(error));
  }
};
