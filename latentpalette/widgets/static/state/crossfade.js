// Cross-fade of two clips: the notes of both at once. Python does the same in music/crossfade.py; tests/vectors/crossfade.json
// holds both to it.
/** @import { Clip, Note } from "../types.js" */

import { byStep } from "./clip.js";

/** @param {Note} note */
const placeOf = ({ step, stream, pitch }) => `${step} ${stream} ${pitch}`;
/** @param {number} value */
const rounded = (value) => Math.floor(value + 0.5);

/**
 * The notes of a cross-fade: those of A alone, softer the larger `t` is, those of B alone, louder, and those of both,
 * which lie between the two. Notes without velocity are left out.
 * @param {Clip} a
 * @param {Clip} b
 * @param {number} t   0 is A, 1 is B
 * @returns {{ a: Note[], b: Note[], both: Note[] }}
 */
export function crossfadeParts(a, b, t) {
  /** @type {Map<string, Note[]>} */
  const waiting = new Map();
  for (const note of b.notes) waiting.set(placeOf(note), [...(waiting.get(placeOf(note)) ?? []), note]);
  /** @type {{ a: Note[], b: Note[], both: Note[] }} */
  const parts = { a: [], b: [], both: [] };
  for (const note of a.notes) {
    const other = waiting.get(placeOf(note))?.shift();
    if (!other) parts.a.push({ ...note, velocity: rounded((1 - t) * note.velocity) });
    else {
      parts.both.push({
        ...note,
        velocity: rounded((1 - t) * note.velocity + t * other.velocity),
        length: rounded((1 - t) * note.length + t * other.length),
        offset: (1 - t) * note.offset + t * other.offset,
      });
    }
  }
  for (const notes of waiting.values()) {
    for (const note of notes) parts.b.push({ ...note, velocity: rounded(t * note.velocity) });
  }
  const isAudible = (/** @type {Note} */ { velocity }) => velocity > 0;
  return { a: parts.a.filter(isAudible), b: parts.b.filter(isAudible).sort(byStep), both: parts.both };
}

/**
 * The cross-fade as a clip.
 * @param {Clip} a
 * @param {Clip} b
 * @param {number} t
 * @returns {Clip}
 */
export function crossfadeClip(a, b, t) {
  const parts = crossfadeParts(a, b, t);
  return { steps: Math.max(a.steps, b.steps), notes: [...parts.a, ...parts.b, ...parts.both].sort(byStep) };
}
