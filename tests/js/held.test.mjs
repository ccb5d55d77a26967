// Held notes: how they sound, end and go on, note by note.

import assert from "node:assert/strict";
import test from "node:test";

import { maxTail, soundOf } from "../../latentpalette/widgets/static/audio/kit.js";
import { mixLap, mixLoop, mixSong, mixSpan } from "../../latentpalette/widgets/static/audio/mixer.js";
import { resample } from "../../latentpalette/widgets/static/audio/repitch.js";
import { RATE, biggestJump, cents, frequencyIn, note, sineKit } from "./helpers.mjs";

const STEP = RATE / 8; // at 120
const peak = (samples) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
const near = (one, other, within) => assert.ok(Math.abs(one - other) <= within, `${one} is not ${other}`);
// The largest jump that a sine of a pitch makes by itself.
const slope = (level, pitch) => (level * 2 * Math.PI * 440 * 2 ** ((pitch - 69) / 12)) / RATE;

test("a note sounds for as long as it is held, then rings out, and nothing clicks", () => {
  const kit = sineKit({ release: 0.1 });
  for (const length of [1, 3, 7.5, 30]) {
    const { left } = mixSong({ notes: [note(0, 69, length)], steps: 32, qpm: 120, kit });
    const end = length * STEP;
    const level = peak(left.subarray(0, 2000));
    near(peak(left.subarray(end - 2000, end)), level, 0.01 * level);
    assert.ok(peak(left.subarray(Math.round(end + 0.05 * RATE))) < 0.04 * level); // half of 60 dB
    assert.equal(peak(left.subarray(Math.ceil(end + 0.1 * RATE))), 0);
    assert.ok(biggestJump(left) <= 1.05 * slope(level, 69));
  }
});

test("every pitch between the recorded ones is in tune, and holds its level", () => {
  const kit = sineKit();
  for (let pitch = 56; pitch <= 70; pitch++) {
    const { left } = mixSong({ notes: [note(0, pitch, 16)], steps: 16, qpm: 120, kit });
    near(cents(frequencyIn(left.subarray(20000, 26000)), pitch), 0, 3);
    near(peak(left.subarray(60000, 70000)) / peak(left.subarray(2000, 10000)), 1, 0.02);
    assert.ok(biggestJump(left.subarray(0, 16 * STEP)) <= 1.05 * slope(peak(left), pitch), `${pitch}`);
  }
});

test("what resampling adds to a sine of 3 kHz is 60 dB softer", () => {
  const sine = (frequency) => Float32Array.from({ length: 8000 }, (_, at) => Math.sin((2 * Math.PI * frequency * at) / RATE));
  const ratio = 2 ** (1.5 / 12);
  const higher = resample(sine(3000), ratio, 7000);
  const wanted = sine(3000 * ratio);
  const error = Math.sqrt(higher.subarray(50, 6900).reduce((sum, sample, at) => sum + (sample - wanted[at + 50]) ** 2, 0) / 6850);
  assert.ok(error < 0.001 * Math.SQRT1_2, `${20 * Math.log10(error)} dB`);
});

test("a sound that decays goes on to do so while its loop repeats", () => {
  const kit = sineKit({ decay: 0.7 });
  const { left } = mixSong({ notes: [note(0, 69, 16)], steps: 16, qpm: 120, kit });
  const { samples, loopFrom } = soundOf(kit, { stream: 0, pitch: 69 });
  const loop = samples.length - loopFrom;
  for (let lap = 1; lap < 12; lap++) {
    near(peak(left.subarray(lap * loop, (lap + 1) * loop)) / peak(left.subarray(0, loop)), 0.7 ** lap, 0.02);
  }
});

test("a sound without a loop ends by itself", () => {
  const kit = sineKit({ loops: false });
  const { left } = mixSong({ notes: [note(0, 69, 16)], steps: 16, qpm: 120, kit });
  assert.ok(peak(left.subarray(0, 0.19 * RATE)) > 0.1);
  assert.equal(peak(left.subarray(0.25 * RATE)), 0);
});

test("a pitch that is struck again ends the note before it", () => {
  const kit = sineKit({ release: 0.02 });
  const twice = mixSong({ notes: [note(0, 69, 12), note(4, 69, 4)], steps: 16, qpm: 120, kit }).left;
  const apart = mixSong({ notes: [note(0, 69, 4), note(4, 69, 4)], steps: 16, qpm: 120, kit }).left;
  assert.deepEqual(twice, apart);
});

test("a note across the seam ends with the loop, and its release rings into the beginning", () => {
  const kit = sineKit({ release: 0.2 });
  const { left } = mixLoop({ notes: [note(12, 69, 9)], steps: 16, qpm: 120, kit });
  assert.equal(left.length, 16 * STEP);
  const level = peak(left.subarray(13 * STEP, 14 * STEP));
  assert.ok(peak(left.subarray(0, 500)) > 0.5 * level);
  assert.equal(peak(left.subarray(Math.ceil(0.2 * RATE), 12 * STEP)), 0);
  const laps = Float32Array.from({ length: 2 * left.length }, (_, at) => left[at % left.length]);
  assert.ok(biggestJump(laps) <= 1.05 * slope(level, 69));
});

test("a note that is early on the first step begins before the seam and goes on after it", () => {
  const kit = sineKit({ release: 0.02 });
  const { left } = mixLap({ notes: [note(0, 69, 4, { offset: -0.5 })], steps: 16, qpm: 120, kit });
  assert.equal(peak(left.subarray(15 * STEP, 15.5 * STEP)), 0);
  assert.ok(peak(left.subarray(15.5 * STEP)) > 0.1);
  assert.ok(peak(left.subarray(0, 3 * STEP)) > 0.1);
  assert.ok(peak(left.subarray(3.5 * STEP + 0.02 * RATE + 1, 15 * STEP)) === 0);
});

test("timing offsets and lengths count to the frame", () => {
  const kit = sineKit({ release: 0.02 });
  const { left } = mixSong({ notes: [note(4, 69, 2.25, { offset: 0.3 })], steps: 16, qpm: 120, kit });
  const first = left.findIndex((sample) => sample !== 0);
  near(first, 4.3 * STEP, 2); // a sine begins with 0
  near(left.findLastIndex((sample) => sample !== 0), (4.3 + 2.25) * STEP + 0.02 * RATE, 3);
});

test("a span is a piece of the song, wherever notes are held across its ends", () => {
  const kit = sineKit({ release: 0.3, decay: 0.9 });
  const notes = [[0, 50000, 60], [3000, 9000, 64], [20000, 41000, 67]].map(([frame, end, pitch]) => ({
    frame, end, pitch, velocity: 100, stream: 0,
  }));
  const whole = mixSpan({ notes, frames: 70000, kit }).left;
  for (const [from, frames] of [[10000, 15000], [40000, 4000], [49000, 20000]]) {
    const piece = mixSpan({ notes, from, frames, kit }).left;
    piece.forEach((sample, at) => near(sample, whole[from + at], 1e-6));
  }
});

test("the tail of a kit is its longest release or drum", () => {
  assert.equal(maxTail(sineKit({ release: 0.25 })), Math.round(0.25 * RATE));
});
