// The worker that reads manifests: the Rust of src/bin/reader.rs, and the messages to and from it.
// Messages are bytes in the form of src/message.rs, which only Rust knows.

import init, { answer, goOn, isReading } from "netpol-reader";

const ready = init({ module_or_path: new URL(READER_WASM, import.meta.url) });

// A long reading goes on a step at a time, and what the page has asked meanwhile comes in between: that may be the
// next reading. A message of our own gets in line behind what is there; a timer would wait longer.
const steps = new MessageChannel();
let isGoingOn = false;

function tell(work) {
  try {
    const told = work();
    self.postMessage(told, [told.buffer]);
    if (isReading() && !isGoingOn) {
      isGoingOn = true;
      steps.port2.postMessage(null);
    }
  } catch (error) {
    // The page says so, and starts another worker at the next change.
    self.postMessage(String(error));
  }
}

steps.port1.onmessage = () => {
  isGoingOn = false;
  if (isReading()) tell(goOn);
};

self.onmessage = async ({ data }) => {
  try {
    await ready;
  } catch (error) {
    self.postMessage(String(error));
    return;
  }
  tell(() => answer(data));
};
