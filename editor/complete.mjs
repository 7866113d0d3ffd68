// What could be written at the cursor: fields, their values, and the labels, namespaces and port names of the loaded
// cluster. The text up to the cursor is seldom a finished manifest, so a scratch state with a placeholder at the
// cursor is parsed instead, and the placeholder's place in that tree says what may stand there.

import { insertCompletionText, pickedCompletion, startCompletion } from "@codemirror/autocomplete";
import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import { fieldAt, KINDS } from "./fields.mjs";
import { help } from "./hover.mjs";
import { keysOf, placeOf, valueOf } from "./place.mjs";

/** Beyond this many milliseconds a tree that is not ready is used as far as it goes. */
const PATIENCE = 50;

/** As a plain scalar, or quoted where YAML would read something else than a string. */
const plain = (text) => (/^([-+.\d].*|y|yes|n|no|on|off|true|false|null|)$/i.test(text) ? JSON.stringify(text) : text);

/** Where the cursor stands: the word around it, what is before and behind it, and whether the line begins with it. */
function around({ state, pos }) {
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  const behind = line.text.slice(pos - line.from);
  const [start] = before.match(/[\w./-]*$/);
  const [end] = behind.match(/^[\w./-]*/);
  const lead = before.slice(0, before.length - start.length);
  return {
    from: pos - start.length,
    to: pos + end.length,
    word: start + end,
    lead,
    rest: behind.slice(end.length),
    begins: /^\s*(- +)*$/.test(lead),
    quoted: /["']$/.test(lead),
  };
}

/** The place of the cursor, as if a word stood there, and the state in which it does. */
function standing(state, { from, to, word, lead, rest, begins, quoted }) {
  if (word.startsWith("-")) return null;
  if (begins ? !/^\s*(:|#|$)/.test(rest) : !/(^|[:-]\s|[,[{])\s*["']?$/.test(lead)) return null;
  const insert = begins && !/^\s*:/.test(rest) ? "x:" : "x";
  const scratch = state.update({ changes: { from, to, insert } }).state;
  const tree = ensureSyntaxTree(scratch, scratch.doc.lineAt(from).to, PATIENCE) ?? syntaxTree(scratch);
  const leaf = tree.resolveInner(from, 1);
  const edge = quoted ? 1 : 0;
  const alone = leaf.from === from - edge && leaf.to === from + 1 + edge;
  const place = alone && /^(Quoted)?Literal$/.test(leaf.name) ? placeOf(scratch, leaf) : null;
  return place && { ...place, scratch };
}

/** A completion that writes a text, with what comes next offered at once where something does. */
const writing = (text, rest, next) => ({
  ...rest,
  apply(view, completion, from, to) {
    const end = from + text.length;
    const caret = rest.select ? { anchor: from + rest.select[0], head: from + rest.select[1] } : { anchor: end };
    view.dispatch({
      ...insertCompletionText(view.state, text, from, to),
      selection: caret,
      scrollIntoView: true,
      annotations: pickedCompletion.of(completion),
    });
    if (next) startCompletion(view);
  },
});

/** What is written for a key: its colon, and the beginning of its value where that is certain. */
function opened(name, field, { lead, rest, begins }) {
  if (/^\s*:/.test(rest)) return name;
  const below = `\n${" ".repeat(lead.length + 2)}`;
  if (!begins || rest.trim()) return `${name}: `;
  if (field.item) return `${name}:${below}- `;
  return field.fields || field.labels ? `${name}:${below}` : `${name}: `;
}

function keyOptions(owner, path, present, cursor, dash) {
  const at = { ...cursor, lead: cursor.lead + dash };
  return Object.entries(owner.fields)
    .filter(([name]) => !present.includes(name))
    .map(([name, field]) => {
      const option = { label: name, displayLabel: dash + name, type: "property", detail: field.type };
      return writing(dash + opened(name, field, at), { ...option, info: () => help([...path, name], field) }, true);
    });
}

const labelKeyOptions = (labels, present, cursor) =>
  Object.keys(labels)
    .filter((key) => !present.includes(key))
    .map((key) => {
      const name = cursor.quoted ? key : plain(key);
      return writing(opened(name, {}, cursor), { label: key, type: "label" }, true);
    });

/** The words that a field takes, as they would be written there. */
function words(field, { object, steps, scratch }, vocabulary) {
  const labels = vocabulary[`${field.whose}Labels`] ?? {};
  switch (field.offers) {
    case "namespaces":
    case "ports":
      return vocabulary[field.offers] ?? [];
    case "labelKeys":
      return Object.keys(labels);
    case "labelValues": {
      // An expression's values are those of the key beside them.
      const key = field.label ?? valueOf(scratch, steps.at(-2).within, "key");
      return Object.hasOwn(labels, key) ? labels[key] : [];
    }
  }
  if (field.values) return field.values;
  if (steps.length > 1) return [];
  const { apiVersion, kind } = object;
  if (steps[0].step === "apiVersion") return Object.keys(KINDS).filter((key) => !kind || KINDS[key].includes(kind));
  if (steps[0].step === "kind") return KINDS[apiVersion] ?? (apiVersion ? [] : Object.values(KINDS).flat());
  return [];
}

function valueOptions(field, place, cursor, vocabulary, dash = "") {
  const inline = cursor.begins || cursor.quoted ? [] : (field.inline ?? []);
  return [
    ...inline.map(([label, detail]) => writing(label, { label, detail, type: "constant" })),
    ...words(field, place, vocabulary).map((word) =>
      writing(dash + (cursor.quoted ? word : plain(word)), { label: word, displayLabel: dash + word, type: "constant" }),
    ),
  ];
}

/** A whole policy, its name selected: it isolates a namespace's pods for ingress, and admits nothing yet. */
function policy(vocabulary) {
  const namespace = plain(vocabulary.namespaces?.[0] ?? "default");
  const start = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ";
  const name = "my-policy";
  const end = `\n  namespace: ${namespace}\nspec:\n  podSelector: {}\n  policyTypes:\n    - Ingress\n`;
  const info = "A policy that isolates every pod of its namespace for ingress, and admits nothing yet.";
  const select = [start.length, start.length + name.length];
  return writing(start + name + end, { label: "NetworkPolicy", detail: "a whole policy", type: "text", boost: 1, info, select });
}

function optionsAt(place, cursor, vocabulary) {
  const path = place.steps.map(({ step }) => step);
  const { pair, object, scratch, steps } = place;
  if (!pair) {
    const field = fieldAt(object, path);
    return field ? valueOptions(field, place, cursor, vocabulary) : [];
  }
  const above = path.slice(0, -1);
  const owner = fieldAt(object, above);
  if (!owner) return [];
  const { within } = steps.at(-1);
  const present = keysOf(scratch, within, pair);
  if (owner.fields) {
    const whole = path.length === 1 && cursor.begins && !cursor.lead && !present.length && !cursor.rest.trim();
    return [...(whole ? [policy(vocabulary)] : []), ...keyOptions(owner, above, present, cursor, "")];
  }
  if (owner.labels) return labelKeyOptions(vocabulary[`${owner.labels}Labels`] ?? {}, present, cursor);
  // At the beginning of a line the placeholder is a key, but a list or a scalar may be what belongs there.
  const value = { ...place, steps: steps.slice(0, -1) };
  if (!cursor.begins || !value.steps.length) return [];
  if (!owner.item) return valueOptions(owner, value, cursor, vocabulary);
  if (present.length) return [];
  const inItem = { ...value, steps: [...value.steps, { step: 0, within }] };
  return owner.item.fields
    ? keyOptions(owner.item, [...above, 0], [], cursor, "- ")
    : valueOptions(owner.item, inItem, cursor, vocabulary, "- ");
}

/** The source of completions; `vocabulary` gives what the loaded cluster has, at the time. */
export const completing = (vocabulary) => (context) => {
  const cursor = around(context);
  if (!context.explicit && context.pos === cursor.from) return null;
  // JSON wants quotes and commas that this would not write.
  if (/^\s*[{[]/.test(context.state.sliceDoc(0, 100))) return null;
  const place = standing(context.state, cursor);
  const options = place ? optionsAt(place, cursor, vocabulary()) : [];
  // A word that is finished wants no list over the next line: Enter is to end the line.
  if (!options.length || (!context.explicit && options.some(({ label }) => label === cursor.word))) return null;
  return { from: cursor.from, to: cursor.to, options };
};
