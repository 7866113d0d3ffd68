// Starts the program, and says in plain words when it cannot start or has stopped.
//
// Runs before the frame is parsed and painted, so that the chosen theme is there from the start. The program
// calls `netpolFailed` from its panic hook. What is chosen lives in the address: a reload keeps it.

"use strict";

(() => {
  const root = document.documentElement;

  // Storage may be forbidden (private windows, strict settings): then the system's theme it is.
  try {
    const theme = localStorage.getItem("netpol.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {}

  function element(tag, text) {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  }

  function notice(title, ...paragraphs) {
    // The first failure is the cause, what follows it is noise.
    if (document.querySelector(".failure")) return;
    const box = document.createElement("div");
    box.className = "failure";
    box.setAttribute("role", "alert");
    const reload = element("button", "Reload");
    reload.addEventListener("click", () => location.reload());
    box.append(element("h1", title), ...paragraphs.map((text) => element("p", text)), reload);
    document.querySelector("#app").inert = true;
    document.body.append(box);
    reload.focus();
  }

  window.netpolFailed = (message) =>
    notice(
      "The playground stopped",
      message,
      "This is a mistake of the playground, not of the manifests. What was chosen is kept in the address of the page: reload to go on from there.",
    );

  function cannotStart(why, advice) {
    notice("The playground cannot start", why, advice);
  }

  /** The names of the program's files, which are known when the page is built. */
  function program() {
    return JSON.parse(document.querySelector("#program").textContent);
  }

  function from(file) {
    return new URL(file, document.baseURI);
  }

  /** A part of the program that only some need: a module of scripts/parts.mjs. A failed load is tried again. */
  window.netpolPart = (name) => {
    const file = from(program().parts[name]);
    return import(file).catch(() => import(`${file}?again=${Date.now()}`));
  };

  /** What is dropped or pasted, taken out before its event is over: files, folders, or else a text. */
  window.netpolTake = (event) => {
    const transfer = event.dataTransfer ?? event.clipboardData;
    const items = [...(transfer?.items ?? [])].filter((item) => item.kind === "file");
    const taken = items.map((item) => {
      const entry = item.webkitGetAsEntry?.();
      return entry?.isDirectory ? entry : item.getAsFile();
    });
    return taken.length ? taken : (transfer?.getData("text/plain") ?? "");
  };

  async function fetched(file) {
    const response = await fetch(file);
    if (!response.ok) throw new Error(`the server answered ${response.status} for ${file}`);
    return response;
  }

  /** Waits until the program's style sheet is there, or is not going to be. */
  async function styled() {
    const link = document.querySelector("link[rel=stylesheet]");
    if (link.sheet) return;
    await new Promise((over) => {
      link.addEventListener("load", over);
      // Where it has failed already, nothing else is heard of it.
      addEventListener("load", over);
    });
  }

  async function start() {
    if (typeof WebAssembly !== "object") {
      cannotStart(
        "This browser does not run WebAssembly, which the playground is made of.",
        "Open the page in a current browser, or allow WebAssembly where a setting or a policy switches it off.",
      );
      return;
    }
    const { script, wasm } = program();
    let init, compiled;
    try {
      [{ default: init }, compiled] = await Promise.all([import(from(script)), fetched(from(wasm)), styled()]);
    } catch (error) {
      cannotStart(
        `A part of it could not be loaded: ${error.message}.`,
        "Check the connection and reload. If that does not help, the page was published incompletely.",
      );
      return;
    }
    try {
      const exports = await init({ module_or_path: compiled });
      // As Trunk's own start script does: for whoever waits for the program.
      dispatchEvent(new CustomEvent("TrunkApplicationStarted", { detail: { wasm: exports } }));
    } catch (error) {
      // A panic has been shown by now, and this says nothing.
      cannotStart(
        `The browser refused the program: ${error.message}.`,
        "Reload. If that does not help, the browser may be too old: open the page in a current one.",
      );
      throw error;
    }
  }

  document.addEventListener("DOMContentLoaded", start);
})();
