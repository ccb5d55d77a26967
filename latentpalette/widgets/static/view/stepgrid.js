// Step grid: nine lanes of thirty-two steps, ride at the top and kick at the bottom. Shows a loop, and may edit it.
import { NUM_STEPS } from "../state/pattern.js";
import { el } from "./dom.js";

/**
 * Receives the strokes of the brush: `onBegin` at the start of each, `onPaint` for every step on its way.
 * @typedef {{ onBegin(): void, onPaint(drum: number, step: number, on: boolean): void }} Editor
 */

/**
 * @param {object} options
 * @param {string[]} options.names                                of the drums
 * @param {string} options.label
 * @param {(drum: number) => HTMLElement} options.laneControls
 * @param {Editor | null} [options.editor]                        without one it only shows
 */
export function createStepGrid({ names, label, laneControls, editor = null }) {
  const drums = names.map((_, drum) => drum).reverse();
  /** @type {HTMLElement[][]} */
  const cells = names.map(() => []);
  /** @type {HTMLElement[]} */
  const lanes = [];
  const playhead = el("div", { class: "lp-playhead", hidden: true, aria: { hidden: true } });
  /** @type {{ drum: number, strip: HTMLElement }[]} */
  const strips = [];
  /** @type {number[][]} */
  let shown = names.map(() => new Array(NUM_STEPS).fill(0));
  let playheadColumn = -1;
  let focus = [0, 0]; // drum, step: the one cell that Tab reaches

  const element = el("div", {
    class: `lp-steps${editor ? " lp-editor" : ""}`,
    role: editor ? "grid" : "group",
    aria: { label },
  });
  for (const drum of drums) {
    const strip = el("div", {
      class: "lp-strip",
      role: editor ? "presentation" : null,
      aria: editor ? {} : { hidden: true },
    });
    for (let step = 0; step < NUM_STEPS; step++) {
      const cell = el("i", { class: `lp-step${Math.floor(step / 4) % 2 ? " lp-offbeat" : ""}` });
      if (editor) {
        cell.setAttribute("role", "gridcell");
        cell.tabIndex = -1;
        describe(cell, drum, step, false);
      }
      cells[drum].push(cell);
      strip.append(cell);
    }
    strips.push({ drum, strip });
    const name = el("span", { class: "lp-lane-name", text: names[drum], role: editor ? "rowheader" : null });
    const lane = el("div", { class: "lp-lane", role: editor ? "row" : null }, name, laneControls?.(drum), strip);
    lanes[drum] = lane;
    element.append(lane);
  }
  strips[0].strip.append(playhead);
  if (editor) {
    cells[focus[0]][focus[1]].tabIndex = 0;
    connect(editor);
  }

  /**
   * @param {HTMLElement} cell
   * @param {number} drum
   * @param {number} step
   * @param {boolean} on
   */
  function describe(cell, drum, step, on) {
    cell.setAttribute("aria-label", `${names[drum]}, step ${step + 1}, ${on ? "on" : "off"}`);
    cell.setAttribute("aria-selected", String(on));
  }

  /**
   * @param {number} drum
   * @param {number} step
   */
  function setTabStop(drum, step) {
    const [oldDrum, oldStep] = focus;
    cells[oldDrum][oldStep].tabIndex = -1;
    focus = [drum, step];
    cells[drum][step].tabIndex = 0;
  }

  /** @param {Editor} editor */
  function connect(editor) {
    /** @typedef {{ drum: number, box: DOMRect }} Line */
    /** @type {{ pointer: number, on: boolean, at: [drum: number, step: number], lines: Line[] } | null} */
    let brush = null; // while a stroke is being painted
    /**
     * @param {PointerEvent} event
     * @param {Line[]} lines
     * @returns {[drum: number, step: number]}
     */
    const locate = (event, lines) => {
      const line = lines.find(({ box }) => event.clientY < box.bottom + 1) ?? lines[lines.length - 1];
      const part = (event.clientX - line.box.left) / line.box.width;
      return [line.drum, Math.min(NUM_STEPS - 1, Math.max(0, Math.floor(part * NUM_STEPS)))];
    };
    const end = () => {
      brush = null;
    };
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !(/** @type {Element} */ (event.target).closest(".lp-strip"))) return;
      event.preventDefault(); // no text selection, no focus ring for a mouse
      const lines = strips.map(({ drum, strip }) => ({ drum, box: strip.getBoundingClientRect() }));
      const [drum, step] = locate(event, lines);
      brush = { pointer: event.pointerId, on: !shown[drum][step], at: [drum, step], lines };
      element.setPointerCapture(event.pointerId);
      cells[drum][step].focus();
      editor.onBegin();
      editor.onPaint(drum, step, brush.on);
    });
    element.addEventListener("pointermove", (event) => {
      if (!brush || event.pointerId !== brush.pointer) return;
      const [drum, step] = locate(event, brush.lines);
      const [lastDrum, lastStep] = brush.at;
      if (drum === lastDrum && step === lastStep) return;
      const away = Math.max(Math.abs(drum - lastDrum), Math.abs(step - lastStep));
      for (let k = 1; k <= away; k++) {
        const between = (/** @type {number} */ from, /** @type {number} */ to) =>
          Math.round(from + ((to - from) * k) / away);
        editor.onPaint(between(lastDrum, drum), between(lastStep, step), brush.on);
      }
      brush.at = [drum, step];
    });
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
    element.addEventListener("lostpointercapture", end);
    element.addEventListener("focusin", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      const drum = cells.findIndex((lane) => lane.includes(target));
      if (drum >= 0) setTabStop(drum, cells[drum].indexOf(target));
    });
    element.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return; // Shift+Enter runs the cell
      const [drum, step] = focus;
      /** @type {Record<string, [drum: number, step: number]>} */
      const moves = {
        ArrowLeft: [drum, step - 1],
        ArrowRight: [drum, step + 1],
        ArrowUp: [drum + 1, step],
        ArrowDown: [drum - 1, step],
        Home: [drum, 0],
        End: [drum, NUM_STEPS - 1],
      };
      if (moves[event.key]) {
        const [toDrum, toStep] = moves[event.key];
        if (toDrum >= 0 && toDrum < names.length && toStep >= 0 && toStep < NUM_STEPS) cells[toDrum][toStep].focus();
      } else if (event.key === "Enter" || event.key === " ") {
        editor.onBegin();
        editor.onPaint(drum, step, !shown[drum][step]);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  return {
    element,
    /**
     * @param {number[][]} velocities   [drum][step], 0 where nothing plays
     * @param {{ color: string, mutes?: boolean[] }} style
     */
    show(velocities, { color, mutes = [] }) {
      element.style.setProperty("--lp-mark", color);
      names.forEach((_, drum) => {
        lanes[drum].classList.toggle("lp-muted", Boolean(mutes[drum]));
        for (let step = 0; step < NUM_STEPS; step++) {
          const velocity = velocities[drum][step];
          if (velocity === shown[drum][step]) continue;
          const cell = cells[drum][step];
          cell.classList.toggle("lp-on", velocity > 0);
          cell.style.setProperty("--lp-loud", velocity ? (0.45 + (0.55 * velocity) / 127).toFixed(2) : "");
          if (editor) describe(cell, drum, step, velocity > 0);
        }
      });
      shown = velocities.map((lane) => [...lane]);
    },
    /** @param {number} column   the audible one, or -1 */
    movePlayhead(column) {
      if (column === playheadColumn) return;
      if (playheadColumn >= 0) cells.forEach((lane) => lane[playheadColumn].classList.remove("lp-now"));
      playheadColumn = column;
      playhead.hidden = column < 0;
      if (column < 0) return;
      playhead.style.setProperty("--lp-column", String(column));
      cells.forEach((lane) => lane[column].classList.add("lp-now"));
    },
  };
}
