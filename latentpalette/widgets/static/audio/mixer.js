// Mixing: notes and a kit become samples. Sums of samples at whole frames; no clock, no audio context.
/** @import { FrameNote, Kit, KitSound, Loop, Mix, SongNote } from "../types.js" */

import { loopFrames, stepSeconds } from "./clock.js";
import { isDrum, maxTail, soundOf } from "./kit.js";
import { limitSamples } from "./limiter.js";
import { endAtRestrike, notesBetween } from "./timeline.js";

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
 * Mix what sounds in the frames from `from` on, unlimited. A note from before adds the rest of it; one that begins at
 * the end or later only chokes a hat.
 * @param {{ notes: FrameNote[], from?: number, frames: number, kit: Kit }} span
 * @returns {Mix}
 */
export function mixSpan({ notes, from = 0, frames, kit }) {
  const left = new Float32Array(frames);
  const right = new Float32Array(frames);
  const fade = Math.round(CHOKE_SECONDS * kit.rate);
  const ordered = [...notes].sort((one, other) => one.frame - other.frame);
  let choke = Infinity; // where the next hat begins, reading from the end
  let sameFrame = Infinity; // the same for hats of this very frame, which do not choke each other
  for (let i = ordered.length - 1; i >= 0; i--) {
    const { velocity, gain = 1 } = ordered[i];
    const frame = ordered[i].frame - from;
    const sound = soundOf(kit, ordered[i]);
    if (!sound) continue;
    if (sound.hat && frame !== sameFrame) {
      choke = sameFrame;
      sameFrame = frame;
    }
    const end = sound.hat ? choke : Infinity;
    addHit({ left, right, frame, sound, gain: velocityGain(velocity) * gain, end, fade });
  }
  return { rate: kit.rate, left, right };
}

/**
 * Add one hit to the samples. From frame `end` on it fades, over `fade` frames.
 * @param {Pick<Mix, "left" | "right"> & { frame: number, sound: KitSound, gain: number, end: number, fade: number }} hit
 */
function addHit({ left, right, frame, sound, gain, end, fade }) {
  const { samples } = sound;
  const leftGain = sound.left * gain;
  const rightGain = sound.right * gain;
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
export function mixLap({ kit, ...loop }) {
  const { steps } = loop;
  const grid = { steps, frames: loopFrames(steps, loop.qpm, kit.rate), origin: 0 };
  const segment = { step: 0, frame: -Infinity, grid, loop, entering: [] }; // it has played for ever
  const notes = notesBetween([segment], -maxTail(kit), grid.frames + 1, kit); // the frame after decides which hats ring
  return mixSpan({ notes, frames: grid.frames, kit });
}

/**
 * Mix a song from its first step to its end, and on until the last note has rung out.
 * @param {{ notes: SongNote[], steps: number, qpm: number, kit: Kit }} song
 * @returns {Mix}
 */
export function mixSong({ notes, steps, qpm, kit }) {
  const frameAt = (/** @type {number} */ step) => Math.max(0, Math.round(step * stepSeconds(qpm) * kit.rate));
  const placed = notes.map(({ step, offset, length, ...note }) => {
    const frame = frameAt(step + offset);
    const end = isDrum(kit, note.stream) ? frame : frameAt(Math.min(step + offset + length, steps));
    return { ...note, frame, end };
  });
  const frames = placed.reduce(
    (latest, note) => Math.max(latest, note.end + (soundOf(kit, note)?.samples.length ?? 0)),
    frameAt(steps),
  );
  return limitMix(mixSpan({ notes: endAtRestrike(placed, kit), frames, kit }));
}

/**
 * @param {Mix} mix
 * @returns {Mix}
 */
function limitMix({ rate, left, right }) {
  return { rate, left: limitSamples(left), right: limitSamples(right) };
}
