// Help menu: what the palette can do, in a few lines.
/** @import { Disposables, State } from "../../types.js" */

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
  ["Ctrl+Z", "undoes corners, blends, paths and sizes; Ctrl+Shift+Z redoes."],
];

const BLENDING = [
  "Blends",
  "smooth: neighbors differ little; musical: each is closer to real loops, and some neighbors differ more.",
];

/** @param {{ state: State, disposables: Disposables }} options */
export function createHelpMenu({ state, disposables }) {
  const button = el(
    "button",
    { class: "lp-control lp-square", type: "button", title: "Help", aria: { label: "Help" } },
    icon("help"),
  );
  const list = el("dl", { class: "lp-help" });
  const lines = state.get("has_prior") ? [...HELP.slice(0, 3), BLENDING, ...HELP.slice(3)] : HELP;
  for (const [term, text] of lines) list.append(el("dt", { text: term }), el("dd", { text }));
  return createMenu({ disposables, button, panel: el("div", { role: "dialog", aria: { label: "Help" } }, list) })
    .element;
}
