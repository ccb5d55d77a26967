// The palette itself: drag the puck or click a cell, or draw a path; arrow keys for those who do neither.
import { el } from "./dom.js";
import { cellAt, cellCentre, thin, toPlane, weightsAt } from "../state/geometry.js";
import { paintField, paintOverlay } from "./draw.js";

const APART = 0.01; // how far apart the points of a stroke are kept
const REVEAL = 1100; // how long a new grid takes to appear from its corners [milliseconds]

export function createBoard({ doc, playback, edits, bag, isDark, onTouch, onDropFile }) {
  const field = el("canvas", { aria: { hidden: true } });
  const overlay = el("canvas", { aria: { hidden: true } });
  const progress = el("div", { class: "lp-progress", hidden: true });
  const element = el(
    "div",
    {
      class: "lp-board",
      tabindex: 0,
      role: "application",
      aria: { label: "Palette. Arrow keys move the puck by a cell, Space plays and stops.", roledescription: "palette" },
    },
    field,
    overlay,
    progress,
  );
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let width = 0;
  let stroke = null; // the points of the stroke being drawn
  let held = null; // the pointer that drags or draws
  let revealedAt = null;
  let fieldFrame = 0;

  const resize = () => {
    const ratio = globalThis.devicePixelRatio || 1;
    const pixels = Math.round(element.clientWidth * ratio);
    if (!pixels || pixels === width) return;
    width = pixels;
    for (const canvas of [field, overlay]) canvas.width = canvas.height = pixels;
    drawField();
    draw();
  };
  const observer = new ResizeObserver(resize);
  try {
    observer.observe(element, { box: "device-pixel-content-box" }); // tells of a zoom, too
  } catch {
    observer.observe(element);
  }
  bag.add(() => observer.disconnect());
  bag.add(() => cancelAnimationFrame(fieldFrame));

  // Thumbnails come up from the corners inward.
  function appeared(row, col) {
    if (revealedAt === null) return 1;
    const last = doc.size - 1;
    const distance = Math.hypot(Math.min(row, last - row), Math.min(col, last - col)) / (last * Math.SQRT1_2);
    return Math.min(1, Math.max(0, ((performance.now() - revealedAt) / REVEAL - 0.65 * distance) / 0.35));
  }

  function drawField() {
    cancelAnimationFrame(fieldFrame);
    if (!width) return;
    if (revealedAt !== null && performance.now() - revealedAt > REVEAL) revealedAt = null;
    paintField(field, { width, size: doc.size, dark: isDark(), masksAt: doc.masksAt, shown: appeared });
    if (revealedAt !== null) fieldFrame = requestAnimationFrame(drawField);
  }

  function draw() {
    if (!width) return;
    const { size } = doc;
    const { puck } = playback.heard();
    const { corner } = playback;
    const edge = (far) => (far ? size - 1 : 0);
    const cell = corner === null ? cellAt(...doc.get("puck"), size) : { row: edge(corner > 1), col: edge(corner % 2) };
    paintOverlay(overlay, {
      width,
      size,
      dark: isDark(),
      points: stroke ?? doc.get("points"),
      walking: doc.get("tool") === "draw",
      cell,
      weights: weightsAt(...cellCentre(cell.row, cell.col, size)),
      masks: doc.masksAt(cell.row, cell.col),
      puck,
      faint: corner !== null,
      held: held !== null && !stroke,
      focused: element.matches(":focus-visible"),
    });
  }

  const at = (event) => {
    const box = element.getBoundingClientRect();
    return toPlane((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, doc.size);
  };
  const movePuck = (puck) => {
    doc.set({ puck });
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || held !== null) return;
    held = event.pointerId;
    element.setPointerCapture(held);
    onTouch();
    if (doc.get("tool") === "draw") stroke = [at(event)];
    else movePuck(at(event));
    draw();
  });
  element.addEventListener("pointermove", (event) => {
    if (event.pointerId !== held) return;
    // A fast hand makes several points a frame; the stroke keeps them all.
    const events = event.getCoalescedEvents?.() ?? [];
    if (stroke) stroke.push(...(events.length ? events : [event]).map(at));
    else movePuck(at(event));
    draw();
  });
  const release = (event) => {
    if (event.pointerId !== held) return;
    held = null;
    if (stroke) {
      const points = thin(stroke, APART);
      stroke = null;
      if (event.type === "pointerup" && points.length > 1) edits.setPath(points);
      else if (event.type === "pointerup" && !playback.walk) movePuck(points[0]); // a tap: look at this cell, keep the path
    }
    draw();
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
  element.addEventListener("lostpointercapture", release);

  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { row, col } = cellAt(...doc.get("puck"), doc.size);
    const last = doc.size - 1;
    const moves = {
      ArrowLeft: [row, col - 1],
      ArrowRight: [row, col + 1],
      ArrowUp: [row - 1, col],
      ArrowDown: [row + 1, col],
      Home: [row, 0],
      End: [row, last],
      PageUp: [0, col],
      PageDown: [last, col],
    };
    const inside = (value) => Math.min(last, Math.max(0, value));
    if (moves[event.key]) {
      onTouch();
      const to = moves[event.key].map(inside);
      if (doc.get("tool") === "draw" && playback.walk) doc.set({ tool: "drag" });
      movePuck(cellCentre(...to, doc.size));
    } else if (event.key === "Enter" && doc.get("tool") === "draw") {
      edits.setPath([...doc.get("points"), cellCentre(row, col, doc.size)]);
    } else if ((event.key === "Backspace" || event.key === "Delete") && doc.get("points").length) {
      edits.setPath(event.key === "Delete" ? [] : doc.get("points").slice(0, -1));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // A MIDI file dropped on a quarter of the board is meant for its corner.
  const quarter = (event) => {
    const [x, y] = at(event);
    return (y > 0.5 ? 2 : 0) + (x > 0.5 ? 1 : 0);
  };
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.dataset.drop = quarter(event);
  });
  element.addEventListener("dragleave", () => delete element.dataset.drop);
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    delete element.dataset.drop;
    if (event.dataTransfer.files.length) onDropFile(event.dataTransfer.files[0], quarter(event));
  });
  element.addEventListener("focus", draw);
  element.addEventListener("blur", draw);

  return {
    element,
    draw,
    drawField,
    reveal() {
      revealedAt = still.matches ? null : performance.now();
      drawField();
    },
    // How the decoding goes: "idle", "asking", "slow" or "lost".
    progress(state) {
      progress.hidden = state !== "slow" && state !== "lost";
    },
  };
}
