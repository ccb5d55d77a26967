// What differs between two clips: the notes that stay, those that have come, and those that have gone.
/** @import { Note } from "../types.js" */

/** @param {Note} note */
const placeOf = ({ step, stream, pitch }) => `${step} ${stream} ${pitch}`;

/**
 * Compare the notes of two clips: a note stays where both have its pitch begin at its step.
 * @param {Note[]} before
 * @param {Note[]} after
 * @returns {{ stay: Note[], come: Note[], gone: Note[] }}   `stay` as they are after
 */
export function noteChanges(before, after) {
  const [old, now] = [before, after].map((notes) => new Set(notes.map(placeOf)));
  return {
    stay: after.filter((note) => old.has(placeOf(note))),
    come: after.filter((note) => !old.has(placeOf(note))),
    gone: before.filter((note) => !now.has(placeOf(note))),
  };
}

/**
 * The number of notes that come or go between two clips.
 * @param {Note[]} before
 * @param {Note[]} after
 */
export function countChanges(before, after) {
  const { come, gone } = noteChanges(before, after);
  return come.length + gone.length;
}
