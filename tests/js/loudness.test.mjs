import assert from "node:assert/strict";
import test from "node:test";

import { integratedLoudness, loopGain } from "../../latentpalette/widgets/static/audio/loudness.js";
import { mixLap, mixLoop } from "../../latentpalette/widgets/static/audio/mixer.js";
import { clipFromJson } from "../../latentpalette/widgets/static/state/clip.js";
import { loopOfClip } from "../../latentpalette/widgets/static/state/loop.js";
import { cellWav } from "../../latentpalette/widgets/static/files/exports.js";
import { RATE, clipJson, loopOf, tones } from "./helpers.mjs";
import { exported } from "./palette.mjs";

const near = (one, other, within) => assert.ok(Math.abs(one - other) <= within, `${one} is not ${other}`);

// A stereo sine whose level changes: [seconds, level in dBFS] for each part.
function tone(parts, { rate = 48000, frequency = 1000 } = {}) {
  const levels = parts.flatMap(([seconds, level]) => Array(Math.round(seconds * rate)).fill(10 ** (level / 20)));
  const left = Float32Array.from(levels, (level, at) => level * Math.sin((2 * Math.PI * frequency * at) / rate));
  return { rate, left, right: left };
}

test("the signals of EBU Tech 3341 measure what they should, at any rate", () => {
  for (const rate of [22050, 44100, 48000]) {
    const measured = (parts) => integratedLoudness(tone(parts, { rate }));
    near(measured([[20, -23]]), -23, 0.1);
    near(measured([[20, -33]]), -33, 0.1);
    near(measured([[10, -36], [60, -23], [10, -36]]), -23, 0.1);
    near(measured([[10, -72], [10, -36], [60, -23], [10, -36], [10, -72]]), -23, 0.1);
    near(measured([[20, -26], [20.1, -20], [20, -26]]), -23, 0.1);
  }
});

test("silence has no loudness", () => {
  const silence = new Float32Array(48000);
  assert.equal(integratedLoudness({ rate: 48000, left: silence, right: silence }), -Infinity);
  assert.equal(integratedLoudness({ rate: 48000, left: new Float32Array(0), right: new Float32Array(0) }), -Infinity);
});

test("every loop has -16 LUFS with its gain, soft or loud, dense or sparse, short or long", () => {
  const kit = tones();
  const loops = [
    loopOf([0, 8, 16, 24]),
    loopOf([0, 8, 16, 24], { velocity: 30 }),
    loopOf([0], { drum: 7, length: 4, qpm: 240 }),
    loopOf([...Array(32).keys()], { drum: 2, velocity: 90 }),
    loopOf([0, 3, 8, 17, 31], { drum: 4, qpm: 173 }),
  ];
  for (const loop of loops) {
    const { rate, left, right } = mixLap({ ...loop, gain: loopGain(loop, kit), kit });
    const laps = (samples) => Float32Array.from({ length: 20 * rate }, (_, at) => samples[at % samples.length]);
    near(integratedLoudness({ rate, left: laps(left), right: laps(right) }), -16, 0.5); // sines are not independent of each other
  }
});

test("a gain is at most forty decibels, and silence has that of a plain beat", () => {
  const kit = tones();
  assert.equal(loopGain(loopOf([0], { velocity: 1 }), kit), 100);
  const gain = loopGain(loopOf([]), kit);
  assert.ok(gain > 0.1 && gain < 100);
  const sounds = kit.streams[0].sounds.map((sound) => ({ ...sound, samples: new Float32Array(0) }));
  const mute = { rate: RATE, streams: [{ is_drum: true, sounds, byPitch: new Map() }] };
  assert.equal(loopGain(loopOf([0]), mute), 1);
});

test("the same loop has the same gain, whoever asks and however often", () => {
  const loop = loopOf([0, 4]);
  const kit = tones();
  assert.equal(loopGain(loop, kit), loopGain({ ...loop, key: "other" }, kit));
  assert.equal(loopGain(loop, kit), loopGain(loop, tones()));
});

test("to mute a drum makes no other louder, and to lock one counts", () => {
  const kit = tones();
  const gainOf = (loop) => loopGain(loop, kit);
  const tokens = Array.from({ length: 32 }, (_, step) => (step % 8 ? 4 : 5));
  const clip = clipFromJson(clipJson(tokens));
  const settings = { lanes: exported().lanes, qpm: 120 };
  const free = loopOfClip(clip, settings, gainOf);
  const muted = loopOfClip(clip, { ...settings, mutes: [true] }, gainOf);
  assert.ok(muted.notes.length < free.notes.length);
  assert.equal(muted.gain, free.gain);
  const locked = loopOfClip(clip, { ...settings, locks: [null, Array(32).fill(1)] }, gainOf);
  assert.ok(locked.gain < free.gain);
});

test("an exported cell is as loud as all music", () => {
  const { bytes } = cellWav(exported(), tones());
  const frames = new DataView(bytes.buffer).getUint32(40, true) / 4;
  const samples = new Int16Array(bytes.buffer, 44, 2 * frames);
  const channel = (which) => Float32Array.from({ length: frames }, (_, frame) => samples[2 * frame + which] / 32767);
  near(integratedLoudness({ rate: RATE, left: channel(0), right: channel(1) }), -16, 2);
});

test("loops with and without a gain differ by it alone", () => {
  const kit = tones();
  const [plain, doubled] = [1, 2].map((gain) => mixLoop({ ...loopOf([0], { velocity: 20 }), gain, kit }).left[0]);
  near(doubled, 2 * plain, 1e-6);
});
