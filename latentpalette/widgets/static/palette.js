// Drum palette: one view of a session, put together from board, cards, transport, menus and status line.
/** @import { Disposables, Model, Traits } from "./types.js" */

import { createBoard } from "./view/board.js";
import { LETTERS, cornerColor } from "./view/color.js";
import { createCornerCard } from "./view/cards/cornercard.js";
import { createDisposables, el, setText } from "./view/dom.js";
import { createHelpMenu } from "./view/menus/helpmenu.js";
import { icon } from "./view/icons.js";
import { holdBareKeys } from "./view/keys.js";
import { createMidiMenu } from "./view/menus/midimenu.js";
import { createPlayingCard } from "./view/cards/playingcard.js";
import { createOffer } from "./view/offer.js";
import { createStatus } from "./view/status.js";
import { keepInNotebook } from "./state/notebook.js";
import { forgetGrid, openSession, shownGrid } from "./state/session.js";
import { shareModel } from "./state/sharing.js";
import { createExportMenu } from "./view/menus/exportmenu.js";
import { watchTheme } from "./view/theme.js";
import { createTransport } from "./view/transport.js";

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
    onNotice: (text) => status.showNotice(text),
  });
  const tags = LETTERS.map((letter, k) => {
    const name = el("span", { class: "lp-tag-name" });
    const mark = el("i", { class: "lp-tag-mark", hidden: true, aria: { hidden: true } });
    const swatch = el("i", { class: "lp-swatch", text: letter, aria: { hidden: true } });
    const button = el(
      "button",
      { class: "lp-tag", type: "button", data: { corner: k }, aria: { label: `Corner ${letter}`, pressed: false } },
      swatch,
      name,
      mark,
    );
    button.addEventListener("click", () => (playback.corner === k ? playback.playCorner(null) : selectCorner(k)));
    return { button, name, mark };
  });
  const playing = createPlayingCard({ state, playback, isDark });
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
  const menus = [
    createMidiMenu({ session, disposables, onError }),
    createExportMenu({ state, kit: session.kit, disposables, onError }),
    createHelpMenu({ state, disposables }),
  ];
  const transport = createTransport({ state, playback, commands, history, menus });
  const status = createStatus({ state, playback, commands });
  const enable = el("button", { class: "lp-enable", type: "button", text: "Click to enable sound", hidden: true });
  const errorText = el("span");
  const dismiss = el("button", { class: "lp-mini", type: "button", aria: { label: "Dismiss" } }, icon("clear"));
  dismiss.addEventListener("click", () => onError(null));
  const error = el("div", { class: "lp-error", role: "alert", hidden: true }, errorText, dismiss);
  const offer = createOffer({ edits: session.edits, commands });
  const tagRow = (/** @type {number[]} */ ...corners) =>
    el("div", { class: "lp-tags" }, ...corners.map((k) => tags[k].button));
  const root = el(
    "div",
    {
      class: "lp-root",
      tabindex: -1,
      role: "region",
      aria: { label: "Drum palette" },
    },
    el(
      "div",
      { class: "lp" },
      el("div", { class: "lp-top" }, transport.element, error, offer.element),
      el("div", { class: "lp-pal" }, tagRow(0, 1), board.element, tagRow(2, 3), enable),
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
  const frames = frameLoop(disposables);
  function show() {
    transport.show();
    playing.show();
    cornerCard.show();
    status.show(session.decodeState, session.decodeMs);
    board.showProgress(session.decodeState);
    board.redraw();
    tags.forEach(({ button, name, mark: leftOutMark }, k) => {
      const leftOut = state.get("left_out")[k];
      setText(name, state.get("labels")[k]);
      leftOutMark.hidden = !leftOut.length;
      button.title = [`Corner ${LETTERS[k]}: ${state.get("labels")[k]}`, ...leftOut].join("\n");
      button.setAttribute("aria-pressed", String(playback.corner === k));
      button.classList.toggle("lp-chosen", cornerCard.corner === k);
    });
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
  function tick() {
    const { step, puck } = playback.position();
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
  root.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    const key = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    if (command && (key === "z" || key === "y")) {
      if (isText(target)) return event.stopPropagation(); // the field undoes its own typing
      if (key === "y" || event.shiftKey) commands.redo();
      else commands.undo();
    } else if (event.key === " " && !usesSpace(target)) playback.toggle();
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
  for (const name of ["patterns", "use_original_corners"]) disposables.add(state.on(name, () => board.redrawField()));
  disposables.add(session.on("change", mark));
  watchTheme(disposables, (now) => {
    dark = now;
    root.classList.toggle("lp-dark", now);
    LETTERS.forEach((_, k) => root.style.setProperty(`--lp-corner-${k}`, cornerColor(k, now)));
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
  "patterns", "labels", "left_out", "tempo_note", "size", "puck", "points", "qpm", "volume", "mutes", "locks", "launch_quantization", "bars_per_cell",
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

/**
 * Animation frames: `request` for a single redraw, `run` for as long as something moves.
 * @param {Disposables} disposables
 */
function frameLoop(disposables) {
  /** @type {Set<number>} */
  const pending = new Set();
  /** @type {(() => void) | null} */
  let running = null;
  let loop = 0;
  const step = () => {
    running?.();
    loop = running ? requestAnimationFrame(step) : 0;
  };
  disposables.add(() => {
    cancelAnimationFrame(loop);
    pending.forEach(cancelAnimationFrame);
    running = null;
  });
  return {
    /** @param {() => void} draw */
    request(draw) {
      const frame = requestAnimationFrame(() => {
        pending.delete(frame);
        draw();
      });
      pending.add(frame);
    },
    /** @param {(() => void) | null} draw   null to stop */
    run(draw) {
      if (running && !draw) {
        running(); // the last position: the playhead goes away
        running = null;
      } else {
        running = draw;
        if (draw && !loop) loop = requestAnimationFrame(step);
      }
    },
  };
}

export default { initialize, render };
