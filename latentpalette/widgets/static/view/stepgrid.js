// Step grid: a row of steps for each lane, the first lane at the bottom. The height of a hit is its loudness, its place
// within the step its timing. It shows all of a clip or some of its bars, and of many lanes those that play;
// stepbrush.js and stepkeys.js edit it.
/** @import { Lane, LaneGrid } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { createLaneFold } from "../state/lanefold.js";
import { el, setText } from "./dom.js";

/** @typedef {ReturnType<typeof createStepGrid>} StepGrid */

/**
 * @param {object} options
 * @param {Lane[]} options.lanes
 * @param {string} options.label
 * @param {boolean} [options.editable]                        its steps can be reached and say what they play
 * @param {boolean} [options.hasVelocity]                     they say how loud, too
 * @param {((lane: number) => HTMLElement) | null} [options.laneControls]   between the names and the steps
 */
export function createStepGrid({ lanes, label, editable = false, hasVelocity = false, laneControls = null }) {
  /** @type {HTMLElement[][]} */
  let cells = []; // [lane][column]
  /** @type {LaneGrid} */
  let shown = { steps: 0, velocities: lanes.map(() => []), offsets: lanes.map(() => []) };
  let [first, count] = [0, 0]; // the steps that are shown
  let playheadStep = -1;
  const playhead = el("div", { class: "lp-playhead", hidden: true, aria: { hidden: true } });
  const strips = lanes.map(() =>
    el("div", { class: "lp-strip", role: editable ? "presentation" : null, aria: editable ? {} : { hidden: true } }),
  );
  const rows = lanes.map(({ name }, lane) =>
    el(
      "div",
      { class: "lp-lane", role: editable ? "row" : null },
      el("span", { class: "lp-lane-name", text: name, title: name, role: editable ? "rowheader" : null }),
      laneControls?.(lane),
      strips[lane],
    ),
  );
  const element = el(
    "div",
    {
      class: `lp-steps${editable ? " lp-editor" : ""}`,
      role: editable ? "grid" : "group",
      aria: { label },
      style: { "--lp-lanes": String(lanes.length) },
    },
    ...[...rows].reverse(),
  );
  const fold = createLaneFold(lanes);
  let isFolded = fold.isLong;
  const unfold = el("button", { class: "lp-control lp-small lp-unfold", type: "button", aria: { pressed: false } });
  unfold.addEventListener("click", () => {
    isFolded = !isFolded;
    showRows(mutedLanes);
    grid.movePlayhead(playheadStep);
  });
  if (fold.isLong) element.append(unfold);
  /** @type {boolean[]} */
  let mutedLanes = [];
  /** @param {boolean[]} mutes */
  function showRows(mutes) {
    if (!fold.isLong) return;
    mutedLanes = mutes;
    const playing = fold.shown(shown.velocities.map((lane) => lane.some((velocity) => velocity > 0)), mutes);
    rows.forEach((row, lane) => {
      row.hidden = isFolded && !playing[lane];
    });
    const visible = rows.filter((row) => !row.hidden);
    element.style.setProperty("--lp-lanes", String(visible.length));
    visible.at(-1)?.querySelector(".lp-strip")?.append(playhead); // the uppermost
    setText(unfold, `all ${lanes.length} drums`);
    unfold.setAttribute("aria-pressed", String(!isFolded));
  }

  function build() {
    cells = lanes.map((_, lane) => {
      const strip = Array.from({ length: count }, (_, column) => {
        const step = first + column;
        const beat = Math.floor(step / 4) % 2 ? " lp-offbeat" : "";
        const bar = column >= STEPS_PER_BAR ? " lp-later-bar" : "";
        const cell = el("i", { class: `lp-step${beat}${bar}`, role: editable ? "gridcell" : null });
        if (editable) cell.tabIndex = -1;
        return cell;
      });
      strips[lane].replaceChildren(...strip);
      return strip;
    });
    strips[lanes.length - 1].append(playhead);
    element.style.setProperty("--lp-columns", String(count));
    shown = { ...shown, velocities: lanes.map(() => []) }; // nothing, as nothing is drawn
  }

  /**
   * @param {number} lane
   * @param {number} column
   * @param {number} velocity
   * @param {number} offset
   */
  function draw(lane, column, velocity, offset) {
    const cell = cells[lane][column];
    cell.classList.toggle("lp-on", velocity > 0);
    cell.style.setProperty("--lp-loud", velocity ? `${Math.round(25 + (75 * velocity) / 127)}%` : "");
    cell.style.setProperty("--lp-late", offset ? `${Math.round(100 * offset)}%` : "");
    if (!editable) return;
    const state = velocity ? (hasVelocity ? `on, velocity ${velocity}` : "on") : "off";
    cell.setAttribute("aria-label", `${lanes[lane].name}, step ${first + column + 1}, ${state}`);
    cell.setAttribute("aria-selected", String(velocity > 0));
  }

  const grid = {
    element,
    /** The lanes' rows of steps. */
    strips,
    /**
     * @param {LaneGrid} next
     * @param {object} look
     * @param {string} look.color
     * @param {boolean[]} [look.mutes]
     * @param {number} [look.from]    the first step that is shown
     * @param {number} [look.steps]   how many are
     */
    show(next, { color, mutes = [], from = 0, steps = next.steps }) {
      element.style.setProperty("--lp-mark", color);
      if (from !== first || steps !== count) {
        [first, count] = [from, steps];
        build();
      }
      lanes.forEach((_, lane) => {
        rows[lane].classList.toggle("lp-muted", Boolean(mutes[lane]));
        for (let column = 0; column < count; column++) {
          const velocity = next.velocities[lane][first + column] ?? 0;
          const offset = next.offsets[lane][first + column] ?? 0;
          const isDrawn = shown.velocities[lane][first + column] === velocity && shown.offsets[lane][first + column] === offset;
          if (!isDrawn) draw(lane, column, velocity, offset);
        }
      });
      shown = { ...next, velocities: next.velocities.map((lane) => [...lane]) };
      showRows(mutes);
      grid.movePlayhead(playheadStep);
    },
    /** @param {number} step   of the clip: the audible one, or -1 */
    movePlayhead(step) {
      const column = step - first;
      const isInside = step >= 0 && column >= 0 && column < count;
      for (const lane of cells) for (const now of lane) if (now.classList.contains("lp-now")) now.classList.remove("lp-now");
      playheadStep = step;
      playhead.hidden = !isInside;
      if (!isInside) return;
      playhead.style.setProperty("--lp-column", String(column));
      cells.forEach((lane) => lane[column].classList.add("lp-now"));
    },
    /**
     * @param {number} lane
     * @param {number} step
     */
    velocityAt: (lane, step) => shown.velocities[lane][step] ?? 0,
    /**
     * The element of a step that is shown.
     * @param {number} lane
     * @param {number} step
     * @returns {HTMLElement | undefined}
     */
    cellAt: (lane, step) => cells[lane]?.[step - first],
    /**
     * The lane and the step of an element.
     * @param {EventTarget | null} target
     * @returns {[lane: number, step: number] | null}
     */
    placeOf(target) {
      const lane = cells.findIndex((row) => row.includes(/** @type {HTMLElement} */ (target)));
      return lane < 0 ? null : [lane, first + cells[lane].indexOf(/** @type {HTMLElement} */ (target))];
    },
    /** @param {number} lane */
    isShown: (lane) => Boolean(rows[lane] && !rows[lane].hidden),
    /** The steps that are shown: the first, and how many. */
    get window() {
      return { first, count };
    },
  };
  return grid;
}
