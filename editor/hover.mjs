// What a field means, shown over its key and beside its completion. Texts become text nodes, never markup.

import { syntaxTree } from "@codemirror/language";
import { hoverTooltip } from "@codemirror/view";
import { fieldAt } from "./fields.mjs";
import { placeOf, written } from "./place.mjs";

/** An element of a class, with texts and elements in it. */
export function element(tag, name, ...inside) {
  const made = document.createElement(tag);
  made.className = name;
  made.append(...inside);
  return made;
}

/** A sentence, with what stands in backticks as code. */
const sentence = (text) => text.split("`").map((part, i) => (i % 2 ? element("code", "", part) : part));

/** The help on a field at a path. */
export const help = (path, field) =>
  element(
    "div",
    "cm-help",
    element("code", "", written(path)),
    element("p", "cm-help-type", field.type, "; ", ...(field.default ? ["default: ", ...sentence(field.default)] : ["required"])),
    element("p", "", ...sentence(field.about)),
  );

/** The path and the field of the key at a position, where there is one that is known. */
export function fieldOver(state, pos, side) {
  const leaf = syntaxTree(state).resolveInner(pos, side);
  const place = leaf.parent?.name === "Key" ? placeOf(state, leaf) : null;
  if (!place) return null;
  const path = place.steps.map(({ step }) => step);
  const field = fieldAt(place.object, path);
  return field?.about ? { leaf, path, field } : null;
}

export const hovering = hoverTooltip((view, pos, side) => {
  const found = fieldOver(view.state, pos, side);
  return found && { pos: found.leaf.from, end: found.leaf.to, above: true, create: () => ({ dom: help(found.path, found.field) }) };
});
