// Loudness: the gain that brings a loop to -16 LUFS, as latentpalette/audio/leveling.py does with what Python renders.
//
// Source: Recommendation ITU-R BS.1770-4, annex 1. A filter weights frequencies as the ear does; the power of blocks of
// 0.4 s is averaged, those left out that are silent or more than 10 dB below the average.
//
// Of a loop it is computed from the energies of its notes: sounds that have nothing to do with each other add up in
// energy. That takes a thousandth of the time of mixing it, and differs by a tenth of a decibel or two.
/** @import { Kit, Loop, Mix, Note } from "../types.js" */

import { loopFrames } from "./clock.js";
import { addNoteEnergy } from "./energy.js";
import { maxTail, soundOf } from "./kit.js";
import { weight } from "./kweighting.js";
import { chokesOf, velocityGain } from "./mixer.js";
import { loopSignature, notesBetween } from "./timeline.js";

const TARGET_LOUDNESS = -16; // [LUFS]
const MAX_GAIN = 100; // 40 dB: music that needs more is meant to be soft
const MIN_MEASURED_SECONDS = 8; // a shorter loop is measured several times over, as it is played
const HOP_SECONDS = 0.1;
const HOPS_PER_BLOCK = 4;
const ABSOLUTE_GATE = -70; // [LUFS]
const RELATIVE_GATE = -10; // [LU]
const MAX_CACHED_GAINS = 1000;

// Kick on 1 and 3, snare on 2 and 4, closed hat on every eighth: silent loops have the gain of this one.
const PLAIN_BEAT = {
  notes: [0, 2, 4, 6, 8, 10, 12, 14].flatMap((step) => [
    hit(step, 42, 80),
    ...(step % 4 ? [] : [hit(step, step % 8 ? 38 : 36, 100)]),
  ]),
  steps: 16,
  qpm: 120,
};

/** @type {WeakMap<Kit, Map<string, number>>} */
const GAINS = new WeakMap();

/**
 * The gain that brings a loop to -16 LUFS.
 * @param {Pick<Loop, "notes" | "steps" | "qpm">} loop
 * @param {Kit} kit
 * @returns {number}
 */
export function loopGain(loop, kit) {
  const gains = GAINS.get(kit) ?? new Map();
  GAINS.set(kit, gains);
  const key = loopSignature(loop);
  let gain = gains.get(key);
  if (gain === undefined) {
    const power = gatedPower(loopEnergies(loop, kit), kit.rate);
    gain = power ? Math.min(MAX_GAIN, 10 ** ((TARGET_LOUDNESS - lufs(power)) / 20)) : silentGain(loop, kit);
    if (gains.size >= MAX_CACHED_GAINS) gains.clear();
    gains.set(key, gain);
  }
  return gain;
}

/**
 * Weighted energy of a loop in each hop of 0.1 s, as it goes round.
 * @param {Pick<Loop, "notes" | "steps" | "qpm">} loop
 * @param {Kit} kit
 * @returns {Float64Array}
 */
function loopEnergies(loop, kit) {
  const { rate } = kit;
  const hop = Math.round(HOP_SECONDS * rate);
  const grid = { steps: loop.steps, frames: Math.round(loopFrames(loop.steps, loop.qpm, rate)), origin: 0 };
  const frames = Math.ceil((MIN_MEASURED_SECONDS * rate) / grid.frames) * grid.frames;
  const energies = new Float64Array(Math.floor(frames / hop));
  const segment = { step: 0, frame: -Infinity, grid, loop, entering: [] }; // it has played for ever
  const notes = notesBetween([segment], -maxTail(kit), frames, kit);
  const chokes = chokesOf(notes, kit);
  notes.forEach((note, i) => {
    const sound = soundOf(kit, note);
    if (sound) addNoteEnergy(energies, hop, { note, sound, gain: velocityGain(note.velocity), choke: chokes[i] }, rate);
  });
  return energies;
}

/**
 * Integrated loudness of a mix.
 * @param {Mix} mix
 * @returns {number}   [LUFS], -Infinity for silence
 */
export function integratedLoudness({ rate, left, right }) {
  const power = gatedPower(hopEnergies({ rate, left: weight(left, rate), right: weight(right, rate) }), rate, 1);
  return power ? lufs(power) : -Infinity;
}

/**
 * A hit of a drum.
 * @param {number} step
 * @param {number} pitch
 * @param {number} velocity
 * @returns {Note}
 */
function hit(step, pitch, velocity) {
  return { step, offset: 0, length: 1, pitch, velocity, stream: 0 };
}

/**
 * @param {Pick<Loop, "notes">} loop
 * @param {Kit} kit
 */
function silentGain({ notes }, kit) {
  return notes === PLAIN_BEAT.notes ? 1 : loopGain(PLAIN_BEAT, kit);
}

/** @param {number} power */
function lufs(power) {
  return -0.691 + 10 * Math.log10(power);
}

/**
 * Energy of each hop of 0.1 s; a last one that is not whole is left out.
 * @param {Mix} weighted
 * @returns {Float64Array}
 */
function hopEnergies({ rate, left, right }) {
  const hop = Math.round(HOP_SECONDS * rate);
  const energies = new Float64Array(Math.floor(left.length / hop));
  for (let frame = 0; frame < energies.length * hop; frame++) {
    energies[Math.floor(frame / hop)] += left[frame] * left[frame] + right[frame] * right[frame];
  }
  return energies;
}

/**
 * Mean power of the blocks that pass both gates; 0 if none does.
 * @param {Float64Array} energies   of hops
 * @param {number} rate         [frames per second]
 * @param {number} [gain]       the absolute gate is that of the sound times this
 */
function gatedPower(energies, rate, gain = MAX_GAIN) {
  const frames = HOPS_PER_BLOCK * Math.round(HOP_SECONDS * rate);
  let blocks = Array.from(energies.subarray(HOPS_PER_BLOCK - 1))
    .map((_, at) => energies.subarray(at, at + HOPS_PER_BLOCK).reduce((sum, energy) => sum + energy, 0) / frames)
    .filter((power) => lufs(power * gain * gain) > ABSOLUTE_GATE);
  const mean = () => blocks.reduce((sum, power) => sum + power, 0) / (blocks.length || 1);
  const threshold = mean() * 10 ** (RELATIVE_GATE / 10);
  blocks = blocks.filter((power) => power > threshold);
  return mean();
}
