// YAML, parsed one document at a time.
//
// The grammar reads a text as one long stream, and an edit at its beginning costs as much as all of it. Manifests are
// many short documents, and an edit changes one of them: the trees of the others are taken from the last time.

import { NodeType, Parser, Tree } from "@lezer/common";
import { yamlLanguage } from "@codemirror/lang-yaml";
import { Language, LanguageSupport, languageDataProp } from "@codemirror/language";

const documents = NodeType.define({ id: 0, name: "Documents", top: true, props: [[languageDataProp, yamlLanguage.data]] });

/** Where documents begin. `---` at the beginning of a line is never anything else. */
function beginnings(text) {
  const found = [0];
  for (const { index } of text.matchAll(/^---(?=\s|$)/gm)) if (index > 0) found.push(index);
  return found;
}

class ByDocument extends Parser {
  /** The trees of the documents that were there the last time, by their texts. */
  trees = new Map();

  createParse(input) {
    return new Parse(this, input.read(0, input.length));
  }
}

class Parse {
  stoppedAt = null;
  #parser;
  #text;
  #starts;
  #trees = new Map();
  #children = [];
  #inner = null;

  constructor(parser, text) {
    this.#parser = parser;
    this.#text = text;
    this.#starts = beginnings(text);
  }

  get #start() {
    return this.#starts[this.#children.length] ?? this.#text.length;
  }

  get parsedPos() {
    return this.#start + (this.#inner?.parsedPos ?? 0);
  }

  stopAt(position) {
    this.stoppedAt = position;
    this.#inner?.stopAt(Math.max(0, position - this.#start));
  }

  /** Parses a document, or a part of one; returns the tree of all when it was the last. */
  advance() {
    const index = this.#children.length;
    if (index === this.#starts.length || (this.stoppedAt !== null && !this.#inner && this.#start >= this.stoppedAt)) return this.#finish();
    const text = this.#text.slice(this.#start, this.#starts[index + 1]);
    const known = this.#parser.trees.get(text) ?? this.#trees.get(text);
    if (known) {
      this.#add(text, known);
      return null;
    }
    this.#inner ??= yamlLanguage.parser.startParse(text);
    const tree = this.#inner.advance();
    if (tree) this.#add(this.#inner.stoppedAt === null ? text : null, tree);
    return null;
  }

  #add(text, tree) {
    if (text !== null) this.#trees.set(text, tree);
    this.#children.push(tree);
    this.#inner = null;
  }

  #finish() {
    // What was stopped has not seen all documents, and so does not know which of them are gone.
    if (this.stoppedAt === null) this.#parser.trees = this.#trees;
    else for (const [text, tree] of this.#trees) this.#parser.trees.set(text, tree);
    const { length } = this.#children;
    return new Tree(documents, this.#children, this.#starts.slice(0, length), this.#start);
  }
}

export const yaml = () => new LanguageSupport(new Language(yamlLanguage.data, new ByDocument(), [], "yaml"));
