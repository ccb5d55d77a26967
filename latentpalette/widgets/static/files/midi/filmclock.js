// Clocks of MIDI files that count film frames (SMPTE) instead of quarter notes: the duration of a tick is the same in the
// whole file. A quarter note is half a second, or 0.5005 seconds where frames are those of NTSC television, since that is
// a whole number of ticks.
/** @import { ChannelEvent, MidiTrack, ParsedMidi, SkippedPart } from "../../types.js" */

import { SET_TEMPO } from "./events.js";
import { MidiError, withDigits } from "./wording.js";

const HALF_SECOND = 500_000; // [microseconds] a quarter note at a tempo of 120
const SECOND_BY_CODE = new Map([[24, 1], [25, 1], [29, 1.001], [30, 1]]); // 29 stands for 30 frames in 1.001 seconds

/** @typedef {{ frames: number, ticksPerFrame: number }} FilmClock   frames: the code of the frame rate */

/**
 * The clock of a file from the last number of its header; null if it counts quarter notes.
 * @param {number} division
 * @param {string} name   of the file, for messages
 * @returns {FilmClock | null}
 */
export function readFilmClock(division, name) {
  if (division < 0x8000) return null;
  const [frames, ticksPerFrame] = [256 - (division >> 8), division & 255];
  const advice = "It may be damaged; export it again, with musical time.";
  if (!SECOND_BY_CODE.has(frames)) {
    const rates = "there are 24, 25, 29.97 and 30";
    throw new MidiError(`${name}: its clock counts ${frames} film frames a second; ${rates}. ${advice}`);
  }
  if (!ticksPerFrame) throw new MidiError(`${name}: its clock has no ticks in a film frame. ${advice}`);
  return { frames, ticksPerFrame };
}

/**
 * A file counted in quarter notes, without the tempos of its tracks.
 * @param {FilmClock} clock
 * @param {MidiTrack[]} tracks
 * @param {SkippedPart[]} skipped
 * @returns {Pick<ParsedMidi, "ticksPerQuarter" | "tracks" | "skipped">}
 */
export function toQuarterNotes({ frames, ticksPerFrame }, tracks, skipped) {
  const microseconds = Math.round(HALF_SECOND * (SECOND_BY_CODE.get(frames) ?? 1));
  // Each tick becomes two: half a second may be an odd number of them.
  const converted = tracks.map(({ events, metaEvents }) => ({
    events: events.map(([tick, ...event]) => /** @type {ChannelEvent} */ ([2 * tick, ...event])),
    metaEvents: metaEvents
      .filter(({ type }) => type !== SET_TEMPO)
      .map((event) => ({ ...event, tick: 2 * event.tick })),
  }));
  const data = Uint8Array.of(microseconds >> 16, (microseconds >> 8) & 255, microseconds & 255);
  converted[0].metaEvents.unshift({ tick: 0, type: SET_TEMPO, data, before: 0 });
  return {
    ticksPerQuarter: (frames === 29 ? 30 : frames) * ticksPerFrame,
    tracks: converted,
    skipped: [
      ...skipped.map((part) => (part.tick === null ? part : { ...part, tick: 2 * part.tick })),
      {
        kind: "the clock counts film frames, and tempos have no effect",
        example: `read at ${withDigits(60e6 / microseconds, 5)} quarter notes a minute`,
        tick: null,
      },
    ],
  };
}
