// The page's findings as marks in the text: from places by line and character to ranges of the document.

import { element } from "./hover.mjs";

const SEVERITIES = ["error", "warning", "info"];

const within = (least, value, most) => Math.min(Math.max(Math.trunc(Number(value)) || 0, least), most);

/** The UTF-16 offset of a character of a line, counted from 0; the line's length where it has fewer. */
function offset(text, characters) {
  let at = 0;
  for (let i = 0; i < characters && at < text.length; i++) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

/** Where the token that begins at an offset of a line ends: a key, a scalar, a collection as far as the line goes. */
export function tokenEnd(text, at) {
  const rest = text.slice(at);
  const quoted = rest.match(/^"(?:[^"\\]|\\.)*"|^'(?:[^']|'')*'/);
  if (quoted) return at + quoted[0].length;
  if (/^-(\s|$)/.test(rest)) return at + 1;
  if (/^[[{]/.test(rest)) return at + collection(rest);
  // In a flow collection a scalar also ends at a comma or a bracket.
  const [plain] = rest.match(depth(text.slice(0, at)) > 0 ? /^(?:(?!:(?:\s|$)|\s#)[^,[\]{}])*/ : /^(?:(?!:(?:\s|$)|\s#).)*/);
  const length = plain.trimEnd().length;
  return at + (length || Math.min(rest.trim() && 1, rest.length));
}

/** How many brackets are open behind a text, what is in quotes left out. */
function depth(text) {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\s#.*$/g, "");
  return [...bare].reduce((open, sign) => open + ("[{".includes(sign) ? 1 : "]}".includes(sign) ? -1 : 0), 0);
}

function collection(text) {
  for (let end = 1; end <= text.length; end++) {
    if ("]}".includes(text[end - 1]) && depth(text.slice(0, end)) === 0) return end;
  }
  return text.trimEnd().length;
}

const message = ({ message, id, why }) =>
  element(
    "div",
    "cm-mark",
    element("span", "", String(message ?? "")),
    ...(id ? [" ", element("code", "", String(id))] : []),
    ...(why ? [element("p", "", String(why))] : []),
  );

/**
 * The marks of the attribute as diagnostics of the document, in its order. Places outside it are moved inside, but those
 * of other parts of a file of which `before` lines are not here.
 */
export function diagnosticsOf(marks, doc, before = 0) {
  const isHere = ({ line }) => !before || (line > before && line <= before + doc.lines);
  return marks
    .filter((mark) => mark && typeof mark === "object" && isHere(mark))
    .map((mark) => {
      const line = doc.line(within(1, mark.line - before, doc.lines));
      const start = offset(line.text, within(1, mark.column, line.length + 1) - 1);
      const severity = SEVERITIES.includes(mark.severity) ? mark.severity : "error";
      return {
        from: line.from + start,
        to: line.from + tokenEnd(line.text, start),
        severity,
        message: String(mark.message ?? ""),
        renderMessage: () => message(mark),
      };
    })
    .sort((a, b) => a.from - b.from);
}
