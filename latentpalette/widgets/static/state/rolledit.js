// Edits of the notes of one stream that plays one note at a time: a note that is drawn, moved or lengthened cuts those
// that it overlaps. Functions take a list of notes in order and return another; the note itself is found by `at`.
/** @import { Note } from "../types.js" */

/** @typedef {{ notes: Note[], at: number }} Edit   the notes, and the position of the one that was edited (-1: none) */
/** @typedef {{ steps: number, low: number, high: number }} Bounds   of the clip and of the stream */

const LOUDNESS = 96; // velocity of a note that is drawn where none is before it

/**
 * @param {number} value
 * @param {number} from
 * @param {number} to
 */
const clamp = (value, from, to) => Math.min(to, Math.max(from, value));

/**
 * Put a note among others, which give way: what begins before it ends where it begins, what goes on after it begins
 * where it ends, and what lies within it goes.
 * @param {Note[]} others
 * @param {Note} note
 * @returns {Edit}
 */
function place(others, note) {
  const end = note.step + note.length;
  const kept = others.flatMap((other) => {
    const otherEnd = other.step + other.length;
    if (otherEnd <= note.step || other.step >= end) return [other];
    if (other.step < note.step) return [{ ...other, length: note.step - other.step }];
    return otherEnd > end ? [{ ...other, step: end, length: otherEnd - end }] : [];
  });
  const notes = [...kept, note].sort((one, other) => one.step - other.step);
  return { notes, at: notes.indexOf(note) };
}

/**
 * Draw a note.
 * @param {Note[]} notes
 * @param {Pick<Note, "step" | "pitch" | "length" | "stream">} drawn
 * @param {Bounds} bounds
 * @returns {Edit}
 */
export function addNote(notes, { step, pitch, length, stream }, { steps, low, high }) {
  const start = clamp(step, 0, steps - 1);
  const before = notes.filter((note) => note.step <= start).pop();
  return place(notes, {
    step: start,
    offset: 0,
    length: clamp(length, 1, steps - start),
    pitch: clamp(pitch, low, high),
    velocity: before?.velocity ?? LOUDNESS,
    stream,
  });
}

/**
 * Move a note to another step and pitch.
 * @param {Note[]} notes
 * @param {number} at
 * @param {{ step: number, pitch: number }} to
 * @param {Bounds} bounds
 * @returns {Edit}
 */
export function moveNote(notes, at, { step, pitch }, { steps, low, high }) {
  const note = notes[at];
  const moved = { ...note, step: clamp(step, 0, steps - note.length), pitch: clamp(pitch, low, high) };
  return place(notes.filter((other) => other !== note), moved);
}

/**
 * Give a note another length.
 * @param {Note[]} notes
 * @param {number} at
 * @param {number} length   [steps]
 * @param {Bounds} bounds
 * @returns {Edit}
 */
export function resizeNote(notes, at, length, { steps }) {
  const note = notes[at];
  return place(notes.filter((other) => other !== note), { ...note, length: clamp(length, 1, steps - note.step) });
}

/**
 * Delete a note; the one after it, or else the one before, is chosen.
 * @param {Note[]} notes
 * @param {number} at
 * @returns {Edit}
 */
export function deleteNote(notes, at) {
  const left = notes.filter((_, index) => index !== at);
  return { notes: left, at: Math.min(at, left.length - 1) };
}

/**
 * Add a note after another, at its pitch and as long, cut where the next one begins; at the first step where there is
 * none to follow.
 * @param {Note[]} notes
 * @param {number} at                      the note to follow; -1: none
 * @param {{ pitch: number, stream: number }} first   of a note that follows none
 * @param {Bounds} bounds
 * @returns {Edit | null}                  null if there is no room
 */
export function addNoteAfter(notes, at, { pitch, stream }, bounds) {
  const note = notes[at];
  if (!note) return addNote(notes, { step: 0, pitch, length: 2, stream }, bounds);
  const step = note.step + note.length;
  const next = notes[at + 1]?.step ?? bounds.steps;
  if (step >= next) return null;
  return addNote(notes, { step, pitch: note.pitch, length: Math.min(note.length, next - step), stream }, bounds);
}

/**
 * The pitch some rows above another, as far as there are rows.
 * @param {number[]} rows   pitches, the lowest first
 * @param {number} pitch
 * @param {number} by       rows
 */
export function pitchAbove(rows, pitch, by) {
  const beyond = by > 0 ? rows.filter((row) => row > pitch) : rows.filter((row) => row < pitch).reverse();
  return beyond[Math.min(Math.abs(by), beyond.length) - 1] ?? pitch;
}
