// Mixing: notes and a kit become samples. Sums of samples at whole frames; no clock, no audio context.
/** @import { FrameNote, Kit, KitSound, Loop, Mix, SongNote, Tempo } from "../types.js" */

import { loopFrames, tempoMap } from "./clock.js";
import { isDrum, maxTail, soundOf } from "./kit.js";
import { limitSamples } from "./limiter.js";
import { endAtRetrigger, notesBetween } from "./timeline.js";

const CHOKE_SECONDS = 0.02;
const RELEASED = 0.001; // -60 dB at the end of a release
const RELEASE_NEPERS = -Math.log(RELEASED);
const INAUDIBLE = 1e-5;

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
 * @param {object} span
 * @param {FrameNote[]} span.notes
 * @param {number} [span.from]
 * @param {number} span.frames                         how many to mix
 * @param {Kit} span.kit
 * @param {Float32Array<ArrayBuffer>} [span.left]      silence, which they are added to
 * @param {Float32Array<ArrayBuffer>} [span.right]
 * @returns {Mix}
 */
export function mixSpan({ notes, from = 0, frames, kit, left = new Float32Array(frames), right = new Float32Array(frames) }) {
  const fade = Math.round(CHOKE_SECONDS * kit.rate);
  const chokes = chokesOf(notes, kit);
  notes.forEach((note, i) => {
    const sound = soundOf(kit, note);
    if (!sound) return;
    const gain = velocityGain(note.velocity) * (note.gain ?? 1);
    const at = { left, right, frame: note.frame - from, sound, gain };
    if (sound.held) addHeld({ ...at, end: note.end - from });
    else addHit({ ...at, end: chokes[i] - from, fade });
  });
  return { rate: kit.rate, left, right };
}

/**
 * Where each note is choked: a hat where the next hat begins, all others never. Hats of one frame do not choke each other.
 * @param {FrameNote[]} notes
 * @param {Kit} kit
 * @returns {number[]}   [frames]
 */
export function chokesOf(notes, kit) {
  const chokes = new Array(notes.length).fill(Infinity);
  const hats = notes.flatMap((note, i) => (soundOf(kit, note)?.hat ? [i] : []));
  hats.sort((one, other) => notes[other].frame - notes[one].frame); // from the end
  let choke = Infinity;
  let sameFrame = Infinity;
  for (const i of hats) {
    const { frame } = notes[i];
    if (frame !== sameFrame) {
      choke = sameFrame;
      sameFrame = frame;
    }
    chokes[i] = choke;
  }
  return chokes;
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
 * Add one held note to the samples: up to frame `end` as it is, repeating its loop; then its release.
 * @param {Pick<Mix, "left" | "right"> & { frame: number, sound: KitSound, gain: number, end: number }} note
 */
function addHeld({ left, right, frame, sound, gain, end }) {
  const { samples, loopFrom, decay, tail } = sound;
  const last = Math.min(left.length, end + tail);
  const length = samples.length - loopFrom; // of the loop
  const fall = Math.exp(-RELEASE_NEPERS / tail);
  for (let lap = 0; ; lap++) {
    const start = frame + lap * length; // where the samples would begin if this were not a repetition
    const lapGain = gain * decay ** lap;
    const stop = Math.min(last, start + samples.length);
    let i = Math.max(0, frame, lap ? start + loopFrom : frame);
    if (i < stop) {
      const leftGain = sound.left * lapGain;
      const rightGain = sound.right * lapGain;
      for (const heldStop = Math.min(stop, end); i < heldStop; i++) {
        const sample = samples[i - start];
        left[i] += sample * leftGain;
        right[i] += sample * rightGain;
      }
      let release = Math.exp((RELEASE_NEPERS * (end - i)) / tail);
      for (; i < stop; i++, release *= fall) {
        const sample = (samples[i - start] * (release - RELEASED)) / (1 - RELEASED); // it ends in 0, not nearly
        left[i] += sample * leftGain;
        right[i] += sample * rightGain;
      }
    }
    if (loopFrom < 0 || start + samples.length >= last || lapGain < INAUDIBLE) return;
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
  const grid = { steps, frames: Math.round(loopFrames(steps, loop.qpm, kit.rate)), origin: 0 };
  const segment = { step: 0, frame: -Infinity, grid, loop, entering: [] }; // it has played for ever
  const notes = notesBetween([segment], -maxTail(kit), grid.frames + 1, kit); // the frame after decides which hats ring
  return mixSpan({ notes, frames: grid.frames, kit });
}

/**
 * Mix a song from its first step to its end, and on until the last note has rung out.
 * @param {{ notes: SongNote[], steps: number, qpm: number, tempos?: Tempo[], kit: Kit }} song   `tempos` where it changes
 * @returns {Mix}
 */
export function mixSong(song) {
  return limitMix(mixNotes(song));
}

/**
 * Mix a song as `mixSong` does, unlimited.
 * @param {Parameters<typeof mixSong>[0]} song
 * @returns {Mix}
 */
export function mixNotes({ notes, steps, qpm, tempos = [{ step: 0, qpm }], kit }) {
  const secondsAt = tempoMap(tempos);
  const frameAt = (/** @type {number} */ step) => Math.max(0, Math.round(secondsAt(step) * kit.rate));
  const placed = notes.map(({ step, offset, length, ...note }) => {
    const frame = frameAt(step + offset);
    const end = isDrum(kit, note.stream) ? frame : Math.max(frame + 1, frameAt(Math.min(step + offset + length, steps)));
    return { ...note, frame, end };
  });
  const frames = placed.reduce(
    (latest, note) => Math.max(latest, note.end + (soundOf(kit, note)?.tail ?? 0)),
    frameAt(steps),
  );
  return mixSpan({ notes: endAtRetrigger(placed, kit), frames, kit });
}

/**
 * @param {Mix} mix
 * @returns {Mix}
 */
function limitMix({ rate, left, right }) {
  return { rate, left: limitSamples(left), right: limitSamples(right) };
}
