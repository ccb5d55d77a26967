// Palette: one view of a session, put together from bar, board, cards and status line.
/** @import { Model, Traits } from "./types.js" */

import { createBar } from "./view/bar.js";
import { createBoard } from "./view/board.js";
import { createCornerCard } from "./view/cards/cornercard.js";
import { createPlayingCard } from "./view/cards/playingcard.js";
import { LETTERS, cornerColor, letterColor } from "./view/color.js";
import { createCornerTags } from "./view/cornertags.js";
import { createDisposables, el, setText } from "./view/dom.js";
import { createFrameLoop } from "./view/frames.js";
import { icon } from "./view/icons.js";
import { holdBareKeys } from "./view/keys.js";
import { exportEntries } from "./view/menus/exportentries.js";
import { createHelpPage } from "./view/menus/helppage.js";
import { createKeepMenu } from "./view/menus/keepmenu.js";
import { createMidiPage } from "./view/menus/midipage.js";
import { paletteSetup } from "./view/menus/palettesetup.js";
import { createSetupMenu } from "./view/menus/setupmenu.js";
import { createOffer } from "./view/offer.js";
import { createPathOptions } from "./view/pathoptions.js";
import { createStatus } from "./view/status.js";
import { createTapper } from "./view/tempo.js";
import { watchTheme } from "./view/theme.js";
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
  const disposables = createDisposables();
  const { session, close } = openSession(model);
  const { state, history, playback, commands, onError } = session;
  disposables.add(close);
  let dark = false;
  const isDark = () => dark;

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
  const playing = createPlayingCard({ state, playback, disposables, isDark });
  const selectCorner = (/** @type {number} */ k) => {
    cornerCard.select(k);
    playback.playCorner(k);
    show();
  };
  const cornerCard = createCornerCard({
    state,
    playback,
    commands,
    request: session.request,
    isDark,
    onSelect: selectCorner,
    onError,
  });
  const tags = createCornerTags({ state, playback, onSelect: selectCorner });
  const pathOptions = createPathOptions({ state, commands });
  const status = createStatus({ state, playback });
  const onNotice = (/** @type {string} */ text) => status.showNotice(text);
  const tap = createTapper(state);
  const midi = createMidiPage({ session, onError });
  const setup = createSetupMenu({
    disposables,
    rows: paletteSetup({ state, commands, history, tap, onNotice, pages: [midi, createHelpPage(state)] }),
  });
  const keep = createKeepMenu({ entries: exportEntries({ state, kit: session.kit }), disposables, onError });
  const tool = createToolSwitch(state);
  const bar = createBar({
    state,
    playback,
    commands,
    history,
    disposables,
    tap,
    onNotice,
    middle: [tool.element],
    menus: [setup.element, keep.element],
  });
  const enable = el("button", { class: "lp-enable", type: "button", text: "Click to enable sound", hidden: true });
  const errorText = el("span");
  const dismiss = el("button", { class: "lp-mini", type: "button", aria: { label: "Dismiss" } }, icon("clear"));
  dismiss.addEventListener("click", () => onError(null));
  const error = el("div", { class: "lp-error", role: "alert", hidden: true }, errorText, dismiss);
  const offer = createOffer({ edits: session.edits, commands });
  const below = el("div", { class: "lp-tags" }, tags.elements[2], pathOptions.element, tags.elements[3]);
  const root = el(
    "div",
    { class: "lp-root", tabindex: -1, role: "region", aria: { label: "Palette" } },
    el(
      "div",
      { class: "lp" },
      el("div", { class: "lp-top" }, bar.element, error, offer.element),
      el(
        "div",
        { class: "lp-pal" },
        el("div", { class: "lp-tags" }, tags.elements[0], tags.elements[1]),
        board.element,
        below,
        enable,
      ),
      el("div", { class: "lp-side" }, playing.element, cornerCard.element),
      status.element,
    ),
  );

  let inView = true;
  const watcher = new IntersectionObserver((entries) => {
    inView = entries[entries.length - 1].isIntersecting;
    mark();
  });
  watcher.observe(root);
  disposables.add(() => watcher.disconnect());

  // --- drawing: a change marks the view, one animation frame later it is drawn --------------------------------------
  let marked = false;
  function mark() {
    if (marked) return;
    marked = true;
    frames.request(() => {
      marked = false;
      show();
    });
  }
  const frames = createFrameLoop(disposables);
  function show() {
    bar.show();
    tool.show();
    setup.show();
    setup.mark(midi.port() ? `MIDI out: ${midi.port()}` : "");
    playing.show();
    cornerCard.show();
    status.show(session.decodeState, session.decodeMs);
    board.showProgress(session.decodeState);
    board.redraw();
    tags.show(cornerCard.corner);
    pathOptions.show();
    below.classList.toggle("lp-drawing", state.get("tool") === "draw");
    error.hidden = !session.error;
    offer.show();
    setText(errorText, session.error);
    enable.hidden = !session.needsClick;
    frames.run(playback.sounding && inView ? tick : null);
  }
  // Each animation frame while it plays, and only where it can be seen.
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

  // --- events -------------------------------------------------------------------------------------------------------
  const allowSound = () => session.allowSound();
  root.addEventListener("pointerdown", allowSound, true);
  root.addEventListener("keydown", allowSound, true);
  for (const type of ["pointerdown", "keydown"]) root.addEventListener(type, status.clearNotice, true);
  root.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    const key = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    if (command && (key === "z" || key === "y")) {
      if (isText(target)) return event.stopPropagation(); // the field undoes its own typing
      if (key === "y" || event.shiftKey) commands.redo();
      else commands.undo();
    } else if (event.key === " " && !usesSpace(target)) playback.toggle();
    else if (event.key === "?" && !isText(target)) setup.openPage("help");
    else if (event.key === "Escape" && playback.corner !== null) playback.playCorner(null);
    else return holdBareKeys(event);
    event.preventDefault();
    event.stopPropagation();
  });
  root.addEventListener("keyup", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.key === " " && !usesSpace(target)) event.preventDefault(); // or some browsers click the button, too
  });
  for (const name of SHOWN_TRAITS) disposables.add(state.on(name, mark));
  disposables.add(
    state.on("cells", () => {
      if (state.size === lastSize) board.redrawField();
      else board.reveal();
      lastSize = state.size;
      mark();
    }),
  );
  for (const name of ["corner_clips", "use_original_corners"]) disposables.add(state.on(name, () => board.redrawField()));
  disposables.add(session.on("change", mark));
  disposables.add(session.on("midi", mark));
  disposables.add(session.on("midi", midi.show));
  watchTheme(disposables, (now) => {
    dark = now;
    root.classList.toggle("lp-dark", now);
    LETTERS.forEach((_, k) => {
      root.style.setProperty(`--lp-corner-${k}`, cornerColor(k, now));
      root.style.setProperty(`--lp-letter-${k}`, letterColor(k));
    });
    board.redrawField();
    mark();
  });

  host.append(root);
  show();
  board.reveal();
  return () => {
    disposables.dispose();
    root.remove();
  };
}

/** @type {(keyof Traits)[]} */
const SHOWN_TRAITS = [
  "corner_clips", "labels", "left_out", "tempo_note", "size", "puck", "points", "qpm", "volume", "mutes", "locks", "launch_quantization", "bars_per_cell",
  "path_mode", "tool", "playing", "use_original_corners", "interpolation",
];

/** @param {Element} target */
const isText = (target) => target.matches("input[type='number'], input[type='text'], textarea");

/**
 * True if the element itself uses Space: a field, a menu, or a button that was reached with the keyboard.
 * @param {Element} target
 */
const usesSpace = (target) =>
  target.matches("select, input:not([type='range']), textarea, summary") || target.matches("button:focus-visible");

export default { initialize, render };
