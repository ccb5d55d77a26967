// Clips: what a place in latent space sounds like. Before they play, locked lanes are replaced, muted ones left out, and
// streams made as loud as they are set.
/** @import { Clip, ClipJson, ClipSpan, Lane, Lock, Note } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";

const DEFAULT_VELOCITY = 80; // where no accents are given

/**
 * Order notes as clips have them: by step, stream and pitch.
 * @param {Note} one
 * @param {Note} other
 */
export const byStep = (one, other) => one.step - other.step || one.stream - other.stream || one.pitch - other.pitch;

/**
 * @param {ClipJson} json
 * @returns {Clip}
 */
export function clipFromJson({ steps, notes }) {
  return {
    steps,
    notes: notes.map(([step, pitch, length, velocity, offset, stream]) => ({
      step, pitch, length, velocity, offset, stream,
    })),
  };
}

/**
 * @param {Clip} clip
 * @returns {ClipJson}
 */
export function clipToJson({ steps, notes }) {
  return {
    steps,
    notes: notes.map(({ step, pitch, length, velocity, offset, stream }) => [
      step, pitch, length, velocity, offset, stream,
    ]),
  };
}

/**
 * True if a note is one of a lane's.
 * @param {Lane} lane
 * @param {Pick<Note, "stream" | "pitch">} note
 */
export const isInLane = ({ stream, pitches }, note) =>
  note.stream === stream && (pitches === null || pitches.includes(note.pitch));

/**
 * The index of a note's lane; -1 if it has none.
 * @param {Lane[]} lanes
 * @param {Pick<Note, "stream" | "pitch">} note
 */
export const laneOf = (lanes, note) => lanes.findIndex((lane) => isInLane(lane, note));

/**
 * What a clip plays: locks replace the notes of a lane, mutes remove them, volumes make streams softer.
 * @param {Clip} clip
 * @param {object} settings
 * @param {Lane[]} settings.lanes
 * @param {boolean[]} [settings.mutes]      one per lane
 * @param {Lock[]} [settings.locks]         one per lane
 * @param {number[][]} [settings.accents]   velocity [lane][step in the bar] of locked drums
 * @param {number[]} [settings.volumes]     0 to 1, one per stream
 * @returns {Clip}
 */
export function playedClip({ steps, notes }, { lanes, mutes = [], locks = [], accents = [], volumes = [] }) {
  const replaced = lanes.map((_, lane) => Boolean(mutes[lane] || locks[lane]));
  if (!replaced.includes(true)) return { steps, notes: scaleVelocities(notes, volumes) };
  const kept = notes.filter((note) => !replaced[laneOf(lanes, note)]);
  const locked = lanes.flatMap((lane, index) => {
    const lock = locks[index];
    return lock && !mutes[index] ? lockedNotes(lock, lane, steps, accents[index]) : [];
  });
  return { steps, notes: scaleVelocities([...kept, ...locked].sort(byStep), volumes) };
}

/**
 * Notes of streams that are as loud as their volumes say: factors of the velocity, whose square is the amplitude, as the
 * square of an instrument's volume is. At 0 a stream is left out. Python does the same (widgets/playback.py).
 * @param {Note[]} notes
 * @param {number[]} volumes   0 to 1, one per stream
 */
export function scaleVelocities(notes, volumes) {
  if (volumes.every((volume) => volume === 1)) return notes;
  return notes.flatMap((note) => {
    const factor = volumes[note.stream] ?? 1;
    if (factor === 1) return note;
    return factor > 0 ? { ...note, velocity: Math.max(1, Math.round(note.velocity * factor)) } : [];
  });
}

/**
 * The notes of a locked lane. A lane that is shorter than the clip repeats.
 * @param {NonNullable<Lock>} lock
 * @param {Lane} lane
 * @param {number} steps
 * @param {number[]} [accents]   velocity [step in the bar]
 * @returns {Note[]}
 */
function lockedNotes(lock, { stream, pitches }, steps, accents = []) {
  /** @type {Note[]} */
  const notes = [];
  if (pitches === null) {
    for (const [step, pitch, length, velocity, offset] of /** @type {number[][]} */ (lock)) {
      if (step < steps) notes.push({ step, pitch, length: Math.min(length, steps - step), velocity, offset, stream });
    }
    return notes;
  }
  for (let step = 0; step < steps && lock.length; step++) {
    if (!lock[step % lock.length]) continue;
    const velocity = accents[step % STEPS_PER_BAR] ?? DEFAULT_VELOCITY;
    notes.push({ step, pitch: pitches[0], length: 1, velocity, offset: 0, stream });
  }
  return notes;
}

/**
 * The clip that clips make one after the other, each for some bars; see `joinSpans`.
 * @param {Clip[]} clips
 * @param {number} barsPerCell
 * @param {(note: Note, turn: number) => Note} [change]   of the notes of a turn
 * @returns {Clip}
 */
export function joinClips(clips, barsPerCell, change) {
  const length = barsPerCell * STEPS_PER_BAR;
  return joinSpans(clips.map((clip, turn) => ({ clip, from: turn * length, to: (turn + 1) * length })), change);
}

/**
 * The clip that clips make one after the other, each from one step to another: step s of the whole is step s mod the
 * length of the clip that it lies in, counted from its origin, so that the beat stays in phase however long it lasts.
 *
 * A note ends with its clip's turn, unless the next clip has the same pitch sounding there: then it goes on until that
 * one's end. What else sounds there, but would have begun before, begins there. So it is when it is played.
 * @param {ClipSpan[]} spans   in order of time
 * @param {(note: Note, turn: number) => Note} [change]   of the notes of a span
 * @returns {Clip}
 */
export function joinSpans(spans, change = (note) => note) {
  const keyOf = (/** @type {Note} */ { stream, pitch }) => 128 * stream + pitch;
  /** @type {Note[]} */
  const notes = [];
  /** @type {Map<number, number>} */
  let held = new Map(); // by stream and pitch: the notes of the turn before that would go on
  spans.forEach(({ clip: { steps, notes: own }, from, to, origin = 0 }, turn) => {
    if (spans[turn - 1] && spans[turn - 1].to !== from) held = new Map(); // there is silence between them
    /** @type {typeof held} */
    const goesOn = new Map();
    for (let lap = Math.floor((from - origin) / steps); origin + lap * steps < to; lap++) {
      for (const note of own) {
        const step = origin + lap * steps + note.step;
        const end = Math.min(step + note.length, origin + (lap + 1) * steps);
        if (step >= to || end <= from) continue;
        const before = step < from ? held.get(keyOf(note)) : undefined;
        const place = before ?? notes.length;
        const start = step < from ? { step: from, offset: 0 } : { step };
        const placed = before === undefined ? change({ ...note, ...start }, turn) : notes[before];
        notes[place] = { ...placed, length: Math.min(end, to) - placed.step };
        if (end > to) goesOn.set(keyOf(note), place);
      }
    }
    held = goesOn;
  });
  return { notes: notes.sort(byStep), steps: spans.at(-1)?.to ?? 0 };
}

/**
 * Number of notes of each lane.
 * @param {Clip} clip
 * @param {Lane[]} lanes
 * @returns {number[]}
 */
export function laneCounts({ notes }, lanes) {
  const counts = new Array(lanes.length).fill(0);
  for (const note of notes) counts[laneOf(lanes, note)] += 1;
  return counts.slice(0, lanes.length);
}
