// Mixing: hits and a kit become samples. Sums of samples at whole frames; no clock, no audio context.
/** @import { FrameHit, Hit, Kit, KitDrum, KitEntry, Loop, Mix } from "../types.js" */

import { loopFrames, stepSeconds } from "./clock.js";
import { KNEE, limitSamples } from "./limiter.js";

// Peak of the loudest drum alone at velocity 127, where a loop has no gain of its own: it stays below the limiter's knee.
const KIT_PEAK = KNEE;
// General MIDI's hi-hats share one pair of cymbals: a hit chokes the one that rings.
const HATS = new Set([42, 44, 46]);
const CHOKE_SECONDS = 0.02;

/**
 * Gain of a velocity: (v / 127) squared, the curve that General MIDI's DLS recommends and FluidSynth follows.
 * @param {number} velocity   0 to 127
 * @returns {number}          0 to 1
 */
export function velocityGain(velocity) {
  return (velocity / 127) ** 2;
}

/**
 * Read a kit.
 * @param {ArrayBuffer | Uint8Array | DataView} bytes   signed 16-bit samples, little endian
 * @param {KitEntry[]} index                            where each drum lies in them
 * @param {number} rate                                 [frames per second]
 * @returns {Kit}
 * @throws {RangeError}   if a drum ends beyond the last byte
 */
export function decodeKit(bytes, index, rate) {
  const { buffer, byteOffset, byteLength } = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  const view = new DataView(buffer, byteOffset, byteLength); // unlike an Int16Array it may begin at an odd offset
  const drums = index.map(({ name, pitch, start, length, pan = 0, gain = 1 }) => {
    if (2 * (start + length) > view.byteLength) {
      throw new RangeError(
        `The kit is cut short: "${name}" ends at sample ${start + length} of ${view.byteLength / 2}.`,
      );
    }
    const samples = Float32Array.from({ length }, (_, i) => view.getInt16(2 * (start + i), true) / 32768);
    return { samples, pan, gain, hat: HATS.has(pitch), ...panGains(pan, gain) };
  });
  const loudest = Math.max(0, ...drums.map((drum) => peakOf(drum.samples) * Math.max(drum.left, drum.right)));
  const scale = loudest > 0 ? KIT_PEAK / loudest : 1;
  return { rate, drums: drums.map((drum) => ({ ...drum, left: drum.left * scale, right: drum.right * scale })) };
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
 * Length of the longest drum.
 * @param {Kit} kit
 * @returns {number}   [frames]
 */
export function maxTail(kit) {
  return kit.drums.reduce((longest, drum) => Math.max(longest, drum.samples.length), 0);
}

/**
 * Mix what sounds in the frames from 0 up to `frames`, unlimited. A hit before frame 0 adds the rest of its tail; one
 * at or after `frames` only chokes a hat.
 * @param {{ hits: FrameHit[], frames: number, kit: Kit }} span
 * @returns {Mix}
 */
export function mixSpan({ hits, frames, kit }) {
  const left = new Float32Array(frames);
  const right = new Float32Array(frames);
  const fade = Math.round(CHOKE_SECONDS * kit.rate);
  const ordered = [...hits].sort((one, other) => one.frame - other.frame);
  let choke = Infinity; // where the next hat begins, reading from the end
  let sameFrame = Infinity; // the same for hats of this very frame, which do not choke each other
  for (let i = ordered.length - 1; i >= 0; i--) {
    const { frame, drum: index, velocity, gain = 1 } = ordered[i];
    const drum = kit.drums[index];
    if (!drum) continue;
    if (drum.hat && frame !== sameFrame) {
      choke = sameFrame;
      sameFrame = frame;
    }
    const end = drum.hat ? choke : Infinity;
    addHit({ left, right, frame, drum, gain: velocityGain(velocity) * gain, end, fade });
  }
  return { rate: kit.rate, left, right };
}

/**
 * Add one hit to the samples. From frame `end` on it fades, over `fade` frames.
 * @param {Pick<Mix, "left" | "right"> & { frame: number, drum: KitDrum, gain: number, end: number, fade: number }} hit
 */
function addHit({ left, right, frame, drum, gain, end, fade }) {
  const { samples } = drum;
  const leftGain = drum.left * gain;
  const rightGain = drum.right * gain;
  const last = Math.min(left.length, frame + samples.length, end + fade);
  const fadeStart = Math.min(last, end);
  let i = Math.max(0, frame);
  for (; i < fadeStart; i++) {
    const sample = samples[i - frame];
    left[i] += sample * leftGain;
    right[i] += sample * rightGain;
  }
  for (; i < last; i++) {
    const sample = samples[i - frame] * (1 - (i - end) / fade);
    left[i] += sample * leftGain;
    right[i] += sample * rightGain;
  }
}

/**
 * Mix a loop of exactly `steps` steps: what rings past its end sounds at its beginning, as in every lap but the first.
 * @param {Loop & { kit: Kit }} loop
 * @returns {Mix}
 */
export function mixLoop(loop) {
  return limitMix(mixLap(loop));
}

/**
 * Mix a loop as `mixLoop` does, unlimited.
 * @param {Loop & { kit: Kit }} loop
 * @returns {Mix}
 */
export function mixLap({ hits, steps, qpm, gain, kit }) {
  const frames = loopFrames(steps, qpm, kit.rate);
  const lap = hits.map((hit) => ({ ...hit, gain, frame: Math.round((hit.step * frames) / steps) }));
  const laps = Math.ceil(maxTail(kit) / frames); // a crash may outlast several short loops
  const all = [];
  for (let past = -laps; past <= 1; past++) {
    for (const hit of lap) all.push({ ...hit, frame: hit.frame + past * frames });
  }
  return mixSpan({ hits: all, frames, kit });
}

/**
 * Mix a song from its first step to its end, and on until the last drum has rung out.
 * @param {{ hits: Hit[], steps: number, qpm: number, kit: Kit }} song
 * @returns {Mix}
 */
export function mixSong({ hits, steps, qpm, kit }) {
  const frameAt = (/** @type {number} */ step) => Math.round(step * stepSeconds(qpm) * kit.rate);
  const placed = hits.map((hit) => ({ ...hit, frame: frameAt(hit.step) }));
  const end = placed.reduce(
    (latest, { frame, drum }) => Math.max(latest, frame + (kit.drums[drum]?.samples.length ?? 0)),
    frameAt(steps),
  );
  return limitMix(mixSpan({ hits: placed, frames: end, kit }));
}

/**
 * @param {Mix} mix
 * @returns {Mix}
 */
function limitMix({ rate, left, right }) {
  return { rate, left: limitSamples(left), right: limitSamples(right) };
}
