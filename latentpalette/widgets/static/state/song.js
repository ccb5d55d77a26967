// The song of Latent Loops: its places, and the turns that they play in, as in Python's loops_song.py.
/** @import { Clip, ClipJson, Note } from "../types.js" */
/** @import { Range } from "./scales.js" */

import { byStep, clipFromJson } from "./clip.js";
import { foldPitch, mapPitches } from "./scales.js";

/**
 * A loop of the clipboard.
 * @typedef {object} LoopItem
 * @property {ClipJson} clip
 * @property {string} label
 * @property {[number, number] | null} at   where on the grid it is from
 *
 * @typedef {LoopItem & { repeats: number, transpose: number, drums: { clip: ClipJson, label: string } | null }} Place
 *
 * @typedef {{ place: number, turn: number, clip: Clip }} Turn
 */

export const MAX_PLACES = 64;
export const MAX_REPEATS = 16;
export const MAX_TRANSPOSE = 24;

/**
 * What a place of the song plays: a clip for each repetition, drums included.
 * @param {Place} place
 * @param {Range} range   of the melody
 * @returns {Clip[]}
 */
export function turnsOf(place, range) {
  const loop = clipFromJson(place.clip);
  const by = place.transpose;
  const melody = by ? mapPitches(loop, (pitch) => foldPitch(pitch + by, range)) : loop;
  const drums = place.drums && clipFromJson(place.drums.clip);
  return Array.from({ length: place.repeats }, (_, turn) => {
    if (!drums) return melody;
    return { steps: loop.steps, notes: [...melody.notes, ...section(drums, turn * loop.steps, loop.steps)].sort(byStep) };
  });
}

/**
 * The notes of a loop that repeats, between two steps, counted from the first of them.
 * @param {Clip} loop
 * @param {number} start
 * @param {number} steps
 * @returns {Note[]}
 */
function section(loop, start, steps) {
  /** @type {Note[]} */
  const notes = [];
  for (let lap = Math.floor(start / loop.steps); lap * loop.steps < start + steps; lap++) {
    for (const note of loop.notes) {
      const step = note.step + lap * loop.steps - start;
      if (step >= 0 && step < steps) notes.push({ ...note, step });
    }
  }
  return notes;
}

/**
 * Every turn of a song.
 * @param {Place[]} places
 * @param {Range} range
 * @returns {Turn[]}
 */
export const allTurns = (places, range) =>
  places.flatMap((place, index) => turnsOf(place, range).map((clip, turn) => ({ place: index, turn, clip })));

/**
 * The text of the marker of a place.
 * @param {string} label
 * @param {number} place
 */
export const placeLabel = (label, place) => (label ? `${place + 1}: ${label}` : String(place + 1));

/**
 * A list with an item at another place.
 * @template T
 * @param {T[]} list
 * @param {number} from
 * @param {number} to     the place before which it comes, of the present list
 */
export function moveItem(list, from, to) {
  const rest = list.filter((_, index) => index !== from);
  rest.splice(to > from ? to - 1 : to, 0, list[from]);
  return rest;
}
