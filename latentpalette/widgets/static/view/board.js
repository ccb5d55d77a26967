// The board: drag the puck or click a cell, or draw a path; by keyboard, arrow keys move the puck.
/** @import { Cell, Commands, Disposables, Playback, Point, RequestState, State } from "../types.js" */

import { el } from "./dom.js";
import { MAX_STROKE_POINTS, cellAt, cellCenter, simplify, thin, toPlane } from "../state/geometry.js";
import { drawField } from "./draw/field.js";
import { drawOverlay } from "./draw/overlay.js";
import { cellOfKey } from "./gridkeys.js";
import { pitchRanges } from "./draw/contour.js";

const MIN_POINT_DISTANCE = 0.01; // between the points of a stroke
const REVEAL_MILLISECONDS = 1100; // how long a new grid takes to appear from its corners [milliseconds]
const SLOW_MILLISECONDS = 8; // where it takes longer to draw twice in a row, it appears at once: a slow phone is busy

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Playback} options.playback
 * @param {Commands} options.commands
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {() => void} options.beforeMove                                 called before a pointer or a key moves the puck
 * @param {(files: File[], corner: number) => void} options.onDropFiles
 * @param {(text: string) => void} options.onNotice                       called with what a reader should know of a path
 */
export function createBoard({ state, playback, commands, disposables, isDark, beforeMove, onDropFiles, onNotice }) {
  const field = el("canvas", { aria: { hidden: true } });
  const overlay = el("canvas", { aria: { hidden: true } });
  const progress = el("div", { class: "lp-progress", hidden: true });
  const element = el(
    "div",
    {
      class: "lp-board",
      tabindex: 0,
      role: "application",
      aria: {
        label: "Palette. Arrow keys move the puck by a cell, Space plays and stops.",
        roledescription: "palette",
      },
    },
    field,
    overlay,
    progress,
  );
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let width = 0;
  let scale = 1; // pixels of the canvas for one of the page; to ask the page while it changes would lay it out each time
  /** @type {Point[] | null} */
  let stroke = null; // the points of the stroke being drawn
  /** @type {number | null} */
  let activePointer = null; // the id of the pointer that drags or draws
  /** @type {number | null} */
  let revealedAt = null; // when the grid began to appear [milliseconds]
  let slowFrames = 0; // in a row
  let fieldFrame = 0;

  const resize = () => {
    const ratio = globalThis.devicePixelRatio || 1;
    const pixels = Math.round(element.clientWidth * ratio);
    if (!pixels || pixels === width) return;
    width = pixels;
    scale = pixels / element.clientWidth;
    for (const canvas of [field, overlay]) canvas.width = canvas.height = pixels;
    redrawField();
    redraw();
  };
  const observer = new ResizeObserver(resize);
  try {
    observer.observe(element, { box: "device-pixel-content-box" }); // also after a zoom
  } catch {
    observer.observe(element);
  }
  disposables.add(() => observer.disconnect());
  disposables.add(() => cancelAnimationFrame(fieldFrame));

  /**
   * Opacity of a thumbnail: they appear from the corners inward.
   * @param {number} row
   * @param {number} col
   */
  function opacityAt(row, col) {
    if (revealedAt === null) return 1;
    const last = state.size - 1;
    const distance = Math.hypot(Math.min(row, last - row), Math.min(col, last - col)) / (last * Math.SQRT1_2);
    return Math.min(1, Math.max(0, ((performance.now() - revealedAt) / REVEAL_MILLISECONDS - 0.65 * distance) / 0.35));
  }

  function redrawField() {
    cancelAnimationFrame(fieldFrame);
    if (!width) return;
    if (revealedAt !== null && performance.now() - revealedAt > REVEAL_MILLISECONDS) revealedAt = null;
    const { size, streams, lanes } = state;
    const clips = Array.from({ length: size * size }, (_, cell) => state.clipAt(Math.floor(cell / size), cell % size));
    const begun = performance.now();
    drawField(field, {
      width,
      size,
      dark: isDark(),
      clipAt: (row, col) => clips[row * size + col],
      opacityAt,
      look: { streams, lanes, ranges: pitchRanges(clips, streams.length), scale },
    });
    if (revealedAt === null) return;
    slowFrames = performance.now() - begun > SLOW_MILLISECONDS ? slowFrames + 1 : 0;
    if (slowFrames > 1) revealedAt = -Infinity;
    fieldFrame = requestAnimationFrame(redrawField);
  }

  function redraw() {
    if (!width) return;
    const { size } = state;
    const { puck } = playback.position();
    const edge = (/** @type {unknown} */ far) => (far ? size - 1 : 0);
    /** @param {{ cell: Cell, corner: number | null }} place */
    const cellOf = ({ cell, corner }) => (corner === null ? cell : { row: edge(corner > 1), col: edge(corner % 2) });
    const cell = cellOf(playback.audible());
    const chosen = cellOf({ cell: playback.cell(), corner: playback.corner });
    const waits = playback.sounding && (cell.row !== chosen.row || cell.col !== chosen.col);
    drawOverlay(overlay, {
      width,
      size,
      dark: isDark(),
      scale,
      points: stroke ?? state.get("points"),
      drawingPath: state.get("tool") === "draw",
      cell,
      next: waits ? chosen : null,
      puck,
      faint: playback.corner !== null,
      dragging: activePointer !== null && !stroke,
      focused: element.matches(":focus-visible"),
    });
  }

  /** @param {{ clientX: number, clientY: number }} event */
  const pointOf = (event) => {
    const box = element.getBoundingClientRect();
    return toPlane((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, state.size);
  };
  /** @param {Point} puck */
  const movePuck = (puck) => state.set({ puck });
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || activePointer !== null) return;
    activePointer = event.pointerId;
    element.setPointerCapture(activePointer);
    beforeMove();
    if (state.get("tool") === "draw") stroke = [pointOf(event)];
    else movePuck(pointOf(event));
    redraw();
  });
  element.addEventListener("pointermove", (event) => {
    if (event.pointerId !== activePointer) return;
    // A fast hand makes several points a frame; the stroke keeps them all.
    const events = event.getCoalescedEvents?.() ?? [];
    if (stroke) {
      stroke.push(...(events.length ? events : [event]).map(pointOf));
      if (stroke.length > 4 * MAX_STROKE_POINTS) stroke = simplify(stroke, MIN_POINT_DISTANCE);
    } else movePuck(pointOf(event));
    redraw();
  });
  /** @param {PointerEvent} event */
  const release = (event) => {
    if (event.pointerId !== activePointer) return;
    activePointer = null;
    if (stroke) {
      const points = simplify(stroke, MIN_POINT_DISTANCE);
      const isSimplified = points.length < thin(stroke, MIN_POINT_DISTANCE).length;
      stroke = null;
      if (event.type === "pointerup" && points.length > 1) {
        commands.setPath(points);
        if (isSimplified) onNotice(`the stroke is simplified to ${points.length} points`);
        if (!state.get("playing")) playback.start(); // whoever draws wants to hear it
      } else if (event.type === "pointerup" && !playback.followedPath) {
        movePuck(points[0]); // a tap: look at this cell, keep the path
      }
    }
    redraw();
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
  element.addEventListener("lostpointercapture", release);

  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { row, col } = cellAt(...state.get("puck"), state.size);
    const moved = cellOfKey(event.key, [row, col], state.size - 1);
    if (moved) {
      beforeMove();
      if (state.get("tool") === "draw" && playback.followedPath) state.set({ tool: "drag" });
      movePuck(cellCenter(...moved, state.size));
    } else if (event.key === "Enter" && !event.shiftKey && state.get("tool") === "draw") {
      commands.setPath([...state.get("points"), cellCenter(row, col, state.size)]);
    } else if ((event.key === "Backspace" || event.key === "Delete") && state.get("points").length) {
      commands.setPath(event.key === "Delete" ? [] : state.get("points").slice(0, -1));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  /**
   * The corner in whose quarter of the board a point lies: what is dropped there goes into it.
   * @param {{ clientX: number, clientY: number }} event
   */
  const cornerAt = (event) => {
    const [x, y] = pointOf(event);
    return (y > 0.5 ? 2 : 0) + (x > 0.5 ? 1 : 0);
  };
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.dataset.drop = String(cornerAt(event));
  });
  element.addEventListener("dragleave", () => delete element.dataset.drop);
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    delete element.dataset.drop;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) onDropFiles(files, cornerAt(event));
  });
  element.addEventListener("focus", redraw);
  element.addEventListener("blur", redraw);

  return {
    element,
    cornerAt,
    redraw,
    redrawField,
    /** Let the thumbnails of a new grid appear. */
    reveal() {
      revealedAt = still.matches ? null : performance.now();
      redrawField();
    },
    /** @param {RequestState} decodeState */
    showProgress(decodeState) {
      progress.hidden = decodeState !== "slow" && decodeState !== "lost";
    },
  };
}
