// Music on a card, large, in groups of notes that look different: each drum as a lane, each stream as a roll.
/** @import { Box, Disposables, InstrumentState, Lane, LaneCommands, MusicSource, Note } from "../../types.js" */
/** @import { Ink } from "../draw/ink.js" */

import { isInLane } from "../../state/clip.js";
import { rollRows, rowOf, isInScale, pitchName } from "../../state/pitch.js";
import { createCanvas } from "../canvas.js";
import { el } from "../dom.js";
import { foldOf, hitHeight } from "../draw/drums.js";
import { inkOf } from "../draw/ink.js";
import { drawBeats, drawNow } from "../draw/roll.js";
import { createLaneControls, openLanesOnTap } from "../lanecontrols.js";

const GUTTER = 30; // [pixels of the page] for the names of the octaves
const FOLDS = 4; // rows of the drums of several streams

/**
 * @template {string} Group
 * @typedef {object} ShownRolls
 * @property {Record<Group, Note[]>} notes    in groups
 * @property {Note[]} [range]                 notes whose pitches have a row; by default those that are shown
 * @property {number} from                    the first step that is shown
 * @property {number} steps                   how many are
 */

/**
 * @template {string} Group
 * @param {object} options
 * @param {{ state: InstrumentState, commands: LaneCommands }} options.session
 * @param {MusicSource} options.playback     what sounds, for locks
 * @param {string} options.label             for assistive technology
 * @param {(ctx: CanvasRenderingContext2D, notes: Record<Group, Note[]>, look: { boxOf: (note: Note) => Box | null, ink: Ink, scale: number }) => void} options.draw
 *   draws the notes of a lane; `boxOf` gives null where a note is not on the page
 * @param {boolean} [options.withControls]   of lanes
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 */
export function createLaneRolls({ session, playback, label, draw, withControls = true, disposables, isDark }) {
  const { state, commands } = session;
  const { streams, lanes } = state;
  const isSingle = lanes.length === 1;
  /** @type {ShownRolls<Group> | null} */
  let shown = null;
  let now = -1;

  /**
   * @param {Lane} lane
   * @param {number} index
   */
  const createRow = (lane, index) => {
    const stream = streams[lane.stream];
    const isHits = lane.pitches !== null;
    const controls = isSingle || !withControls ? null : createLaneControls({ state, playback, commands, lane: index, withSolo: !isHits });
    const own = (/** @type {Note[]} */ notes) => notes.filter((note) => isInLane(lane, note));
    const canvas = createCanvas({
      className: isHits ? "lp-hits-canvas" : `lp-stream-canvas${isSingle ? " lp-alone" : lane.stream === 0 ? " lp-first" : ""}`,
      disposables,
      draw(ctx, { across, down, scale }) {
        if (!shown) return;
        const { from, steps } = shown;
        const ink = inkOf(isDark());
        const gutter = isSingle ? GUTTER * scale : 0;
        const box = { left: gutter, top: 0, across: across - gutter, down };
        const groups = /** @type {[Group, Note[]][]} */ (Object.entries(shown.notes));
        const notes = /** @type {Record<Group, Note[]>} */ (Object.fromEntries(groups.map(([group, all]) => [group, own(all)])));
        const x = (/** @type {number} */ step) => box.left + ((step - from) * box.across) / steps;
        /** @type {(note: Note) => { top: number, down: number }} */
        let placeOf;
        if (isHits) {
          placeOf = ({ velocity }) => {
            const high = (down - 3 * scale) * hitHeight(velocity);
            return { top: down - scale - high, down: high };
          };
        } else if (stream.is_drum) {
          placeOf = ({ pitch, velocity }) => {
            const high = 0.8 * (down / FOLDS) * hitHeight(velocity);
            return { top: down - foldOf(pitch) * (down / FOLDS) - high, down: high };
          };
        } else {
          const rows = rollRows(own(shown.range ?? groups.flatMap(([, all]) => all)), { low: stream.low, high: stream.high, margin: 1 });
          const high = down / rows.length;
          const tall = Math.max(3 * scale, Math.min(0.9 * high, 10 * scale));
          placeOf = ({ pitch }) => ({ top: down - (rowOf(rows, pitch) + 0.5) * high - tall / 2, down: tall });
          if (isSingle) drawRows(ctx, { rows, high, down, left: gutter, across: box.across, scale, line: ink.line, dim: ink.dim });
        }
        drawBeats(ctx, { from, steps }, box, { scale, ink });
        const boxOf = (/** @type {Note} */ note) => {
          const length = stream.is_drum ? 1 : note.length;
          const [begin, end] = [Math.max(from, note.step + note.offset), Math.min(from + steps, note.step + note.offset + length)];
          if (end <= begin) return null;
          return { left: x(begin) + 0.5 * scale, across: Math.max(2 * scale, x(end) - x(begin) - scale), ...placeOf(note) };
        };
        draw(ctx, notes, { boxOf, ink, scale });
        drawNow(ctx, { from, steps, now }, box, { scale, ink });
      },
    });
    const name = isHits
      ? el("span", { class: "lp-lane-name", text: lane.name })
      : el("span", { class: "lp-stream-name" }, el("b", { text: lane.name }), el("span", { class: "lp-dim", text: stream.instrument }));
    const element = el("div", { class: `lp-lane${isHits ? "" : " lp-stream"}` }, isSingle ? null : name, isSingle ? null : (controls?.element ?? el("span", { class: "lp-minis" })), canvas.element);
    return {
      element,
      redraw: canvas.redraw,
      /** @param {boolean} muted */
      show(muted) {
        element.classList.toggle("lp-muted", muted);
        controls?.show();
        canvas.redraw();
      },
    };
  };
  const rows = lanes.map(createRow);
  // As in a piano roll the highest comes first: of drums the last lane, of streams the melody, the drums below.
  const order = lanes.map((_, index) => index);
  if (streams.length === 1) order.reverse();
  else order.sort((one, other) => Number(streams[lanes[one].stream].is_drum) - Number(streams[lanes[other].stream].is_drum));
  const element = el("div", { class: "lp-streams lp-difference", role: "group", aria: { label } }, ...order.map((index) => rows[index].element));
  openLanesOnTap(element);

  return {
    element,
    /** @param {ShownRolls<Group>} rolls */
    show(rolls) {
      shown = rolls;
      const mutes = state.get("mutes");
      rows.forEach((row, index) => row.show(Boolean(mutes[index])));
    },
    /** @param {number} step */
    movePlayhead(step) {
      if (step === now) return;
      now = step;
      rows.forEach((row) => row.redraw());
    },
  };
}

/**
 * Rows of a roll: natural keys are tinted, those of C more, and named.
 * @param {CanvasRenderingContext2D} ctx
 * @param {{ rows: number[], high: number, down: number, left: number, across: number, scale: number, line: string, dim: string }} roll
 */
function drawRows(ctx, { rows, high, down, left, across, scale, line, dim }) {
  rows.forEach((pitch, row) => {
    const isC = pitch % 12 === 0;
    const top = down - (row + 1) * high;
    ctx.fillStyle = `rgb(${line} / ${isC ? 0.13 : isInScale(pitch, { tonic: 0, scale: "major" }) ? 0.055 : 0})`;
    ctx.fillRect(left, top + 0.4 * scale, across, high - 0.8 * scale);
    if (!isC) return;
    ctx.fillStyle = dim;
    ctx.font = `${11 * scale}px system-ui, "DejaVu Sans", sans-serif`;
    ctx.textBaseline = "middle";
    ctx.fillText(pitchName(pitch), 0, Math.min(down - 6 * scale, Math.max(6 * scale, top + high / 2)));
  });
}
