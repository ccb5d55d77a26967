// Energy of notes over time, weighted as the ear does: measured once for each sound, then added up.
/** @import { FrameNote, KitSound } from "../types.js" */

import { weight } from "./kweighting.js";

const CHUNK_SECONDS = 0.01; // the resolution in time
const RELEASE_NEPERS = Math.log(1000); // a release falls by 60 dB

/** @type {WeakMap<KitSound, Float64Array>} */
const MEASURED = new WeakMap();

/**
 * Weighted energy of a sound up to each chunk's beginning; the last is that of all of it.
 * @param {KitSound} sound
 * @param {number} rate   [frames per second]
 */
function energyTable(sound, rate) {
  const known = MEASURED.get(sound);
  if (known) return known;
  const samples = weight(sound.samples, rate);
  const chunk = Math.round(CHUNK_SECONDS * rate);
  const table = new Float64Array(Math.ceil(samples.length / chunk) + 1);
  for (let frame = 0; frame < samples.length; frame++) table[Math.floor(frame / chunk) + 1] += samples[frame] ** 2;
  for (let at = 1; at < table.length; at++) table[at] += table[at - 1];
  MEASURED.set(sound, table);
  return table;
}

/**
 * Energy of a sound up to a frame, repetitions of its loop included.
 * @param {KitSound} sound
 * @param {Float64Array} table
 * @param {number} chunk   [frames]
 * @param {number} frame
 */
function energyUntil({ samples: { length }, loopFrom, decay }, table, chunk, frame) {
  const upTo = (/** @type {number} */ place) => {
    const at = Math.min(Math.max(0, place), length) / chunk;
    const whole = Math.min(Math.floor(at), table.length - 2);
    return whole < 0 ? 0 : table[whole] + (table[whole + 1] - table[whole]) * Math.min(1, at - whole);
  };
  if (frame <= length || loopFrom < 0) return upTo(frame);
  const loop = length - loopFrom;
  const laps = Math.floor((frame - length) / loop);
  const power = decay * decay;
  const whole = power === 1 ? laps : (power * (1 - power ** laps)) / (1 - power); // of the laps that are over
  const started = power ** (laps + 1) * (upTo(loopFrom + frame - length - laps * loop) - upTo(loopFrom));
  return upTo(length) + whole * (upTo(length) - upTo(loopFrom)) + started;
}

/**
 * Add the energy of a note to that of hops of time, the first of which begins at frame 0.
 * @param {Float64Array} energies
 * @param {number} hop   [frames]
 * @param {{ note: FrameNote, sound: KitSound, gain: number, choke: number }} played   `choke` silences it at a frame
 * @param {number} rate   [frames per second]
 */
export function addNoteEnergy(energies, hop, { note: { frame, end }, sound, gain, choke }, rate) {
  const table = energyTable(sound, rate);
  const chunk = Math.round(CHUNK_SECONDS * rate);
  const power = gain * gain * (sound.left ** 2 + sound.right ** 2);
  const until = (/** @type {number} */ at) => energyUntil(sound, table, chunk, at - frame);
  const stop = sound.held ? end : Math.min(frame + sound.samples.length, choke);
  for (let at = Math.max(0, frame); at < stop; ) {
    const index = Math.floor(at / hop);
    const next = Math.min(stop, (index + 1) * hop);
    if (index >= energies.length) return;
    energies[index] += power * (until(next) - until(at));
    at = next;
  }
  if (!sound.held) return;
  for (let at = end; at < end + sound.tail; at += chunk) {
    const index = Math.floor(at / hop);
    if (index < 0 || index >= energies.length) continue;
    const release = Math.exp((-RELEASE_NEPERS * (at + chunk / 2 - end)) / sound.tail);
    energies[index] += power * release * release * (until(at + chunk) - until(at));
  }
}
