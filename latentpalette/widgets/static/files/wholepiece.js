// A whole MIDI file on one grid of sixteenths, as Python's `NoteSequence.from_midi` reads it.
/** @import { GridNote, Score } from "../types.js" */

import { roundHalfEven } from "../engine/converters/rounding.js";
import { EPSILON, STEPS_PER_QUARTER, barSpans } from "./midi/bars.js";
import { sortNotes } from "./midi/gridnotes.js";
import { lengthOf, nearestStep } from "./midi/score.js";
import { quantize, tempoChanges } from "./midi/sections.js";

/**
 * The tracks together; in whole bars if the end of the piece is not known. The tempo is that where the music begins.
 * @param {Score} score
 * @returns {{ notes: GridNote[], steps: number, qpm: number }}
 */
export function wholePiece(score) {
  const length = lengthOf(score);
  const ends = barSpans(score.meters, length).map(({ stop }) => Math.ceil(stop - EPSILON));
  const first = score.notes.reduce((least, { start }) => Math.min(least, Math.max(start, nearestStep(start))), Infinity);
  return {
    notes: sortNotes(score.notes.map((note) => quantize(note, note.start, note.end))),
    steps: score.endMarker === null ? Math.max(0, ...ends) : roundHalfEven(length * STEPS_PER_QUARTER),
    qpm: tempoChanges(score, (score.notes.length ? first : 0) / STEPS_PER_QUARTER, 0)[0].qpm,
  };
}
