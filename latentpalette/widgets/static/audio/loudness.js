// Loudness: the gain that brings a loop to -16 LUFS, as latentpalette/audio/leveling.py does with what Python renders.
//
// Source: Recommendation ITU-R BS.1770-4, annex 1. A filter weights frequencies as the ear does; the power of blocks of
// 0.4 s is averaged, those left out that are silent or more than 10 dB below the average.
/** @import { Kit, KitSound, Loop, Mix, Note } from "../types.js" */

import { mixLap } from "./mixer.js";
import { loopSignature } from "./timeline.js";

const TARGET_LOUDNESS = -16; // [LUFS]
const MAX_GAIN = 100; // 40 dB: music that needs more is meant to be soft
const MIN_MEASURED_SECONDS = 8; // a shorter loop is measured several times over, as it is played
const HOP_SECONDS = 0.1;
const HOPS_PER_BLOCK = 4;
const ABSOLUTE_GATE = -70; // [LUFS]
const RELATIVE_GATE = -10; // [LU]
const SETTLING_SECONDS = 0.08; // the filter's own tail has decayed by 150 dB
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

/** @type {WeakMap<Kit, { weighted: Kit, gains: Map<string, number> }>} */
const MEASURED = new WeakMap();

/**
 * The gain that brings a loop to -16 LUFS.
 *
 * The kit is weighted once, and the loop mixed from its weighted sounds: that is as fast as mixing it to be played.
 * @param {Pick<Loop, "notes" | "steps" | "qpm">} loop
 * @param {Kit} kit
 * @returns {number}
 */
export function loopGain(loop, kit) {
  if (!MEASURED.has(kit)) MEASURED.set(kit, { weighted: weightedKit(kit), gains: new Map() });
  const { weighted, gains } = /** @type {{ weighted: Kit, gains: Map<string, number> }} */ (MEASURED.get(kit));
  const key = loopSignature(loop);
  let gain = gains.get(key);
  if (gain === undefined) {
    const power = gatedPower(hopEnergies(mixLap({ ...loop, kit: weighted })), kit.rate);
    gain = power ? Math.min(MAX_GAIN, 10 ** ((TARGET_LOUDNESS - lufs(power)) / 20)) : silentGain(loop, kit);
    if (gains.size >= MAX_CACHED_GAINS) gains.clear();
    gains.set(key, gain);
  }
  return gain;
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
 * Energy of each hop of 0.1 s. A short loop is repeated; a last hop that is not whole is left out.
 * @param {Mix} weighted
 * @returns {number[]}
 */
function hopEnergies({ rate, left, right }) {
  const hop = Math.round(HOP_SECONDS * rate);
  const frames = left.length;
  const laps = frames ? Math.max(1, Math.ceil((MIN_MEASURED_SECONDS * rate) / frames)) : 0;
  const energies = new Array(Math.floor((laps * frames) / hop)).fill(0);
  for (let frame = 0; frame < energies.length * hop; frame++) {
    const at = frame % frames;
    energies[Math.floor(frame / hop)] += left[at] * left[at] + right[at] * right[at];
  }
  return energies;
}

/**
 * Mean power of the blocks that pass both gates; 0 if none does.
 * @param {number[]} energies   of hops
 * @param {number} rate         [frames per second]
 * @param {number} [gain]       the absolute gate is that of the sound times this
 */
function gatedPower(energies, rate, gain = MAX_GAIN) {
  const frames = HOPS_PER_BLOCK * Math.round(HOP_SECONDS * rate);
  let blocks = energies
    .slice(HOPS_PER_BLOCK - 1)
    .map((_, at) => energies.slice(at, at + HOPS_PER_BLOCK).reduce((sum, energy) => sum + energy, 0) / frames)
    .filter((power) => lufs(power * gain * gain) > ABSOLUTE_GATE);
  const mean = () => blocks.reduce((sum, power) => sum + power, 0) / (blocks.length || 1);
  const threshold = mean() * 10 ** (RELATIVE_GATE / 10);
  blocks = blocks.filter((power) => power > threshold);
  return mean();
}

/**
 * A kit whose sounds are weighted as the ear does.
 * @param {Kit} kit
 * @returns {Kit}
 */
function weightedKit({ rate, streams }) {
  const ringing = Math.round(SETTLING_SECONDS * rate);
  const weighted = (/** @type {KitSound} */ sound) => {
    const samples = new Float32Array(sound.samples.length && sound.samples.length + ringing);
    samples.set(sound.samples);
    return { ...sound, samples: weight(samples, rate) };
  };
  return { rate, streams: streams.map((stream) => ({ ...stream, sounds: stream.sounds.map(weighted) })) };
}

/**
 * Apply the K-weighting: a high shelf for the head, then a high-pass.
 *
 * The recommendation lists coefficients for 48 kHz. For other rates, these are the analogue filters that they stand for,
 * transformed again (as libebur128 does).
 * @param {Float32Array} samples
 * @param {number} rate   [frames per second]
 * @returns {Float32Array<ArrayBuffer>}
 */
function weight(samples, rate) {
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const shelf = Math.tan((Math.PI * 1681.974450955533) / rate);
  const shelved = biquad(samples, shelf, 0.7071752369554196, ({ k, q, a0 }) => [
    (high + (band * k) / q + k * k) / a0,
    (2 * (k * k - high)) / a0,
    (high - (band * k) / q + k * k) / a0,
  ]);
  const highPass = Math.tan((Math.PI * 38.13547087602444) / rate);
  return biquad(shelved, highPass, 0.5003270373238773, () => [1, -2, 1]);
}

/**
 * Filter samples by two poles at a frequency and two zeros.
 * @param {Float32Array} samples
 * @param {number} k   the frequency, warped
 * @param {number} q
 * @param {(filter: { k: number, q: number, a0: number }) => number[]} zeros
 */
function biquad(samples, k, q, zeros) {
  const a0 = 1 + k / q + k * k;
  const a1 = (2 * (k * k - 1)) / a0;
  const a2 = (1 - k / q + k * k) / a0;
  const [b0, b1, b2] = zeros({ k, q, a0 });
  const out = new Float32Array(samples.length);
  let s1 = 0;
  let s2 = 0;
  for (let frame = 0; frame < samples.length; frame++) {
    const input = samples[frame];
    const output = b0 * input + s1;
    s1 = b1 * input - a1 * output + s2;
    s2 = b2 * input - a2 * output;
    out[frame] = output;
  }
  return out;
}
