// Palette: one view of a session, put together from board, cards and status line.
/** @import { Model, Parts, Session, Surroundings, Traits } from "./types.js" */

import { createBoard } from "./view/board.js";
import { createCardTabs } from "./view/cards/cardtabs.js";
import { createCornerCard } from "./view/cards/cornercard.js";
import { createPlayingCard } from "./view/cards/playingcard.js";
import { createCornerTags } from "./view/cornertags.js";
import { el } from "./view/dom.js";
import { exportEntries } from "./view/menus/exportentries.js";
import { paletteHelp } from "./view/menus/palettehelp.js";
import { paletteSetup } from "./view/menus/palettesetup.js";
import { createPaletteSpots } from "./view/palettespots.js";
import { createPathOptions } from "./view/pathoptions.js";
import { createShell } from "./view/shell.js";
import { createStatus } from "./view/status.js";
import { createToolSwitch } from "./view/toolswitch.js";
import { keepInNotebook } from "./state/notebook.js";
import { forgetGrid, openSession, shownGrid } from "./state/session.js";
import { shareModel } from "./state/sharing.js";

/**
 * @param {{ model: Model }} widget
 * @returns {() => void}   called when the widget is gone
 */
function initialize({ model }) {
  const id = model.get("widget_id");
  const unshare = shareModel(model);
  keepInNotebook(model, () => shownGrid(id));
  return () => {
    unshare();
    forgetGrid(id);
  };
}

/**
 * Show a palette.
 * @param {{ model: Model, el: HTMLElement }} widget
 * @returns {() => void}   closes the view
 */
function render({ model, el: host }) {
  const { session, close } = openSession(model);
  return createShell({ host, name: "Palette", session, close, shown: SHOWN, build: (around) => buildPalette(session, around) });
}

/**
 * @param {Session} session
 * @param {Surroundings} around
 * @returns {Parts}
 */
function buildPalette(session, { disposables, isDark, mark, clipboard, onNotice, openState }) {
  const { state, playback, commands, history, onError } = session;
  const board = createBoard({
    state,
    playback,
    commands,
    disposables,
    isDark,
    beforeMove: () => playback.playCorner(null),
    onDropFiles: (files, corner) => cornerCard.load(files, corner),
    onNotice: (text) => status.showPathNotice(text),
  });
  const playing = createPlayingCard({ state, playback, commands, disposables, isDark, grip: clipboard.grip("what plays", () => spots.chosen()) });
  const selectCorner = (/** @type {number} */ k) => {
    cornerCard.select(k);
    cards.open("corner");
    playback.playCorner(k);
    show();
  };
  const cornerCard = createCornerCard({
    state,
    playback,
    commands,
    disposables,
    request: session.request,
    isDark,
    grip: clipboard.grip("the corner", () => spots.corner(cornerCard.corner)),
    onSelect: selectCorner,
    onStateFile: openState,
    onError,
  });
  const cards = createCardTabs(playing.element, cornerCard.element);
  const tags = createCornerTags({ state, playback, onSelect: selectCorner });
  const pathOptions = createPathOptions({ state, commands });
  const status = createStatus({ state, playback });
  const tool = createToolSwitch(state);
  const spots = createPaletteSpots({ session, board, cornerCard, tags });
  const below = el("div", { class: "lp-tags" }, tags.elements[2], pathOptions.element, tags.elements[3]);

  function show() {
    tool.show();
    playing.show();
    cornerCard.show();
    status.show(session.decodeState, session.decodeMs);
    board.showProgress(session.decodeState);
    board.redraw();
    tags.show(cornerCard.corner);
    pathOptions.show();
    below.classList.toggle("lp-drawing", state.get("tool") === "draw");
  }
  let lastSize = state.size;
  let lastStep = NaN;
  let lastPuck = "";
  let lastPlace = "";
  function tick() {
    const { step, puck } = playback.position();
    const { cell, corner } = playback.audible();
    const place = `${cell.row} ${cell.col} ${corner}`;
    if (place !== lastPlace) {
      lastPlace = place;
      mark(); // what was asked for sounds
    }
    if (step !== lastStep) {
      lastStep = step;
      playing.movePlayhead(step);
      cornerCard.movePlayhead(step);
    }
    if (playback.followedPath || String(puck) !== lastPuck) {
      lastPuck = String(puck);
      board.redraw();
    }
  }
  disposables.add(
    state.on("cells", () => {
      if (state.size === lastSize) board.redrawField();
      else board.reveal();
      lastSize = state.size;
      mark();
    }),
  );
  for (const name of ["corner_clips", "use_original_corners"]) disposables.add(state.on(name, () => board.redrawField()));
  requestAnimationFrame(() => board.reveal());

  return {
    middle: [tool.element],
    setup: paletteSetup({ state, commands, history, onNotice }),
    keep: exportEntries({ state, kit: session.kit, exactClip: playback.exactClip }),
    help: paletteHelp(state),
    knobs: [0, 1].map((axis) => ({
      name: axis ? "puck, down" : "puck, across",
      element: board.element,
      get: () => state.get("puck")[axis],
      set(value) {
        const [x, y] = state.get("puck");
        playback.playCorner(null);
        state.set({ puck: axis ? [x, value] : [value, y] });
      },
    })),
    keys: {
      isOpen: () => playback.corner !== null && state.streams.length === 1,
      clip: () => state.cornerClip(cornerCard.corner),
      begin: () => commands.beginEdit(cornerCard.corner),
      edit: (notes) => commands.editNotes(cornerCard.corner, notes),
    },
    spotAt: spots.at,
    keysHelp:
      state.streams.length === 1
        ? "Keys are heard, and while a corner is open they are recorded into it; the first one begins the loop."
        : "Keys are heard; a corner of several streams is not recorded into.",
    body: [
      el(
        "div",
        { class: "lp-pal" },
        el("div", { class: "lp-tags" }, tags.elements[0], tags.elements[1]),
        board.element,
        below,
      ),
      cards.element,
      status.element,
    ],
    show,
    tick,
    repaint: () => board.redrawField(),
    showNotice: status.showNotice,
    clearNotice: status.clearNotice,
    onKey(event) {
      if (event.key !== "Escape" || playback.corner === null) return false;
      playback.playCorner(null);
      return true;
    },
  };
}

/** @type {(keyof Traits)[]} */
const SHOWN = [
  "corner_clips", "labels", "left_out", "size", "puck", "points", "bars_per_cell", "path_mode", "tool", "use_original_corners", "between_cells", "interpolation",
];

export default { initialize, render };
