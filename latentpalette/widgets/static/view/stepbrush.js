// The brush of a step grid: a stroke paints steps or clears them; where steps have velocities, pulling one up or down
// makes it louder or softer.
/** @import { StepEditor } from "../types.js" */
/** @import { StepGrid } from "./stepgrid.js" */

const PULL = 4; // [pixels] from which on a stroke goes up or down
const FULL_PULL = 60; // [pixels] from silence to 127
export const NEW_VELOCITY = 96; // of a step that is painted, where velocities are edited

/**
 * @param {StepGrid} grid
 * @param {StepEditor} editor
 */
export function connectBrush(grid, editor) {
  const { element, strips } = grid;
  /** @typedef {{ lane: number, box: DOMRect }} Line */
  /** @typedef {[lane: number, step: number]} Place */
  /**
   * @type {{ pointer: number, on: boolean, start: Place, at: Place, lines: Line[], y: number, velocity: number,
   *   way: "none" | "paint" | "pull" } | null}
   */
  let brush = null; // while a stroke is being painted
  /**
   * @param {PointerEvent} event
   * @param {Line[]} lines
   * @returns {Place}
   */
  const locate = (event, lines) => {
    const { first, count } = grid.window;
    const line = lines.find(({ box }) => event.clientY < box.bottom + 1) ?? lines[lines.length - 1];
    const part = (event.clientX - line.box.left) / line.box.width;
    return [line.lane, first + Math.min(count - 1, Math.max(0, Math.floor(part * count)))];
  };
  /**
   * @param {Place} place
   * @param {number} velocity
   */
  const paint = ([lane, step], velocity) => void (grid.isShown(lane) && editor.onSet(lane, step, velocity));

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !(/** @type {Element} */ (event.target).closest(".lp-strip"))) return;
    event.preventDefault(); // no text selection, no focus ring for a mouse
    const all = strips.map((strip, lane) => ({ lane, box: strip.getBoundingClientRect() }));
    const lines = all.filter(({ lane }) => grid.isShown(lane)).reverse(); // from the top
    const place = locate(event, lines);
    const velocity = grid.velocityAt(...place);
    const canPull = editor.hasVelocity && velocity > 0; // whether to clear it is known when the pointer moves or goes up
    brush = {
      pointer: event.pointerId, on: !velocity, start: place, at: place, lines, y: event.clientY,
      velocity: velocity || NEW_VELOCITY, way: "none",
    };
    element.setPointerCapture(event.pointerId);
    grid.cellAt(...place)?.focus();
    editor.onBegin();
    if (!canPull) paint(place, brush.on ? NEW_VELOCITY : 0);
  });
  element.addEventListener("pointermove", (event) => {
    if (!brush || event.pointerId !== brush.pointer) return;
    const up = brush.y - event.clientY;
    const place = locate(event, brush.lines);
    if (brush.way === "none") {
      const isPulled = editor.hasVelocity && Math.abs(up) > PULL && place[1] === brush.start[1];
      if (isPulled) brush.way = "pull";
      else if (place[1] !== brush.start[1] || (!editor.hasVelocity && place[0] !== brush.start[0])) {
        brush.way = "paint";
        if (!brush.on) paint(brush.start, 0);
      } else return;
    }
    if (brush.way === "pull") {
      paint(brush.start, Math.min(127, Math.max(1, Math.round(brush.velocity + (up / FULL_PULL) * 127))));
      return;
    }
    const [lane, step] = place;
    const [lastLane, lastStep] = brush.at;
    const away = Math.max(Math.abs(lane - lastLane), Math.abs(step - lastStep));
    for (let k = 1; k <= away; k++) {
      const between = (/** @type {number} */ from, /** @type {number} */ to) => Math.round(from + ((to - from) * k) / away);
      paint([between(lastLane, lane), between(lastStep, step)], brush.on ? NEW_VELOCITY : 0);
    }
    brush.at = place;
  });
  const end = (/** @type {PointerEvent} */ event) => {
    if (!brush || event.pointerId !== brush.pointer) return;
    if (event.type === "pointerup" && brush.way === "none" && !brush.on && editor.hasVelocity) paint(brush.start, 0);
    brush = null;
  };
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) element.addEventListener(type, /** @type {EventListener} */ (end));
}
