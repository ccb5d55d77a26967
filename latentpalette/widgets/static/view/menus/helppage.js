// Help in Set up: what the instrument can do, in a few lines.
/** @import { SetupPage } from "../../types.js" */

import { el } from "../dom.js";

const KEYS = [
  ["Space", "plays and stops."],
  ["Ctrl+Z", "undoes whatever changed the music; Ctrl+Shift+Z redoes."],
  ["H", "opens the history: the last states, one click away; S puts a star on one, which keeps it."],
  ["?", "opens these lines."],
];

/**
 * @param {string[][]} help   [term, text] of the instrument
 * @returns {SetupPage}
 */
export function createHelpPage(help) {
  const list = el("dl", { class: "lp-help" });
  for (const [term, text] of [...help, ...KEYS]) list.append(el("dt", { text: term }), el("dd", { text }));
  return { name: "help", label: "Keys and help", element: list, value: () => "?", open() {} };
}
