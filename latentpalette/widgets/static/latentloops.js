// Latent Loops: one view of a session, put together from the matrix, the grid, the clipboard, the song and the status line.
/** @import { LoopsSession, Model, Parts, Surroundings } from "./types.js" */
/** @import { OnEdit } from "./view/loops/gridcard.js" */

import { canAsk } from "./state/requests.js";
import { el } from "./view/dom.js";
import { createCarrier } from "./view/loops/carry.js";
import { createClipboardCard } from "./view/loops/clipboardcard.js";
import { createGridCard } from "./view/loops/gridcard.js";
import { createKeyChoice } from "./view/loops/keychoice.js";
import { createLoopSpots } from "./view/loops/loopspots.js";
import { createLoopDrawing } from "./view/loops/loopdrawing.js";
import { loopsEntries } from "./view/loops/loopsentries.js";
import { createLoopsStatus } from "./view/loops/loopsstatus.js";
import { createMatrixCard } from "./view/loops/matrixcard.js";
import { createSongCard } from "./view/loops/songcard.js";
import { createLoopTabs } from "./view/loops/looptabs.js";
import { samplesPages } from "./view/menus/samplespage.js";
import { launchRow, switchRow } from "./view/menus/setuprows.js";
import { createShell } from "./view/shell.js";
import { openLoops } from "./state/loopssession.js";
import { keepRow } from "./state/rows.js";

/**
 * @param {{ model: Model }} widget
 * @returns {() => void}   called when the widget is gone
 */
const initialize = ({ model }) => keepRow(model, "cells");

/**
 * Show Latent Loops.
 * @param {{ model: Model, el: HTMLElement }} widget
 * @returns {() => void}   closes the view
 */
function render({ model, el: host }) {
  const { session, close } = openLoops(model);
  return createShell({ host, name: "Latent Loops", session, close, shown: SHOWN, build: (around) => buildLoops(session, around) });
}

/**
 * @param {LoopsSession} session
 * @param {Surroundings} around
 * @returns {Parts}
 */
function buildLoops(session, { disposables, isDark, mark, clipboard: clips, openState }) {
  const { state, actions, transport } = session;
  const unavailable = () =>
    canAsk(state, "decode") ? "" : `Needs Python: ${state.get("origin") ? "run the cell again" : "open it in a notebook"}`;
  const drawing = createLoopDrawing({ session, isDark });
  const carrier = createCarrier();
  const matrix = createMatrixCard({
    session,
    disposables,
    isDark,
    unavailable,
    openState,
    grip: clips.grip("what is edited", () => spots.edited()),
  });
  /** @type {OnEdit} */
  const onEdit = (where) => {
    matrix.editAt(where);
    tabs.open("sketch");
  };
  const parts = { session, disposables, drawing, carrier, onEdit };
  const grid = createGridCard({
    ...parts,
    isDark,
    unavailable,
    onDropFiles(files, where) {
      onEdit(where);
      void matrix.load(files);
    },
  });
  const clipboard = createClipboardCard({ ...parts, grip: clips.grip("the chosen loop", () => spots.chosen()) });
  const song = createSongCard(parts);
  const spots = createLoopSpots({ session, matrix, grid });
  const status = createLoopsStatus(session);
  const keyChoices = [createKeyChoice(session), createKeyChoice(session)]; // in the bar; beside the tabs of a narrow place
  const tabs = createLoopTabs([
    { name: "sketch", text: "Sketch", element: matrix.element },
    { name: "grid", text: "Grid", element: grid.element },
    { name: "clipboard", text: "Clipboard", element: clipboard.element },
  ]);
  let last = "";

  function show() {
    keyChoices.forEach((choice) => choice.show());
    matrix.show();
    grid.show();
    clipboard.show();
    song.show();
    status.show();
    if (!transport.sounding) {
      song.stopProgress();
      matrix.movePlayhead(-1);
    }
  }
  return {
    middle: [keyChoices[0].element],
    setup: [
      launchRow({ state, title: "When another loop takes over" }),
      switchRow({
        state,
        trait: "snap_to_scale",
        label: "Keep in the scale",
        title: "On: blends, samples, presets and files are moved to the nearest notes of the scale. Off: they stay as they are.",
      }),
      ...samplesPages({ state, set: (conditions) => state.set({ conditions }) }),
    ],
    keep: loopsEntries(session),
    help: HELP,
    body: [el("div", { class: "lp-tabrow" }, tabs.element, keyChoices[1].element), matrix.element, grid.element, clipboard.element, song.element, status.element, carrier.element],
    show,
    tick() {
      const position = transport.position();
      matrix.movePlayhead(position ? Math.floor(position.phase) : -1);
      song.tick();
      const place = `${position?.key} ${session.sounding()?.turn}`;
      if (place === last) return;
      last = place;
      mark(); // what was asked for sounds
    },
    keys: {
      isOpen: () => matrix.isRecorded(),
      clip: () => actions.targetClip(matrix.target) ?? { steps: session.steps(), notes: [] },
      begin: () => matrix.beginKeys(),
      edit: (notes) => matrix.editKeys(notes),
    },
    keysHelp: "Keys are heard, and while Steps are edited they are recorded into that loop; the first one begins it.",
    spotAt: spots.at,
    repaint() {
      matrix.show();
      clipboard.redraw();
      song.redraw();
    },
    showNotice: status.showNotice,
    clearNotice: status.clearNotice,
    onKey(event) {
      const target = /** @type {Element} */ (event.target);
      if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input, select, textarea")) return false;
      const where = session.focused();
      const digit = Number(event.key);
      const letter = event.key.toLowerCase();
      if (letter === "c") actions.keep(where);
      else if (letter === "t") actions.insert(where);
      else if (letter === "e") onEdit(where);
      else if (letter === "s") matrix.toggleMode();
      else if (letter === "r") song.play();
      else if (letter === "g") void song.compose();
      else if (digit >= 1 && digit <= 8 && state.get("clips")[digit - 1]) session.choose({ kind: "clip", index: digit - 1 });
      else if (event.key === "Escape") session.choose({ kind: "cell", row: state.get("cell")[0], col: state.get("cell")[1] });
      else return false;
      return true;
    },
  };
}

const SHOWN = [
  "corner_clips", "labels", "left_out", "curves", "size", "interpolation", "refined", "clips", "places", "tonic", "scale",
  "snap_to_scale", "song_mode", "cell", "place", "plays", "sketch_grid",
];

const HELP = [
  ["Sketch", "a curve on the matrix: it snaps to the scale. Steps edits note by note."],
  ["Hover", "over a loop while it plays: you hear it, in time. A click chooses it."],
  ["Double click", "a loop, or E, to edit it on the matrix."],
  ["Drag", "loops to the clipboard and into the song; or C and T, or a click on a free place."],
  ["R", "plays the song from the chosen place. ↑ ↓ transpose a place, + − repeat it, Alt with ← → moves it."],
  ["G", "goes on with the song: the model composes four places, of an empty song eight."],
  ["1 to 8", "play a loop of the clipboard."],
];

export default { initialize, render };
