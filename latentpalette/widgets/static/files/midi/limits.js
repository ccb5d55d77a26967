// How long a piece may last, and how much its sustain pedal may move, to be read.

import { MidiError, withCommas } from "./wording.js";

const MAX_HOURS = 4;
const MAX_BARS = 20_000;
const MAX_PEDAL_CHANGES = 250_000; // all instruments together; those of one channel may share them, so they multiply

/**
 * @param {string} name   of the file, for messages
 * @param {{ pedalChanges: number, seconds: number, bars: number }} size
 * @throws {MidiError}
 */
export function requireReadable(name, { pedalChanges, seconds, bars }) {
  if (pedalChanges > MAX_PEDAL_CHANGES) {
    const most = `at most ${withCommas(MAX_PEDAL_CHANGES)} are read here. Thin out controller 64, or split the file.`;
    throw new MidiError(`${name}: ${withCommas(pedalChanges)} movements of the sustain pedal; ${most}`);
  }
  const hours = seconds / 3600;
  if (!(hours <= MAX_HOURS)) {
    const most = `the longest piece read here lasts ${MAX_HOURS}. Split it first.`;
    throw new MidiError(`${name}: lasts ${withCommas(hours, 1)} hours; ${most}`);
  }
  if (bars > MAX_BARS) {
    const most = `the longest piece read here has ${withCommas(MAX_BARS)}. Split it first.`;
    throw new MidiError(`${name}: ${withCommas(bars)} bars; ${most}`);
  }
}
