// Notes on the grid of sixteenths, in the order in which Python has those of a sequence.
/** @import { GridNote } from "../../types.js" */

import { countBefore } from "./search.js";

/**
 * By step and pitch; what is alike in these by all else.
 * @param {GridNote} one
 * @param {GridNote} other
 */
const byTime = (one, other) =>
  one.step - other.step ||
  one.pitch - other.pitch ||
  Number(one.isDrum) - Number(other.isDrum) ||
  one.program - other.program ||
  one.offset - other.offset ||
  one.velocity - other.velocity ||
  one.length - other.length;

/** @param {Iterable<GridNote>} notes */
export const sortNotes = (notes) => [...notes].sort(byTime);

/**
 * The notes that begin from one step up to another, counted from the first; those that last beyond are cut there.
 * @param {GridNote[]} notes   in order
 * @param {number} start
 * @param {number} stop
 */
export function sliceNotes(notes, start, stop) {
  const [first, after] = [start, stop].map((step) => countBefore(notes, step, (note) => note.step));
  const cut = notes.slice(first, after).map((note) => {
    const { step, length } = note;
    return { ...note, step: step - start, length: Math.min(length, stop - step) };
  });
  return sortNotes(cut);
}

/**
 * Where music begins [steps]: at its first note, or at the step that one a little early belongs to.
 * @param {GridNote[]} notes
 */
export const firstOnset = (notes) =>
  notes.length ? notes.reduce((first, { step, offset }) => Math.min(first, step + Math.max(offset, 0)), Infinity) : 0;
