// Kits: the recorded sounds of all streams. A drum has a sound of its own; of pitched streams some pitches are recorded,
// and those between are made of the nearest.
/** @import { Kit, KitEntry, KitSound } from "../types.js" */

import { KNEE } from "./limiter.js";
import { repitch } from "./repitch.js";

// Peak of the loudest sound alone at velocity 127, where a loop has no gain of its own: below the limiter's knee.
const KIT_PEAK = KNEE;
// General MIDI's hi-hats share one pair of cymbals: a hit chokes the one that rings.
const HATS = new Set([42, 44, 46]);
const MIN_RELEASE_SECONDS = 0.02; // a note that ends at once clicks

/**
 * Make a kit of its samples.
 * @param {Float32Array[]} samples   of each stream, all its sounds one after the other
 * @param {KitEntry[]} index         where each sound lies in them
 * @param {number} rate              [frames per second]
 * @returns {Kit}
 * @throws {RangeError}   if a sound ends beyond the last sample
 */
export function kitOf(samples, index, rate) {
  for (const { name, stream = 0, start, length } of index) {
    const frames = samples[stream]?.length ?? 0;
    if (start + length <= frames) continue;
    throw new RangeError(`The kit is cut short: "${name}" ends at sample ${start + length} of ${frames}.`);
  }
  const sounds = index.map((entry) => readSound(samples[entry.stream ?? 0], entry, rate));
  const loudest = Math.max(0, ...sounds.map((sound) => peakOf(sound.samples) * Math.max(sound.left, sound.right)));
  const scale = loudest > 0 ? KIT_PEAK / loudest : 1;
  const streams = samples.map((_, stream) => {
    const own = sounds.filter((_, i) => (index[i].stream ?? 0) === stream);
    const scaled = own.map((sound) => ({ ...sound, left: sound.left * scale, right: sound.right * scale }));
    return { is_drum: scaled.length > 0 && scaled.every(({ held }) => !held), sounds: scaled, byPitch: new Map() };
  });
  return { rate, streams };
}

/**
 * @param {Float32Array} samples
 * @param {KitEntry} entry
 * @param {number} rate
 * @returns {KitSound}
 */
function readSound(samples, { pitch, start, length, pan = 0, gain = 1, release, loop_start: loopFrom = -1, decay = 1 }, rate) {
  const held = release !== undefined;
  return {
    samples: samples.slice(start, start + length),
    pitch,
    held,
    tail: held ? Math.round(Math.max(release, MIN_RELEASE_SECONDS) * rate) : length,
    loopFrom,
    decay,
    hat: !held && HATS.has(pitch),
    ...panGains(pan, gain),
  };
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
export function soundOf({ streams }, { stream, pitch }) {
  if (!streams[stream]) return undefined;
  const { sounds, byPitch } = streams[stream];
  if (!byPitch.has(pitch)) byPitch.set(pitch, makeSound(sounds, pitch));
  return byPitch.get(pitch);
}

/**
 * @param {KitSound[]} sounds
 * @param {number} pitch
 * @returns {KitSound | undefined}
 */
function makeSound(sounds, pitch) {
  const exact = sounds.find((sound) => sound.pitch === pitch);
  if (exact || !sounds[0]?.held) return exact;
  const distance = (/** @type {KitSound} */ sound) => Math.abs(sound.pitch - pitch);
  const nearest = sounds.reduce((best, sound) => (distance(sound) < distance(best) ? sound : best));
  return { ...nearest, ...repitch(nearest, pitch - nearest.pitch), pitch };
}

/**
 * True if the notes of a stream ring on, however long they are.
 * @param {Kit} kit
 * @param {number} stream
 */
export const isDrum = ({ streams }, stream) => streams[stream]?.is_drum ?? false;

/**
 * The longest that anything rings on after its note has ended; a drum's note ends as it begins.
 * @param {Kit} kit
 * @returns {number}   [frames]
 */
export function maxTail({ streams }) {
  return Math.max(0, ...streams.flatMap(({ sounds }) => sounds.map(({ tail }) => tail)));
}
