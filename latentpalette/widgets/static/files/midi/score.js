// Scores: the notes of a MIDI file on a grid of quarter notes, with its tempos and time signatures.
/** @import { Meter, MidiInstrument, ParsedMidi, Score, ScoreNote } from "../../types.js" */
/** @import { MidiClock } from "./clock.js" */
/** @import { TempoMap } from "./tempomap.js" */

import { STEPS_PER_QUARTER, barNumbers } from "./bars.js";
import { hasText } from "./bytes.js";
import { TEXT } from "./events.js";
import { requireReadable } from "./limits.js";
import { describeSkipped } from "./skipped.js";
import { tempoMap } from "./tempomap.js";

const MAX_QPM = 1000;
const END_MARKER = "end of loop"; // a text event at the end of the piece, so that silence there survives

/**
 * @param {string} name             of the file, for messages
 * @param {ParsedMidi} file         with all that was skipped
 * @param {MidiInstrument[]} instruments
 * @param {number} pedalChanges
 * @param {MidiClock} clock
 * @param {string[]} programNames   of General MIDI
 * @returns {Score}
 */
export function buildScore(name, file, instruments, pedalChanges, clock, programNames) {
  const { ticksPerQuarter } = file;
  const map = tempoMap(clock.tempos, ticksPerQuarter);
  const markers = endMarkers(file);
  const toSteps = (/** @type {number} */ tick) => (tick * STEPS_PER_QUARTER) / ticksPerQuarter;
  const notes = instruments.flatMap(({ notes: own, program, isDrum }, track) =>
    own.map(({ start, end, pitch, velocity }) => ({
      pitch, velocity, program, track, isDrum, start: toSteps(start), end: toSteps(end),
    })),
  );
  const noteEnds = instruments.flatMap(({ notes: own }) => own.map(({ end }) => end));
  const lastNoteEnd = noteEnds.reduce((last, tick) => Math.max(last, tick), 0);
  const markedEnds = markers.map((tick) => map.quartersAt(map.secondsAt(tick)));
  const endMarker = markers.length ? markedEnds.reduce((last, quarters) => Math.max(last, quarters)) : null;
  requireReadable(name, {
    pedalChanges,
    seconds: map.secondsAt(markers.reduce((last, tick) => Math.max(last, tick), lastNoteEnd)),
    bars: Math.max(toSteps(lastNoteEnd) / STEPS_PER_QUARTER, endMarker ?? 0) / 4,
  });
  /** @type {Score} */
  const score = {
    name,
    notes,
    tempos: map.tempos.map(({ seconds, qpm }) => ({
      quarters: map.quartersAt(seconds),
      qpm: Math.min(Math.max(qpm, 1), MAX_QPM),
    })),
    meters: metersOf(clock, map),
    endMarker,
    trackNames: instruments.map(({ name: own, program, isDrum }) => (isDrum ? "drums" : own || programNames[program])),
    origins: instruments.map(({ name: own, track, channel }) => ({ name: own, number: track, channel })),
    warnings: [],
    programNames,
  };
  if (!file.skipped.length) return score;
  const barAt = barNumbers(score.meters, lengthOf(score));
  return { ...score, warnings: describeSkipped(file.skipped, (tick) => barAt(tick / ticksPerQuarter)) };
}

/**
 * The ticks of the marks that this package writes at the end of a piece.
 * @param {ParsedMidi} file
 */
const endMarkers = ({ tracks }) =>
  tracks.flatMap(({ metaEvents }) =>
    metaEvents
      .filter(({ type, data }) => type === TEXT && data.length === END_MARKER.length && hasText(data, END_MARKER))
      .map(({ tick }) => tick),
  );

/**
 * The time signatures in order, 4/4 at 0 if none is there, each different from the one before.
 * @param {MidiClock} clock
 * @param {TempoMap} map
 */
function metersOf({ timeSignatures }, map) {
  const meters = timeSignatures
    .map(([tick, numerator, denominator]) => ({ seconds: map.secondsAt(tick), numerator, denominator }))
    .sort((one, other) => one.seconds - other.seconds)
    .map(({ seconds, numerator, denominator }) => meter(map.quartersAt(seconds), numerator, denominator));
  /** @type {Meter[]} */
  const changes = meters[0]?.quarters === 0 ? [] : [meter(0, 4, 4)];
  for (const each of meters) {
    if (each.quarters === changes.at(-1)?.quarters) changes.pop();
    // Many programs repeat the time signature at every bar.
    if (each.text !== changes.at(-1)?.text) changes.push(each);
  }
  return changes;
}

/**
 * @param {number} quarters   where it begins
 * @param {number} numerator
 * @param {number} denominator
 * @returns {Meter}
 */
const meter = (quarters, numerator, denominator) => ({
  quarters,
  stepsPerBar: (STEPS_PER_QUARTER * 4 * numerator) / denominator,
  text: `${numerator}/${denominator}`,
});

/**
 * The length of a score [quarter notes]: as marked, else up to the end of the last note, to the nearest step. However
 * long its key is held, a drum counts up to the step after its onset.
 * @param {Score} score
 */
export function lengthOf({ notes, endMarker }) {
  let [end, onset] = [0, 0];
  for (const note of notes) {
    const after = nearestStep(note.start) + 1;
    onset = Math.max(onset, after);
    end = Math.max(end, after, note.isDrum ? 0 : nearestStep(note.end));
  }
  return endMarker === null ? end / STEPS_PER_QUARTER : Math.max(endMarker, onset / STEPS_PER_QUARTER);
}

/** @param {number} steps   half a step goes up, as in note-seq */
export const nearestStep = (steps) => Math.floor(steps + 0.5);

/**
 * The same piece with the notes that a test passes; tracks keep their numbers and names.
 * @param {Score} score
 * @param {(note: ScoreNote) => boolean} test
 */
export const selectNotes = (score, test) => ({ ...score, notes: score.notes.filter(test) });
