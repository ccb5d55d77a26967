// Help in Set up: what the palette can do, in a few lines.
/** @import { SetupPage, State } from "../../types.js" */

import { el } from "../dom.js";

const HELP = [
  ["Drag", "the puck, or click any cell: the music changes in time."],
  ["Draw", "a path: it plays itself, cell after cell. Keyboard: Enter adds the cell, Backspace removes one."],
  ["Corners", "click A to D: preset, sample, MIDI file, or edit the notes."],
  ["Mute, lock", "beside each lane. A locked lane stays while the rest moves."],
  ["← ↑ → ↓", "move the puck when the board is focused; edit with Enter in the corner."],
  ["Space", "plays and stops."],
  ["Ctrl+Z", "undoes corners, blends, paths and sizes; Ctrl+Shift+Z redoes."],
  ["?", "opens these lines."],
];

const BLENDING = [
  "Blends",
  "smooth: neighbors differ little; musical: each is closer to real loops, and some neighbors differ more.",
];

/**
 * @param {State} state
 * @returns {SetupPage}
 */
export function createHelpPage(state) {
  const lines = state.get("has_prior") ? [...HELP.slice(0, 3), BLENDING, ...HELP.slice(3)] : HELP;
  const list = el("dl", { class: "lp-help" });
  for (const [term, text] of lines) list.append(el("dt", { text: term }), el("dd", { text }));
  return { name: "help", label: "Keys and help", element: list, value: () => "?", open() {} };
}
