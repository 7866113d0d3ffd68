// `<manifest-editor>`: makes an editor of the text area that it holds.
//
// The page owns the text area, and the text area stays the truth: every edit is written into it and sent from it as
// `input`, every move of the cursor as `cursor`. What the page does by itself comes as attributes: `path` is the file,
// `revision` counts the texts that the page has set, `first` is the number of the first line, `marks` and `vocabulary` are JSON from the worker. Without this
// script the page shows the text area, which is hidden otherwise.

import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, redo, undo } from "@codemirror/commands";
import { codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { completing } from "./complete.mjs";
import { hovering } from "./hover.mjs";
import { yaml } from "./language.mjs";
import { diagnosticsOf } from "./marks.mjs";
import { theme } from "./theme.mjs";

/** Marks what the page has done, which it need not be told. */
const fromPage = Annotation.define();

/** How many files keep their history, their cursor and their folds. */
const KEPT = 50;

const still = matchMedia("(prefers-reduced-motion: reduce)");

class ManifestEditor extends HTMLElement {
  static observedAttributes = ["path", "revision", "first", "marks", "vocabulary", "readonly"];

  /** The text before the page changed it, so that this too can be undone in a file that has not been shown yet. */
  before;

  #view;
  #area;
  #states = new Map();
  #path = "";
  #words = {};
  #pending = false;
  #writable = new Compartment();

  connectedCallback() {
    this.#area = this.querySelector("textarea");
    if (!this.#area || this.#view) return;
    this.#path = this.getAttribute("path") ?? "";
    this.#readVocabulary();
    const host = document.createElement("div");
    host.className = "manifest-host";
    this.append(host);
    this.#view = new EditorView({ state: this.#begin(this.#area.value), parent: host });
    this.#mark();
    this.addEventListener("reveal", this.#reveal);
    this.addEventListener("undo", this.#undo);
    this.addEventListener("redo", this.#redo);
    if (this.hasAttribute("reveal")) this.#reveal();
  }

  disconnectedCallback() {
    this.removeEventListener("reveal", this.#reveal);
    this.removeEventListener("undo", this.#undo);
    this.removeEventListener("redo", this.#redo);
    this.#view?.dom.parentElement.remove();
    this.#view?.destroy();
    this.#view = undefined;
    this.#states.clear();
  }

  /** What changes in one breath is looked at once: a path comes with its text and its marks. */
  attributeChangedCallback() {
    if (this.#pending || !this.#view) return;
    this.#pending = true;
    queueMicrotask(() => {
      this.#pending = false;
      if (this.#view) this.#follow();
    });
  }

  #follow() {
    const path = this.getAttribute("path") ?? "";
    if (path !== this.#path) {
      this.#states.delete(this.#path);
      this.#states.set(this.#path, { state: this.#view.state, top: this.#view.scrollDOM.scrollTop });
      if (this.#states.size > KEPT) this.#states.delete(this.#states.keys().next().value);
      this.#path = path;
      const kept = this.#states.get(path);
      this.#view.setState(kept?.state ?? this.#begin(this.before || this.#area.value));
      if (kept) requestAnimationFrame(() => this.#view && (this.#view.scrollDOM.scrollTop = kept.top));
    }
    this.#take(this.#area.value);
    this.#view.dispatch({
      effects: this.#writable.reconfigure(EditorState.readOnly.of(this.hasAttribute("readonly"))),
      annotations: fromPage.of(true),
    });
    this.#readVocabulary();
    this.#mark();
  }

  /** Makes the document equal to a text that the page has set, as one change that can be undone. */
  #take(text) {
    const now = this.#view.state.doc.toString();
    if (now === text) return;
    const most = Math.min(now.length, text.length);
    let start = 0;
    while (start < most && now[start] === text[start]) start++;
    let end = 0;
    while (end < most - start && now[now.length - 1 - end] === text[text.length - 1 - end]) end++;
    this.#view.dispatch({
      changes: { from: start, to: now.length - end, insert: text.slice(start, text.length - end) },
      annotations: fromPage.of(true),
    });
  }

  #mark() {
    const marks = this.#json("marks", []);
    const found = Array.isArray(marks) ? diagnosticsOf(marks, this.#view.state.doc, this.#before()) : [];
    const { annotations, ...rest } = setDiagnostics(this.#view.state, found);
    this.#view.dispatch({ ...rest, annotations: [fromPage.of(true), ...[annotations ?? []].flat()] });
  }

  /** How many lines of the file come before the first one that is here. */
  #before() {
    return Math.max(0, (Number(this.getAttribute("first")) || 1) - 1);
  }

  #readVocabulary() {
    this.#words = this.#json("vocabulary", {});
  }

  #json(name, otherwise) {
    const text = this.getAttribute(name);
    if (!text) return otherwise;
    try {
      return JSON.parse(text);
    } catch (error) {
      console.warn(`${name} of the editor: ${error.message}`);
      return otherwise;
    }
  }

  #reveal = () => {
    this.removeAttribute("reveal");
    // What the page has set in the same breath comes first.
    if (this.#pending) this.#follow();
    const { selectionStart: anchor, selectionEnd: head } = this.#area;
    const end = this.#view.state.doc.length;
    const selection = { anchor: Math.min(anchor, end), head: Math.min(head, end) };
    this.#view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: "center" }) });
    this.#view.focus();
  };

  #undo = () => undo(this.#view);
  #redo = () => redo(this.#view);

  /** Tells the page of an edit, and of where the cursor is. */
  #tell({ docChanged, selectionSet, state, transactions }) {
    const byPage = transactions.length && transactions.every((transaction) => transaction.annotation(fromPage));
    if (docChanged && !byPage) {
      this.#area.value = state.doc.toString();
      this.#area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    if (docChanged || selectionSet) {
      const { from, to } = state.selection.main;
      this.#area.setSelectionRange(from, to);
      if (!byPage) this.#area.dispatchEvent(new Event("cursor", { bubbles: true }));
    }
  }

  #begin(doc) {
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers({ formatNumber: (line) => String(line + this.#before()) }),
        foldGutter(),
        codeFolding(),
        lintGutter(),
        history(),
        drawSelection({ cursorBlinkRate: still.matches ? 0 : 1200 }),
        indentOnInput(),
        indentUnit.of("  "),
        EditorState.tabSize.of(2),
        yaml(),
        theme,
        hovering,
        highlightActiveLine(),
        autocompletion({ override: [completing(() => this.#words)], icons: false }),
        search({ top: true }),
        // Tab is not bound: it leaves the editor, as it leaves every other field.
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...searchKeymap, ...foldKeymap, ...lintKeymap]),
        this.#writable.of(EditorState.readOnly.of(this.hasAttribute("readonly"))),
        EditorView.contentAttributes.of({
          "aria-label": this.#area.getAttribute("aria-label") ?? "",
          // It scrolls, and so it has to be reached by keyboard for certain: some browsers pass over what is edited.
          tabindex: "0",
          "aria-description": "Tab leaves the editor; Control or Command with ] and [ indents.",
        }),
        EditorView.updateListener.of((update) => this.#tell(update)),
      ],
    });
  }
}

// In a task of its own: to load this script and to draw an editor are long enough each.
setTimeout(() => customElements.define("manifest-editor", ManifestEditor));
