// Kits: the recorded sounds of all streams.
/** @import { Kit, KitEntry, KitSound } from "../types.js" */

import { KNEE } from "./limiter.js";

// Peak of the loudest sound alone at velocity 127, where a loop has no gain of its own: below the limiter's knee.
const KIT_PEAK = KNEE;
// General MIDI's hi-hats share one pair of cymbals: a hit chokes the one that rings.
const HATS = new Set([42, 44, 46]);

/**
 * Read a kit.
 * @param {ArrayBuffer | Uint8Array | DataView} bytes   signed 16-bit samples, little endian
 * @param {KitEntry[]} index                            where each sound lies in them
 * @param {number} rate                                 [frames per second]
 * @returns {Kit}
 * @throws {RangeError}   if a sound ends beyond the last byte
 */
export function decodeKit(bytes, index, rate) {
  const { buffer, byteOffset, byteLength } = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  const view = new DataView(buffer, byteOffset, byteLength); // unlike an Int16Array it may begin at an odd offset
  const sounds = index.map(({ name, pitch, start, length, pan = 0, gain = 1 }) => {
    if (2 * (start + length) > view.byteLength) {
      throw new RangeError(
        `The kit is cut short: "${name}" ends at sample ${start + length} of ${view.byteLength / 2}.`,
      );
    }
    const samples = Float32Array.from({ length }, (_, i) => view.getInt16(2 * (start + i), true) / 32768);
    return { samples, pitch, hat: HATS.has(pitch), ...panGains(pan, gain) };
  });
  const loudest = Math.max(0, ...sounds.map((sound) => peakOf(sound.samples) * Math.max(sound.left, sound.right)));
  const scale = loudest > 0 ? KIT_PEAK / loudest : 1;
  /** @type {KitSound[][]} */
  const streams = [];
  sounds.forEach((sound, i) => {
    const stream = (streams[index[i].stream ?? 0] ??= []);
    stream.push({ ...sound, left: sound.left * scale, right: sound.right * scale });
  });
  return { rate, streams: Array.from(streams, (stream) => ({ is_drum: true, sounds: stream ?? [] })) };
}

/**
 * Gains of the two channels at equal power: as loud at the sides as in the middle.
 * @param {number} pan    -1 to 1
 * @param {number} gain
 */
function panGains(pan, gain) {
  const angle = ((Math.min(1, Math.max(-1, pan)) + 1) * Math.PI) / 4;
  return { left: gain * Math.cos(angle), right: gain * Math.sin(angle) };
}

/** @param {Float32Array} samples */
function peakOf(samples) {
  return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}

/**
 * The sound that plays a note; undefined if the kit has none.
 * @param {Kit} kit
 * @param {{ stream: number, pitch: number }} note
 * @returns {KitSound | undefined}
 */
export function soundOf(kit, { stream, pitch }) {
  return kit.streams[stream]?.sounds.find((sound) => sound.pitch === pitch);
}

/**
 * True if the notes of a stream ring on, however long they are.
 * @param {Kit} kit
 * @param {number} stream
 */
export const isDrum = (kit, stream) => kit.streams[stream]?.is_drum ?? false;

/**
 * The longest that anything rings on after its note has ended; a drum's note ends as it begins.
 * @param {Kit} kit
 * @returns {number}   [frames]
 */
export function maxTail({ streams }) {
  return streams.reduce(
    (longest, { sounds }) => sounds.reduce((most, { samples }) => Math.max(most, samples.length), longest),
    0,
  );
}
