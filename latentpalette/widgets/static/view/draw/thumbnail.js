// A clip in a small place: drums as rows, a melody as its contour; of several streams the melodies above, the drums'
// density below. Where something lies tells its stream, so that colors need not.
/** @import { Box, Clip, Lane, Stream } from "../../types.js" */
/** @import { PitchRange } from "./contour.js" */

import { barBoxes } from "./barcontour.js";
import { contourBoxes } from "./contour.js";
import { densityBoxes } from "./density.js";
import { drumBoxes } from "./drums.js";

const FOLDED_BELOW = 48; // [pixels of the page]: nine lanes in less are dust
const JOINED_FROM = 0.6; // [pixels of the page] a step
const BY_BAR_BELOW = 0.25; // [pixels of the page] a step: sixteen bars in less than 64 pixels

/**
 * @typedef {object} Look
 * @property {Stream[]} streams
 * @property {Lane[]} lanes
 * @property {PitchRange[]} ranges   pitches of each stream
 * @property {number} scale                           pixels of the canvas to one of the page
 * @property {string} main                            color
 * @property {string} soft                            color of drums other than kick and snare
 */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Clip} clip
 * @param {Box} box
 * @param {Look} look
 */
export function drawThumbnail(ctx, clip, box, look) {
  const { streams, lanes, ranges, scale, main, soft } = look;
  const notesOf = (/** @type {number} */ stream) => clip.notes.filter((note) => note.stream === stream);
  if (streams.length === 1 && streams[0].is_drum) {
    const boxes = drumBoxes(clip, box, { lanes, folded: box.down / scale < FOLDED_BELOW });
    fill(ctx, boxes.soft, soft);
    fill(ctx, boxes.main, main);
    return;
  }
  const stepPixels = box.across / clip.steps / scale;
  /** @type {Box[]} */
  const boxes = [];
  placesOf(streams, box).forEach((place, stream) => {
    const notes = notesOf(stream);
    const { steps } = clip;
    const lower = streams.findIndex(({ is_drum }) => !is_drum) !== stream; // thicker, so that it is not taken for the first
    if (streams[stream].is_drum) boxes.push(...densityBoxes({ notes, steps }, place, scale));
    else if (stepPixels < BY_BAR_BELOW) {
      const [, , low, high] = ranges[stream];
      boxes.push(...barBoxes({ notes, steps, range: [low, high] }, place, { thick: scale * (lower ? 2 : 1.5), scale }));
    } else {
      const [low, high] = ranges[stream];
      const alone = streams.length === 1;
      const thick = alone ? (place.across > 40 * scale ? 2.4 : 2) * scale : Math.max(scale, box.down / (lower ? 17 : 30));
      boxes.push(...contourBoxes({ notes, steps, range: [low, high] }, place, { thick, joined: stepPixels >= JOINED_FROM }));
    }
  });
  fill(ctx, boxes, main);
}

/**
 * Where each stream is drawn: the first melody has most of the height, drums are below all others.
 * @param {Stream[]} streams
 * @param {Box} box
 * @returns {Box[]}
 */
function placesOf(streams, { left, top, across, down }) {
  const first = streams.findIndex(({ is_drum }) => !is_drum);
  const shares = streams.map(({ is_drum }, stream) => (is_drum ? 26 : stream === first ? 42 : 22));
  const all = shares.reduce((sum, share) => sum + share, 0) + 5 * (streams.length - 1);
  const order = streams.map((_, stream) => stream).sort((one, other) => Number(streams[one].is_drum) - Number(streams[other].is_drum));
  /** @type {Box[]} */
  const places = [];
  let from = top;
  for (const stream of order) {
    const high = (shares[stream] / all) * down;
    places[stream] = { left, top: from, across, down: high };
    from += high + (5 / all) * down;
  }
  return places;
}

/**
 * Fill boxes with one color; where they overlap it is no darker.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box[]} boxes
 * @param {string} color
 */
function fill(ctx, boxes, color) {
  ctx.fillStyle = color;
  ctx.beginPath();
  for (const { left, top, across, down } of boxes) ctx.rect(left, top, across, down);
  ctx.fill();
}
