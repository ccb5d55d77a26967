// The tempos and time signatures of a MIDI file.
/** @import { MidiTrack, SkippedPart } from "../../types.js" */

import { bigEndian } from "./bytes.js";
import { SET_TEMPO, TIME_SIGNATURE } from "./events.js";
import { withCommas } from "./wording.js";

const MIN_MICROSECONDS = 60_000; // to a quarter note: a tempo of 1000
const MAX_DENOMINATOR_POWER = 7; // 128ths, the shortest notes that notation programs write

/**
 * @typedef {object} MidiClock   in order
 * @property {[number, number][]} tempos                   tick, microseconds to a quarter note
 * @property {[number, number, number][]} timeSignatures   tick, numerator, denominator
 */

/**
 * Read the tempos and time signatures of all tracks; those that cannot be are skipped. Of several at the same tick the
 * last one holds, track after track, as in players.
 * @param {MidiTrack[]} tracks
 * @returns {{ clock: MidiClock, skipped: SkippedPart[] }}
 */
export function readClock(tracks) {
  const events = tracks
    .flatMap(({ metaEvents }) => metaEvents.filter(({ type }) => type === SET_TEMPO || type === TIME_SIGNATURE))
    .sort((one, other) => one.tick - other.tick);
  /** @type {Map<number, number>} */
  const tempos = new Map();
  /** @type {Map<number, [number, number]>} */
  const meters = new Map();
  /** @type {SkippedPart[]} */
  const skipped = [];
  for (const { tick, type, data } of events) {
    const isTempo = type === SET_TEMPO;
    const skip = (/** @type {string} */ kind, /** @type {string} */ example) => skipped.push({ kind, example, tick });
    if (data.length < (isTempo ? 3 : 2)) {
      skip("events that are cut short are ignored", isTempo ? "a tempo" : "a time signature");
    } else if (isTempo) {
      const microseconds = bigEndian(data, 0, 3);
      if (microseconds >= MIN_MICROSECONDS) tempos.set(tick, microseconds);
      else skip("impossible tempos are ignored", microseconds ? withCommas(60e6 / microseconds) : "0");
    } else {
      const meter = parseTimeSignature(data);
      if (meter) meters.set(tick, meter);
      else skip("impossible time signatures are ignored", `${data[0]}/${2n ** BigInt(Math.min(data[1], 99))}`);
    }
  }
  /** @type {[number, number, number][]} */
  const timeSignatures = Array.from(meters, ([tick, meter]) => [tick, ...meter]);
  return { clock: { tempos: [...tempos], timeSignatures }, skipped };
}

/**
 * The numerator and denominator of a time signature; null if it cannot be.
 * @param {Uint8Array} data
 * @returns {[number, number] | null}
 */
export const parseTimeSignature = (data) =>
  data.length < 2 || !data[0] || data[1] > MAX_DENOMINATOR_POWER ? null : [data[0], 2 ** data[1]];
