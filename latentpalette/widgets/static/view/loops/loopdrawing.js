// Drawing of a loop in a small place, and the color of where it is from.
/** @import { Box, Clip, LoopsSession, Stream } from "../../types.js" */
/** @import { PitchRange } from "../draw/contour.js" */
/** @import { Where } from "../../state/loopssession.js" */

import { weightsAt } from "../../state/geometry.js";
import { fieldColor } from "../color.js";
import { pitchRanges } from "../draw/contour.js";
import { contextOf, inkOf } from "../draw/ink.js";
import { drawThumbnail } from "../draw/thumbnail.js";

/** @typedef {ReturnType<typeof createLoopDrawing>} LoopDrawing */

/** @param {{ session: LoopsSession, isDark: () => boolean }} options */
export function createLoopDrawing({ session, isDark }) {
  const { state } = session;
  let ranged = { of: /** @type {unknown[]} */ ([]), ranges: /** @type {PitchRange[]} */ ([]) };

  /** One range of pitches for all loops that are shown: higher is higher everywhere. */
  function ranges() {
    const of = [session.rows.table, ...["corner_clips", "refined", "clips", "places", "tonic", "scale", "snap_to_scale"].map(state.get)];
    if (of.some((value, index) => value !== ranged.of[index])) {
      const size = session.side();
      const cells = Array.from({ length: size * size }, (_, cell) => session.cellClip(Math.floor(cell / size), cell % size));
      const kept = [...state.get("clips"), ...state.get("places")].filter(Boolean).map(({ clip }) => session.clipOf(clip));
      ranged = { of, ranges: pitchRanges([...cells, ...kept].map((clip) => clip && melodyOf(clip)), 1) };
    }
    return ranged.ranges;
  }
  const melody = () => state.streams.slice(0, 1);

  return {
    ranges,
    melody,
    /**
     * The color of a place on the grid; null: from elsewhere.
     * @param {[number, number] | null} at
     */
    color: (at) => (at ? fieldColor(weightsAt(...at), isDark()) : "var(--lp-elsewhere)"),
    /** @param {Where} where */
    colorOf(where) {
      if (where.kind !== "cell") return this.color(state.get(where.kind === "clip" ? "clips" : "places")[where.index]?.at ?? null);
      const last = session.side() - 1;
      return this.color([where.col / last, where.row / last]);
    },
    /**
     * @param {CanvasRenderingContext2D} ctx
     * @param {Clip} clip
     * @param {Box} box
     * @param {number} scale
     */
    drawMelody(ctx, clip, box, scale) {
      const ink = inkOf(isDark());
      const look = { streams: melody(), lanes: [], ranges: ranges(), scale, main: ink.main, soft: ink.soft };
      drawThumbnail(ctx, melodyOf(clip), box, look);
    },
    /**
     * @param {CanvasRenderingContext2D} ctx
     * @param {Clip} clip
     * @param {Box} box
     * @param {number} scale
     */
    drawDrums(ctx, clip, box, scale) {
      const ink = inkOf(isDark());
      const kit = state.get("kit_index").filter((/** @type {any} */ entry) => entry.stream === 1);
      const lanes = kit.map((/** @type {any} */ { name, pitch }) => ({ name, stream: 0, pitches: [pitch] }));
      const notes = clip.notes.map((note) => ({ ...note, stream: 0 }));
      const streams = /** @type {Stream[]} */ ([state.streams[1]]);
      drawThumbnail(ctx, { ...clip, notes }, box, { streams, lanes, ranges: [], scale, main: ink.main, soft: ink.soft });
    },
    /**
     * Draw what follows the pointer.
     * @param {Where} where
     * @param {HTMLCanvasElement} canvas
     */
    drawGhost(where, canvas) {
      const scale = globalThis.devicePixelRatio || 1;
      canvas.width = canvas.clientWidth * scale;
      canvas.height = canvas.clientHeight * scale;
      const clip = session.clipAt(where);
      const margin = 6 * scale;
      const box = { left: margin, top: margin, across: canvas.width - 2 * margin, down: canvas.height - 2 * margin };
      if (clip) this.drawMelody(contextOf(canvas), clip, box, scale);
    },
  };
}

/**
 * @param {Clip} clip
 * @returns {Clip}
 */
const melodyOf = (clip) => ({ steps: clip.steps, notes: clip.notes.filter(({ stream }) => stream === 0) });
