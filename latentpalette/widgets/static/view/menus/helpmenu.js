// Help menu: what the palette can do, in seven lines.
/** @import { Disposables } from "../../types.js" */

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createMenu } from "./menu.js";

const HELP = [
  ["Drag", "the puck, or click any cell: the beat changes in time."],
  ["Draw", "a path: it plays itself, cell after cell. Keyboard: Enter adds the cell, Backspace removes one."],
  ["Corners", "click A to D: preset, sample, MIDI file, or paint the steps."],
  ["Mute, lock", "beside each drum. A locked lane stays while the rest moves."],
  ["← ↑ → ↓", "move the puck when the board is focused; paint with Enter in the step grid."],
  ["Space", "plays and stops."],
  ["Ctrl+Z", "undoes corners, paths and sizes; Ctrl+Shift+Z redoes."],
];

/** @param {Disposables} disposables */
export function createHelpMenu(disposables) {
  const button = el(
    "button",
    { class: "lp-control lp-square", type: "button", title: "Help", aria: { label: "Help" } },
    icon("help"),
  );
  const list = el("dl", { class: "lp-help" });
  for (const [term, text] of HELP) list.append(el("dt", { text: term }), el("dd", { text }));
  return createMenu({ disposables, button, panel: el("div", { role: "dialog", aria: { label: "Help" } }, list) })
    .element;
}
