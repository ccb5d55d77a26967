// How much of a drummer's feel is played: of the timing, of the velocities, and swing. Python does the same in feel.py.
/** @import { Clip } from "../types.js" */

import { byStep } from "./clip.js";

const MAX_DELAY = 0.5; // of the unit that swings: a dotted rhythm; two thirds of it are a triplet's
const UNITS = /** @type {Record<string, number>} */ ({ sixteenths: 1, eighths: 2 }); // [steps]

/**
 * @typedef {object} Feel
 * @property {number} timing     0 is as written, 1 as the drummer plays, 2 twice as far from what is written
 * @property {number} velocity
 * @property {number} swing      0 to 1; two thirds are a triplet
 * @property {string} swing_of   "sixteenths" or "eighths"
 */

/**
 * @param {number} number
 * @param {number} low
 * @param {number} high
 */
const clamp = (number, low, high) => Math.min(Math.max(number, low), high);

/**
 * Step and offset with swing. Between the beats that stay, time is stretched and squeezed: what is a little early or late
 * stays so. A hit stays in its step for as long as it is within half a step of it.
 * @param {{ step: number, offset: number }} hit
 * @param {number} steps   length of the music
 * @param {Pick<Feel, "swing" | "swing_of">} feel
 */
export function swungPlace({ step: own, offset: late }, steps, { swing, swing_of: swingOf }) {
  const position = own + late;
  const unit = UNITS[swingOf];
  const delay = swing * MAX_DELAY * unit;
  const pair = Math.floor(position / (2 * unit));
  const inside = position - 2 * unit * pair;
  const swung = inside < unit ? (inside * (unit + delay)) / unit : unit + delay + ((inside - unit) * (unit - delay)) / unit;
  const place = 2 * unit * pair + swung;
  const step = Math.abs(place - own) > 0.5 ? clamp(Math.floor(place + 0.5), 0, steps - 1) : own;
  return { step, offset: clamp(place - step, -0.5, 0.5) };
}

/**
 * Each written hit, in the order of the written ones, with the place and the velocity that it is played with.
 * @param {Clip} written
 * @param {Clip} played
 * @param {Feel} feel
 */
export function feltHits(written, played, feel) {
  const byPlace = new Map(played.notes.map((note) => [`${note.step} ${note.pitch}`, note]));
  return written.notes.map((note) => {
    const hit = byPlace.get(`${note.step} ${note.pitch}`) ?? note;
    const velocity = clamp(Math.floor(note.velocity + feel.velocity * (hit.velocity - note.velocity) + 0.5), 1, 127);
    const shifted = clamp(note.offset + feel.timing * (hit.offset - note.offset), -0.5, 0.5);
    return { ...note, ...swungPlace({ step: note.step, offset: shifted }, written.steps, feel), velocity };
  });
}

/**
 * The clip that is played.
 * @param {Clip} written
 * @param {Clip} played
 * @param {Feel} feel
 * @returns {Clip}
 */
export function applyFeel(written, played, feel) {
  return { steps: written.steps, notes: feltHits(written, played, feel).sort(byStep) };
}
