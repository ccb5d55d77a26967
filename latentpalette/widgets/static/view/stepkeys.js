// Keys of a step grid: arrows go from step to step, Enter and Space set or clear one, + and - make it louder or softer.
/** @import { StepEditor } from "../types.js" */
/** @import { StepGrid } from "./stepgrid.js" */

import { NEW_VELOCITY } from "./stepbrush.js";

const LOUDER = 8;

/**
 * @param {StepGrid} grid
 * @param {StepEditor} editor
 * @returns {{ show(): void }}   call `show` when the grid has been drawn: one step is reached by Tab
 */
export function connectKeys(grid, editor) {
  const { element, strips } = grid;
  /** @type {[lane: number, step: number]} */
  let focus = [0, 0];
  /** @type {HTMLElement | undefined} */
  let tabStop;
  const show = () => {
    const { first, count } = grid.window;
    if (!grid.isShown(focus[0])) focus[0] = Math.max(0, strips.findIndex((_, lane) => grid.isShown(lane)));
    focus[1] = Math.min(first + count - 1, Math.max(first, focus[1]));
    const cell = grid.cellAt(...focus);
    if (cell === tabStop) return;
    if (tabStop) tabStop.tabIndex = -1;
    tabStop = cell;
    if (tabStop) tabStop.tabIndex = 0;
  };
  element.addEventListener("focusin", (event) => {
    focus = grid.placeOf(event.target) ?? focus;
    show();
  });
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key !== "+")) return; // Shift+Enter runs the cell
    const [lane, step] = focus;
    const { first, count } = grid.window;
    const velocity = grid.velocityAt(lane, step);
    /** The next lane that is shown. @param {1 | -1} by */
    const beside = (by) => {
      let next = lane + by;
      while (next >= 0 && next < strips.length && !grid.isShown(next)) next += by;
      return next;
    };
    /** @type {Record<string, [lane: number, step: number]>} */
    const moves = {
      ArrowLeft: [lane, step - 1],
      ArrowRight: [lane, step + 1],
      ArrowUp: [beside(1), step],
      ArrowDown: [beside(-1), step],
      Home: [lane, first],
      End: [lane, first + count - 1],
    };
    if (moves[event.key]) {
      const [toLane, toStep] = moves[event.key];
      if (toLane >= 0 && toLane < strips.length) {
        if (!grid.cellAt(toLane, toStep)) editor.onLeave(toStep);
        grid.cellAt(toLane, toStep)?.focus();
      }
    } else if (event.key === "Enter" || event.key === " ") {
      editor.onBegin();
      editor.onSet(lane, step, velocity ? 0 : NEW_VELOCITY);
    } else if (editor.hasVelocity && velocity && (event.key === "+" || event.key === "-")) {
      editor.onBegin();
      editor.onSet(lane, step, Math.min(127, Math.max(1, velocity + (event.key === "+" ? LOUDER : -LOUDER))));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { show };
}
