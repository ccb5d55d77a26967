// The matrix, tuned to the scale: a corner, or any loop of the grid, the clipboard or the song, sketched as a curve or edited
// note by note; and where a corner's music comes from else: a preset, a sample, a MIDI file.
/** @import { Disposables, LoopsSession, Note } from "../../types.js" */
/** @import { Target } from "../../state/loopsactions.js" */
/** @import { Where } from "../../state/loopssession.js" */
/** @import { Curve } from "../../state/sketch.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { pageAt } from "../../state/barwindow.js";
import { nameOf } from "../../state/loopssession.js";
import { scaleRows } from "../../state/scales.js";
import { redraw } from "../../state/sketch.js";
import { weightsAt } from "../../state/geometry.js";
import { createOverview } from "../cards/overview.js";
import { LETTERS, cornerWeights, markColor } from "../color.js";
import { createCornerTabs } from "../cornertabs.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createRollEditor } from "../rolleditor.js";
import { createSegments } from "../segments.js";
import { createLoopSources } from "./loopsources.js";
import { createSketchpad } from "./sketchpad.js";

const BARS = 4; // that are shown at once
const AROUND = 2; // rows above and below the notes

/**
 * @param {object} options
 * @param {LoopsSession} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {() => string} options.unavailable
 * @param {(file: File) => Promise<void>} options.openState
 * @param {HTMLElement} options.grip                                of the loop that is edited
 */
export function createMatrixCard({ session, disposables, isDark, unavailable, openState, grip }) {
  const { state, actions, transport } = session;
  const steps = session.steps();
  /** @type {Target} */
  let target = { kind: "corner", corner: 0 };
  let mode = "sketch";
  let page = pageAt(0, { steps, zoom: BARS });
  /** @type {{ name: string, curve: Curve }} */
  let other = { name: "", curve: [] }; // the curve of what is no corner: it is not kept
  let isFurther = false; // in a stroke, after its first change
  let lastPitch = -1;

  const name = el("h4", { class: "lp-title lp-corner-name" });
  const tabs = createCornerTabs({ label: "Corner", nameOf: (letter) => `Corner ${letter}`, onSelect: (corner) => edit({ kind: "corner", corner }) });
  const modes = createSegments({
    label: "How notes are made",
    choices: [
      ["steps", "Steps", "Edit notes step by step"],
      ["sketch", "Sketch", "Sketch a curve"],
    ],
    onChoose(value) {
      mode = value;
      show();
    },
  });
  const grid = el(
    "select",
    { class: "lp-control lp-small", title: "The shortest note of a sketch", aria: { label: "Shortest note of a sketch" } },
    ...[[1, "1/16"], [2, "1/8"], [4, "1/4"]].map(([value, text]) => el("option", { value, text: String(text) })),
  );
  grid.addEventListener("change", () => state.set({ sketch_grid: Number(grid.value) }));
  const back = el(
    "button",
    { class: "lp-control lp-small", type: "button", title: "As the model makes it, without what was edited", on: { click: unrefine } },
    icon("undo"),
    el("span", { text: "As decoded" }),
  );

  /** @param {Note[]} notes */
  function rowsOf(notes) {
    const key = session.key();
    const tonic = 60 + ((key.tonic + 5) % 12) - 5;
    const rows = scaleRows(key, { low: tonic, high: tonic + 24 });
    const heights = [...notes.map(({ pitch }) => pitch), ...curveNow().filter((/** @type {number | null} */ height) => height !== null)];
    const all = scaleRows(key, session.range);
    const [low, high] = [Math.min(rows[0], ...heights), Math.max(rows[rows.length - 1], ...heights)];
    const first = Math.max(0, all.findIndex((pitch) => pitch >= low) - (low < rows[0] ? AROUND : 0));
    const beyond = all.findIndex((pitch) => pitch > high);
    const end = Math.min(all.length, (beyond < 0 ? all.length : beyond) + (high > rows[rows.length - 1] ? AROUND : 0));
    return all.slice(first, end);
  }

  const roll = createRollEditor({
    disposables,
    isDark,
    stream: state.streams[0],
    index: 0,
    rowsOf,
    onBegin() {
      isFurther = false;
      hear();
    },
    onEdit(notes) {
      actions.edit(target, notes, isFurther);
      isFurther = true;
    },
    onHear: ({ stream, pitch, velocity }) => transport.audition({ stream, pitch, velocity }),
    onLeave: turnTo,
  });
  const sketchpad = createSketchpad({
    disposables,
    isDark,
    rows: roll.rows,
    page: () => ({ from: page.from, count: page.steps }),
    onBegin() {
      isFurther = false;
      lastPitch = -1;
      hear();
    },
    onStroke(curve, drawn) {
      const clip = actions.targetClip(target);
      if (!clip) return;
      const next = redraw(clip, curve, drawn, session.key(), state.get("sketch_grid"));
      if (target.kind !== "corner") other = { name: nameOf(target), curve };
      actions.edit(target, next.notes, isFurther, target.kind === "corner" ? curve : undefined);
      isFurther = true;
      const now = next.notes.filter(({ step }) => step < drawn.to).at(-1);
      if (!now || now.pitch === lastPitch) return;
      lastPitch = now.pitch;
      transport.audition(now);
    },
    onEnd() {
      show();
      if (!state.get("playing")) transport.start(); // whoever draws wants to hear it
    },
  });
  const overview = steps > BARS * STEPS_PER_BAR ? createOverview({ state: musicState(), disposables, isDark, onTurn: turnTo }) : null;
  const sources = createLoopSources({ session, unavailable, openState, corner: () => (target.kind === "corner" ? target.corner : 0), onPut: hear });
  const matrix = el("div", { class: "lp-matrix" }, roll.element, sketchpad.element);
  const gridField = el("label", { class: "lp-grid-choice" }, grid);
  const element = el(
    "section",
    { class: "lp-card lp-sketch", aria: { label: "Matrix" } },
    el("div", { class: "lp-row lp-nowrap lp-head" }, name, tabs.element, el("span", { class: "lp-space" }), grip, gridField, modes.element),
    overview?.element,
    matrix,
    sources.element,
    el("div", { class: "lp-row lp-nowrap lp-refined" }, back),
  );

  function musicState() {
    return { get: state.get, set: state.set, streams: state.streams.slice(0, 1), lanes: state.lanes.slice(0, 1), steps };
  }
  /** @param {number} step */
  function turnTo(step) {
    page = pageAt(step, { steps, zoom: BARS });
    show();
  }
  /** What is edited is what plays. */
  function hear() {
    const where = whereOf(target);
    if (nameOf(where) !== nameOf(session.focused()) || state.get("plays") === "song") session.choose(where);
  }
  /**
   * @param {Target} own
   * @returns {Where}
   */
  function whereOf(own) {
    if (own.kind !== "corner") return own;
    const last = session.side() - 1;
    return { kind: "cell", row: own.corner > 1 ? last : 0, col: own.corner % 2 ? last : 0 };
  }
  function curveNow() {
    if (target.kind === "corner") return state.get("curves")[target.corner];
    return other.name === nameOf(target) ? other.curve : [];
  }
  function unrefine() {
    if (target.kind === "cell") actions.unrefine(target.row, target.col);
  }

  /** @param {Target} next */
  function edit(next) {
    target = next;
    hear();
    show();
  }

  /** True while what is edited is still there. */
  function isThere() {
    if (target.kind === "cell") return target.row < session.side() && target.col < session.side();
    return target.kind === "corner" || Boolean(state.get(target.kind === "clip" ? "clips" : "places")[target.index]);
  }

  function weights() {
    if (target.kind === "corner") return cornerWeights(target.corner);
    const last = session.side() - 1;
    /** @type {[number, number] | null} */
    const at = target.kind === "cell" ? [target.col / last, target.row / last] : state.get(target.kind === "clip" ? "clips" : "places")[target.index].at;
    return weightsAt(...(at ?? [0.5, 0.5]));
  }

  let lastLook = "";
  function show() {
    if (!isThere()) target = { kind: "corner", corner: 0 };
    const own = target;
    const text = {
      corner: () => `Corner ${LETTERS[/** @type {any} */ (own).corner]}`,
      cell: () => `Cell ${/** @type {any} */ (own).row + 1}, ${/** @type {any} */ (own).col + 1}`,
      clip: () => `Slot ${/** @type {any} */ (own).index + 1}`,
      place: () => `Place ${/** @type {any} */ (own).index + 1}`,
    }[own.kind]();
    setText(name, text);
    element.classList.toggle("lp-of-corner", own.kind === "corner");
    tabs.show(own.kind === "corner" ? own.corner : null);
    modes.show(mode);
    grid.value = String(state.get("sketch_grid"));
    gridField.hidden = mode !== "sketch";
    matrix.classList.toggle("lp-sketching", mode === "sketch");
    const color = markColor(weights(), isDark());
    const clip = actions.targetClip(own);
    const key = session.key();
    const look = JSON.stringify([key, own, isDark(), page]);
    roll.show({ notes: clip?.notes ?? [], steps, from: page.from, count: page.steps, key, folded: true, color });
    if (look !== lastLook) roll.redraw();
    lastLook = look;
    sketchpad.show(curveNow(), steps);
    if (clip) overview?.show(clip, { color, page });
    sources.show(own.kind === "corner");
    back.parentElement?.toggleAttribute("hidden", own.kind === "corner");
    back.hidden = !(own.kind === "cell" && state.get("refined").some((/** @type {any} */ cell) => cell.row === own.row && cell.col === own.col));
  }

  return {
    element,
    show,
    edit,
    /** @param {Where} where */
    editAt(where) {
      const last = session.side() - 1;
      const isCorner = where.kind === "cell" && [0, last].includes(where.row) && [0, last].includes(where.col);
      edit(isCorner ? { kind: "corner", corner: (where.row ? 2 : 0) + (where.col ? 1 : 0) } : where);
    },
    load: sources.load,
    read: sources.read,
    /** True if keys are recorded into what is edited: note by note, and it is what plays. */
    isRecorded: () => mode === "steps" && state.get("plays") === "loop" && nameOf(session.audible()) === nameOf(whereOf(target)),
    beginKeys() {
      isFurther = false;
    },
    /** @param {Note[]} notes */
    editKeys(notes) {
      actions.edit(target, notes, isFurther);
      isFurther = true;
    },
    /** What is edited. */
    get target() {
      return target;
    },
    roll: sources.roll,
    toggleMode() {
      mode = mode === "sketch" ? "steps" : "sketch";
      show();
    },
    /** @param {number} step   of what sounds, or -1 */
    movePlayhead(step) {
      const sounds = transport.position() && !session.sounding() && nameOf(session.audible()) === nameOf(whereOf(target));
      roll.movePlayhead(sounds ? step : -1);
      overview?.movePlayhead(sounds ? step : -1);
    },
  };
}
