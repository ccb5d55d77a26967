// What there is to take home: the cell and the path as MIDI and as sound, the whole grid as MIDI.
import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createMenu } from "./menu.js";
import { cellMidi, cellWav, gridZip, pathMidi, pathWav } from "../../files/exports.js";

const EXPORTS = [
  ["Selected cell", ".mid", cellMidi],
  ["Selected cell", ".wav", cellWav],
  ["Path", ".mid", pathMidi],
  ["Path", ".wav", pathWav],
  ["Whole grid", ".zip of .mid", gridZip],
];

const EXPORTED_TRAITS = [
  "patterns", "originals", "puck", "points", "qpm", "mutes", "locks", "accents", "pitches", "bars_per_cell", "path_mode",
];

export function saveFile({ name, type, bytes }) {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = el("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000); // some browsers read it only after asking where to
}

export function createExportMenu({ state, kit, disposables, onError }) {
  const button = el(
    "button",
    { class: "lp-control", type: "button", title: "Export as MIDI or sound", aria: { label: "Export" } },
    icon("download"),
    el("span", { text: "Export" }),
    icon("down"),
  );
  const exportedState = () => {
    const values = Object.fromEntries(EXPORTED_TRAITS.map((name) => [name, state.get(name)]));
    return { ...values, cells: state.cells, size: state.size };
  };
  const items = EXPORTS.map(([what, ending, make]) => {
    const item = el(
      "button",
      { class: "lp-item", type: "button", role: "menuitem", aria: { label: `${what} ${ending}` } },
      el("span", { text: what }),
      el("span", { class: "lp-dim", text: ending }),
    );
    item.addEventListener("click", () => {
      try {
        saveFile(make(exportedState(), kit()));
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
