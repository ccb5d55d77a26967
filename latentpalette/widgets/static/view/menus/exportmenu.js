// Export menu: the cell and the path as MIDI and as sound, the whole grid as MIDI.
/** @import { Disposables, ExportedFile, ExportedState, Kit, OnError, State } from "../../types.js" */

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createMenu } from "./menu.js";
import { cellMidi, cellWav, gridZip, pathMidi, pathWav } from "../../files/exports.js";

/** @type {[what: string, ending: string, make: (state: ExportedState, kit: Kit) => ExportedFile][]} */
const EXPORTS = [
  ["Selected cell", ".mid", cellMidi],
  ["Selected cell", ".wav", cellWav],
  ["Path", ".mid", pathMidi],
  ["Path", ".wav", pathWav],
  ["Whole grid", ".zip of .mid", gridZip],
];

/**
 * @param {State} state
 * @returns {ExportedState}
 */
const exportedState = ({ get, size, streams, lanes, clipAt }) => ({
  puck: get("puck"),
  points: get("points"),
  qpm: get("qpm"),
  mutes: get("mutes"),
  locks: get("locks"),
  accents: get("accents"),
  bars_per_cell: get("bars_per_cell"),
  path_mode: get("path_mode"),
  size,
  streams,
  lanes,
  clipAt,
});

/** @param {ExportedFile} file */
function saveFile({ name, type, bytes }) {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = el("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000); // some browsers read it only after asking where to
}

/** @param {{ state: State, kit: () => Kit, disposables: Disposables, onError: OnError }} options */
export function createExportMenu({ state, kit, disposables, onError }) {
  const button = el(
    "button",
    { class: "lp-control", type: "button", title: "Export as MIDI or sound", aria: { label: "Export" } },
    icon("download"),
    el("span", { text: "Export" }),
    icon("down"),
  );
  const items = EXPORTS.map(([what, ending, make]) => {
    const item = el(
      "button",
      { class: "lp-item", type: "button", role: "menuitem", aria: { label: `${what} ${ending}` } },
      el("span", { text: what }),
      el("span", { class: "lp-dim", text: ending }),
    );
    item.addEventListener("click", () => {
      try {
        saveFile(make(exportedState(state), kit()));
      } catch (problem) {
        onError(problem);
      }
      menu.close(true);
    });
    return { what, item };
  });
  const menu = createMenu({
    disposables,
    button,
    panel: el("div", { role: "menu", aria: { label: "Export" } }, ...items.map(({ item }) => item)),
    onOpen() {
      for (const { what, item } of items) {
        item.disabled = what === "Path" && !state.get("points").length;
        item.title = item.disabled ? "Draw a path first" : "";
      }
    },
  });
  return menu.element;
}
