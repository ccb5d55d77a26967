// Read MIDI files: the same notes as Python reads (music/midi.py). Files are not trusted: reading one takes bounded
// time and gives music or an error in words. What a player plays is read; what of it is skipped is in the warnings.
/** @import { Score } from "../types.js" */

import { STEPS_PER_QUARTER } from "./midi/bars.js";
import { readClock } from "./midi/clock.js";
import { markDrumsByName } from "./midi/drumnames.js";
import { extendToEndOfTrack } from "./midi/endoftrack.js";
import { pairNotes } from "./midi/pairing.js";
import { buildScore } from "./midi/score.js";
import { parseMidi } from "./midi/tracks.js";
import { MidiError, withCommas } from "./midi/wording.js";

const MAX_FILE_BYTES = 256_000; // a string quartet takes under 200 kB

/**
 * Read the bytes of a MIDI file as a score.
 * @param {Uint8Array} bytes
 * @param {string[]} programNames   of General MIDI
 * @param {string} [name]           of the file, for messages
 * @returns {Score}
 * @throws {MidiError}
 */
export function readScore(bytes, programNames, name = "MIDI data") {
  if (bytes.length > MAX_FILE_BYTES) {
    const size = `${withCommas(bytes.length / 1000)} kB is more than the ${MAX_FILE_BYTES / 1000} kB read here`;
    throw new MidiError(`${name}: ${size}; split it first.`);
  }
  const file = parseMidi(bytes, name);
  const ticksPerStep = Math.max(Math.floor(file.ticksPerQuarter / STEPS_PER_QUARTER), 1);
  const { instruments, pedalChanges } = pairNotes(file.tracks, ticksPerStep);
  const { clock, skipped } = readClock(file.tracks);
  const whole = { ...file, skipped: [...file.skipped, ...skipped] };
  const score = buildScore(name, whole, instruments, pedalChanges, clock, programNames);
  return extendToEndOfTrack(markDrumsByName(score), file);
}
