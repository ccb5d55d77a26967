// Drums in a small place: a row for each lane, or four where nine would be dust: kick, snare, hats, the rest. Loudness is
// the height of a hit. Kick and snare are the skeleton of a beat and have the main ink.
/** @import { Box, Clip, Lane, Note } from "../../types.js" */

import { laneOf } from "../../state/clip.js";

const KICKS = [35, 36];
const SNARES = [37, 38, 39, 40];
const HATS = [42, 44, 46];

/**
 * The row of a drum where there are four, from the lowest up: kick, snare, hats, the rest.
 * @param {number} pitch
 */
export function foldOf(pitch) {
  if (KICKS.includes(pitch)) return 0;
  if (SNARES.includes(pitch)) return 1;
  return HATS.includes(pitch) ? 2 : 3;
}

/**
 * How high a hit is drawn, as a part of its row: a quiet one can still be seen.
 * @param {number} velocity   1 to 127
 */
export const hitHeight = (velocity) => 0.55 + (0.45 * velocity) / 127;

/**
 * Boxes of the hits: those of kick and snare, and the others. Edges lie on whole pixels.
 * @param {Pick<Clip, "steps"> & { notes: Note[] }} clip
 * @param {Box} box
 * @param {{ lanes: Lane[], folded: boolean }} look
 * @returns {{ main: Box[], soft: Box[] }}
 */
export function drumBoxes({ steps, notes }, { left, top, across, down }, { lanes, folded }) {
  const rows = folded ? 4 : lanes.length;
  const x = (/** @type {number} */ step) => Math.round(left + (step * across) / steps);
  const y = (/** @type {number} */ row) => Math.round(top + down - (row * down) / rows);
  const gap = across / steps >= 2 ? 1 : 0;
  /** @type {{ main: Box[], soft: Box[] }} */
  const boxes = { main: [], soft: [] };
  for (const { step, offset, pitch, stream, velocity } of notes) {
    const fold = foldOf(pitch);
    const row = folded ? fold : laneOf(lanes, { stream, pitch });
    const [from, to] = [x(step + offset), x(step + offset + 1)];
    const tall = y(row) - y(row + 1);
    const high = Math.max(1, Math.round(tall * (folded ? 0.8 : 0.9) * hitHeight(velocity)));
    const width = Math.max(1, to - from - gap);
    const isMain = fold < 2;
    boxes[isMain ? "main" : "soft"].push({
      left: from,
      top: y(row) - high,
      across: isMain ? width : Math.max(1, Math.round(0.65 * width)),
      down: high,
    });
  }
  return boxes;
}
