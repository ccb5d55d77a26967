// Help on a palette, in a few lines: of its kind of music only what it has.
/** @import { State } from "../../types.js" */

const DRAG = ["Drag", "the puck, or click any cell: the music changes in time."];
const DRAW = ["Draw", "a path: it plays itself, cell after cell. Keyboard: Enter adds the cell, Backspace removes one."];
const CORNERS = ["Corners", "click A to D: preset, sample, or a MIDI file; drop one on the board."];
const BLENDS = [
  "Blends",
  "smooth: neighbors differ little; musical: each is closer to real music, and some neighbors differ more.",
];
const STEPS = ["Steps", "in a corner: click or drag to paint; by keyboard, arrows and Enter."];
const LOUDNESS = ["Loudness", "pull a step up or down, or press + and −."];
const NOTES = [
  "Notes",
  "in a corner: click or drag to draw, move them, pull the end to lengthen; double click deletes. By keyboard, arrows move, with Shift they lengthen, Enter adds, Backspace deletes.",
];
const STREAMS = ["Streams", "S at a stream plays it alone. A corner is listened to and replaced."];
const LANES = ["Mute, lock", "beside each lane. A locked lane stays while the rest moves."];
const ARROWS = ["← ↑ → ↓", "move the puck when the board is focused."];

/**
 * @param {State} state
 * @returns {string[][]}   [term, text]
 */
export function paletteHelp({ get, streams }) {
  const [only, ...others] = streams;
  const editing = others.length ? [STREAMS] : only.is_drum ? (get("has_velocity") ? [STEPS, LOUDNESS] : [STEPS]) : [NOTES];
  const hasLanes = others.length > 0 || only.is_drum;
  return [DRAG, DRAW, CORNERS, ...(get("has_prior") ? [BLENDS] : []), ...editing, ...(hasLanes ? [LANES] : []), ARROWS];
}
