// Files of the palette in the Keep menu: the cell and the path as MIDI and as sound, the whole board as MIDI.
/** @import { Clip, ExportedFile, ExportedState, Kit, MenuAction, MenuEntry, State } from "../../types.js" */

import { playedSettings } from "../../state/loop.js";
import { saveFile } from "../savefile.js";
import { cellMidi, cellWav, gridZip, pathMidi, pathWav } from "../../files/exports.js";

/**
 * @param {{ state: State, kit: () => Kit, exactClip: () => Clip | null }} options   `exactClip` plays between the cells
 * @returns {MenuEntry[]}
 */
export function exportEntries({ state, kit, exactClip }) {
  /**
   * @param {"cell" | "path" | "board"} what
   * @param {string} format
   * @param {(state: ExportedState, kit: Kit) => ExportedFile} make
   * @returns {MenuAction}
   */
  const file = (what, format, make) => ({
    label: what,
    name: `${what[0].toUpperCase()}${what.slice(1)} as ${format}`,
    title: { cell: "The cell under the puck", path: "The path as it plays", board: "Every cell, in a zip" }[what],
    unavailable: () => (what === "path" && !state.get("points").length ? "Draw a path first" : ""),
    run() {
      const exported = exportedState(state);
      const clipAt = what === "cell" ? (/** @type {[number, number]} */ ...cell) => exactClip() ?? state.clipAt(...cell) : state.clipAt;
      saveFile(make({ ...exported, clipAt }, kit()));
    },
  });
  return [
    {
      label: "MIDI",
      actions: [file("cell", "MIDI", cellMidi), file("path", "MIDI", pathMidi), file("board", "MIDI", gridZip)],
    },
    { label: "WAV", actions: [file("cell", "WAV", cellWav), file("path", "WAV", pathWav)] },
  ];
}

/** @param {State} state */
const exportedState = (state) => ({
  ...playedSettings(state),
  puck: state.get("puck"),
  points: state.get("points"),
  bars_per_cell: state.get("bars_per_cell"),
  path_mode: state.get("path_mode"),
  size: state.size,
});
