// Where a node of the syntax tree stands in its manifest: the path to it, and the object that holds it.
// In: a state of the editor and a leaf of its YAML tree. It knows nothing of what fields mean.

import { ITEM } from "./fields.mjs";

/** The text of a scalar, without its quotes. */
function scalar(state, node) {
  const text = state.sliceDoc(node.from, node.to);
  if (node.name === "Literal") return text;
  if (node.name !== "QuotedLiteral") return undefined;
  const inside = text.slice(1, text.length > 1 && text.endsWith(text[0]) ? -1 : undefined);
  return text[0] === "'" ? inside.replaceAll("''", "'") : inside.replace(/\\(["\\/])/g, "$1");
}

const keyOf = (state, pair) => {
  const node = pair.getChild("Key")?.firstChild;
  return node ? scalar(state, node) : undefined;
};

/** The keys of a mapping, but for that of one pair. */
export const keysOf = (state, mapping, except) =>
  mapping
    .getChildren("Pair")
    .filter((pair) => pair.from !== except?.from)
    .map((pair) => keyOf(state, pair))
    .filter((key) => key !== undefined);

/** The scalar under a key of a mapping. */
export function valueOf(state, mapping, name) {
  const pair = mapping.getChildren("Pair").find((pair) => keyOf(state, pair) === name);
  return pair && pair.lastChild.name !== "Key" ? scalar(state, pair.lastChild) : undefined;
}

/**
 * The place of a leaf of the tree:
 *   steps   from its object to it, each a `step` (a key, or ITEM) and the mapping or sequence it is taken `within`
 *   pair    the pair whose key the leaf is, where it is a key; the last step is then that key
 *   object  what is said of its object: `apiVersion`, `kind`, `keys`
 * Nothing when the leaf is not in a mapping.
 */
export function placeOf(state, leaf) {
  let steps = [];
  for (let at = leaf; at && at.name !== "Document"; at = at.parent) {
    if (at.name === "Pair") steps.unshift({ step: keyOf(state, at), within: at.parent });
    if (at.name === "Item") steps.unshift({ step: ITEM, within: at.parent });
  }
  if (typeof steps[0]?.step !== "string") return null;

  let kind = valueOf(state, steps[0].within, "kind");
  let given;
  if (kind?.endsWith("List") && steps[0].step === "items" && steps.length > 2) {
    // What a typed list holds may leave its kind out.
    given = kind.slice(0, -"List".length) || undefined;
    steps = steps.slice(2);
    kind = valueOf(state, steps[0].within, "kind") ?? given;
  }
  const [{ within }] = steps;
  const pair = leaf.parent?.name === "Key" ? leaf.parent.parent : undefined;
  const object = { apiVersion: valueOf(state, within, "apiVersion"), kind, keys: keysOf(state, within, pair) };
  return { steps, pair, object };
}

/** The path of a place, as it is written: `spec.ingress[].from`. */
export const written = (path) =>
  path.reduce((text, step) => (step === ITEM ? `${text}[]` : text ? `${text}.${step}` : step), "");
