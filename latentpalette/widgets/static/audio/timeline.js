// Segments in time: a list of loops, each of which takes over at a step and plays until the next one does. No sound.
//
// A held note ends where its loop does, where its pitch begins again, or where another loop takes over. If that one
// has the same pitch sounding there, the note goes on until that one's ends; what else sounds there begins there.
/** @import { FrameNote, Kit, Loop, Note, Segment, SongNote, TimeGrid } from "../types.js" */

import { frameOfStep, stepOfFrame } from "./clock.js";
import { isDrum } from "./kit.js";

/**
 * The notes that sound from frame `from` up to frame `to`, in order of time. A drum counts where it is hit.
 * @param {Segment[]} segments
 * @param {number} from
 * @param {number} to
 * @param {Kit} kit   tells which streams are drums
 * @returns {FrameNote[]}
 */
export function notesBetween(segments, from, to, kit) {
  if (!(from < to)) return [];
  const notes = segments.flatMap((segment, i) => {
    const next = /** @type {Segment | undefined} */ (segments[i + 1]);
    const stop = next?.frame ?? Infinity;
    const own = loopNotes(segment, Math.max(from, segment.frame), Math.min(to, stop), kit);
    return [...segment.entering, ...own.filter(({ frame }) => frame >= segment.frame && frame < stop)]
      .filter((note) => !next?.entering.some((entering) => entering.frame < stop && isSameNote(entering, note)))
      .map((note) => (note.end > stop ? { ...note, end: stop } : note));
  });
  return endAtRetrigger(notes, kit).filter(({ frame, end }) => frame < to && (frame >= from || end > from));
}

/**
 * The notes of a segment that sound where it takes over but have not begun there: those of earlier segments that go on,
 * and its own that would have begun before.
 * @param {Omit<Segment, "entering">} segment
 * @param {Segment[]} earlier
 * @param {Kit} kit
 * @returns {FrameNote[]}
 */
export function enteringNotes(segment, earlier, kit) {
  const { step, frame: at, grid } = segment;
  const nextStep = frameOfStep(grid, step + 1);
  const recent = notesBetween(earlier, at - Math.ceil((nextStep - at) / 2), at, kit);
  const isHeld = (/** @type {FrameNote} */ { frame, end }) => frame < at && end > at;
  const own = loopNotes(segment, at, nextStep, kit).filter(({ frame }) => frame < at);
  return endAtRetrigger(own, kit).flatMap((note) => {
    const before = recent.findLast((other) => other.stream === note.stream && other.pitch === note.pitch);
    if (!isDrum(kit, note.stream)) {
      if (!isHeld(note)) return [];
      return [before && isHeld(before) ? { ...before, end: note.end } : { ...note, frame: at }];
    }
    // A drum of the step of the take-over that is early is not lost, unless the earlier loop has had it.
    return note.step >= step && !before ? [{ ...note, frame: at, end: at }] : [];
  });
}

/**
 * The notes of a loop in all laps that reach into the frames from `from` up to `to`.
 * @param {{ grid: TimeGrid, loop: Loop }} segment
 * @param {number} from
 * @param {number} to
 * @param {Kit} kit
 */
function loopNotes({ grid, loop: { notes, gain } }, from, to, kit) {
  /** @type {(FrameNote & { step: number })[]} */
  const found = [];
  if (!(from < to) || !notes.length) return found;
  const first = Math.floor(stepOfFrame(grid, from) / grid.steps);
  const last = Math.floor(stepOfFrame(grid, to) / grid.steps) + 1; // an early note begins in the lap before its own
  for (let lap = first; lap <= last; lap++) {
    for (const note of notes) {
      const step = lap * grid.steps + note.step;
      const frame = frameOfStep(grid, step + note.offset);
      const until = Math.min(step + note.offset + note.length, (lap + 1) * grid.steps);
      const end = isDrum(kit, note.stream) ? frame : Math.max(frame + 1, frameOfStep(grid, until));
      const { pitch, velocity, stream, gain: own = gain } = /** @type {SongNote} */ (note);
      found.push({ frame, end, pitch, velocity, stream, gain: own, step });
    }
  }
  return found;
}

/**
 * Sort notes by time, and end each held one where its pitch begins again. Of two that begin at once one remains.
 * @template {FrameNote} N
 * @param {N[]} notes
 * @param {Kit} kit
 * @returns {N[]}
 */
export function endAtRetrigger(notes, kit) {
  const ordered = [...notes].sort((one, other) => one.frame - other.frame);
  /** @type {Map<number, number>} */
  const sounding = new Map();
  ordered.forEach((note, i) => {
    if (isDrum(kit, note.stream)) return;
    const key = note.stream * 128 + note.pitch;
    const before = sounding.get(key);
    if (before !== undefined && ordered[before].end > note.frame) {
      ordered[before] = { ...ordered[before], end: note.frame };
    }
    sounding.set(key, i);
  });
  return ordered.filter(({ stream, frame, end }) => end > frame || isDrum(kit, stream));
}

/**
 * @param {FrameNote} one
 * @param {FrameNote} other
 */
function isSameNote(one, other) {
  return one.frame === other.frame && one.stream === other.stream && one.pitch === other.pitch;
}

/**
 * The segment that plays at a frame: the last that has begun, or the first of all if none has.
 * @template {Segment} S
 * @param {S[]} segments
 * @param {number} frame
 * @returns {S}
 */
export function segmentAt(segments, frame) {
  for (let i = segments.length - 1; i > 0; i--) if (segments[i].frame <= frame) return segments[i];
  return segments[0];
}

/**
 * True if two loops sound the same.
 * @param {Loop} one
 * @param {Loop} other
 */
export function sameLoop(one, other) {
  return loopSignature(one) === loopSignature(other);
}

/**
 * A text that is equal for loops that sound the same.
 * @param {Pick<Loop, "notes" | "steps" | "qpm" | "gain">} loop
 */
export function loopSignature({ notes, steps, qpm, gain = 1 }) {
  const text = (/** @type {Note} */ { step, offset, length, pitch, velocity, stream }) =>
    `${step}.${offset}.${length}.${pitch}.${velocity}.${stream}`;
  return `${steps}/${qpm}/${gain}/${notes.map(text).join()}`;
}
