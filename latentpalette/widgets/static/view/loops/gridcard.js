// The grid between four corners. Hover to hear each loop in phase, click to choose one, carry it to the clipboard or into
// the song; a double click, or Enter, opens it on the matrix.
/** @import { Disposables, LoopsSession } from "../../types.js" */
/** @import { Where } from "../../state/loopssession.js" */
/** @import { LoopDrawing } from "./loopdrawing.js" */
/** @import { Carrier } from "./carry.js" */

import { cellCenter } from "../../state/geometry.js";
import { LETTERS } from "../color.js";
import { el, setText } from "../dom.js";
import { drawField } from "../draw/field.js";
import { drawOverlay } from "../draw/overlay.js";
import { cellOfKey } from "../gridkeys.js";
import { icon } from "../icons.js";

/** @typedef {(where: Where) => void} OnEdit   opens a loop on the matrix */

const SIZES = [4, 5, 6, 7, 8, 9, 10, 11, 12];

/**
 * @param {object} options
 * @param {LoopsSession} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {LoopDrawing} options.drawing
 * @param {Carrier} options.carrier
 * @param {OnEdit} options.onEdit
 * @param {() => string} options.unavailable
 * @param {(files: File[], where: Where) => void} options.onDropFiles   called with the corner that they are dropped near
 */
export function createGridCard({ session, disposables, isDark, drawing, carrier, onEdit, unavailable, onDropFiles }) {
  const { state, actions, transport } = session;
  const field = el("canvas", { aria: { hidden: true } });
  const overlay = el("canvas", { aria: { hidden: true } });
  const progress = el("div", { class: "lp-progress", hidden: true });
  const letters = LETTERS.map((letter, k) =>
    el("button", {
      class: "lp-tab lp-corner-letter",
      type: "button",
      tabindex: -1,
      text: letter,
      data: { corner: k },
      aria: { label: `Edit corner ${letter}` },
      on: { click: () => onEdit(cornerCell(k)) },
    }),
  );
  const board = el(
    "div",
    { class: "lp-board", tabindex: 0, role: "application", aria: { roledescription: "grid of loops" } },
    field,
    overlay,
    progress,
    ...letters,
  );
  const size = el("select", { aria: { label: "Cells along a side" } }, ...SIZES.map((value) => el("option", { value, text: String(value) })));
  size.addEventListener("change", () => actions.setSize(Number(size.value)));
  const again = el(
    "button",
    { class: "lp-control lp-small", type: "button", aria: { label: "Sample new corners" }, on: { click: roll } },
    icon("dice"),
    el("span", { text: "New corners" }),
  );
  const hint = el("span", { class: "lp-dim lp-hint" });
  const element = el(
    "section",
    { class: "lp-grid-part", aria: { label: "Grid" } },
    board,
    el(
      "div",
      { class: "lp-row lp-nowrap lp-below" },
      el("label", { class: "lp-field lp-small" }, el("span", { class: "lp-dim", text: "side" }), size),
      again,
      el("span", { class: "lp-space" }),
      hint,
    ),
  );

  let width = 0;
  let scale = 1; // pixels of the canvas for one of the page; to ask the page while it changes would lay it out each time
  const resize = () => {
    const pixels = Math.round(board.clientWidth * (globalThis.devicePixelRatio || 1));
    if (!pixels || pixels === width) return;
    width = pixels;
    scale = pixels / board.clientWidth;
    for (const canvas of [field, overlay]) canvas.width = canvas.height = pixels;
    redraw();
  };
  const observer = new ResizeObserver(resize);
  observer.observe(board);
  disposables.add(() => observer.disconnect());

  /**
   * @param {number} k   corner
   * @returns {Where}
   */
  const cornerCell = (k) => ({ kind: "cell", row: k > 1 ? session.side() - 1 : 0, col: k % 2 ? session.side() - 1 : 0 });

  let seed = state.get("first_seed") + 1;
  async function roll() {
    again.disabled = true;
    session.onError(null);
    try {
      await actions.sampleAll(0.8, seed);
      seed += 4;
      if (!state.get("playing")) transport.start();
    } catch (problem) {
      session.onError(problem);
    } finally {
      again.disabled = Boolean(unavailable());
    }
  }

  let drawn = /** @type {unknown[]} */ ([]);
  function redraw() {
    if (!width) return;
    const size = session.side();
    const of = [width, isDark(), session.rows.table, ...["corner_clips", "refined", "tonic", "scale", "snap_to_scale", "clips", "places"].map(state.get)];
    if (of.some((value, index) => value !== drawn[index])) {
      drawn = of;
      const look = { streams: drawing.melody(), lanes: [], ranges: drawing.ranges(), scale };
      drawField(field, { width, size, dark: isDark(), clipAt: session.cellClip, opacityAt: () => 1, look });
    }
    const where = session.focused();
    const audible = session.audible();
    const framed = audible.kind === "cell" ? audible : where.kind === "cell" ? where : null;
    const [row, col] = state.get("cell").map((/** @type {number} */ index) => Math.min(index, size - 1));
    const cell = framed ?? { row, col };
    drawOverlay(overlay, {
      width,
      size,
      dark: isDark(),
      scale,
      points: [],
      drawingPath: false,
      cell,
      next: null,
      puck: cellCenter(row, col, size),
      faint: audible.kind !== "cell" || state.get("plays") === "song",
      dragging: false,
      focused: board.matches(":focus-visible"),
    });
  }

  /**
   * @param {{ clientX: number, clientY: number }} event
   * @returns {Where}
   */
  const cellAt = (event) => {
    const box = board.getBoundingClientRect();
    const inside = (/** @type {number} */ share) => Math.min(session.side() - 1, Math.max(0, Math.floor(share * session.side())));
    return { kind: "cell", row: inside((event.clientY - box.top) / box.height), col: inside((event.clientX - box.left) / box.width) };
  };
  let pressed = false;
  board.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || letters.includes(/** @type {any} */ (event.target))) return;
    pressed = true;
    session.choose(cellAt(event));
    if (event.pointerType === "touch") board.setPointerCapture(event.pointerId);
  });
  board.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") {
      if (pressed) session.choose(cellAt(event)); // a finger does not hover: it slides
    } else if (!pressed) session.hover(cellAt(event));
  });
  for (const type of ["pointerup", "pointercancel"]) board.addEventListener(type, () => (pressed = false));
  board.addEventListener("pointerleave", () => session.hover(null));
  board.addEventListener("dblclick", (event) => {
    if (!letters.includes(/** @type {any} */ (event.target))) onEdit(cellAt(event));
  });
  carrier.addSource(board, {
    whereOf: (event) => (letters.includes(/** @type {any} */ (event.target)) ? null : cellAt(event)),
    colorOf: (where) => drawing.colorOf(where),
    draw: (where, canvas) => drawing.drawGhost(where, canvas),
    byTouch: false,
  });

  board.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== board) return;
    const where = session.focused();
    const [row, col] = where.kind === "cell" ? [where.row, where.col] : state.get("cell");
    const moved = cellOfKey(event.key, [row, col], session.side() - 1);
    if (moved) session.choose({ kind: "cell", row: moved[0], col: moved[1] });
    else if (event.key === "Enter" && !event.shiftKey) onEdit({ kind: "cell", row, col });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  /** @param {{ clientX: number, clientY: number }} event */
  const cornerNear = (event) => {
    const box = board.getBoundingClientRect();
    return (event.clientY - box.top > box.height / 2 ? 2 : 0) + (event.clientX - box.left > box.width / 2 ? 1 : 0);
  };
  board.addEventListener("dragover", (event) => {
    event.preventDefault();
    board.dataset.drop = String(cornerNear(event));
  });
  board.addEventListener("dragleave", () => delete board.dataset.drop);
  board.addEventListener("drop", (event) => {
    event.preventDefault();
    delete board.dataset.drop;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) onDropFiles(files, cornerCell(cornerNear(event)));
  });
  board.addEventListener("focus", redraw);
  board.addEventListener("blur", redraw);

  return {
    element,
    board,
    cornerNear,
    redraw,
    show() {
      size.value = String(state.get("size"));
      const reason = unavailable();
      size.disabled = again.disabled = Boolean(reason);
      again.title = reason || "Four new melodies from the model, moved into the scale";
      size.title = reason || "How many loops lie between two corners";
      board.setAttribute("aria-label", "Grid. Arrow keys choose a loop, Enter opens it on the matrix, C puts it on the clipboard, T into the song.");
      progress.hidden = !["slow", "lost"].includes(session.decodeState()) || !session.rows.isStale;
      setText(hint, state.get("playing") && state.get("plays") === "loop" ? "hover to hear" : "");
      redraw();
    },
  };
}
