import assert from "node:assert/strict";
import test from "node:test";

import { CEILING, KNEE, limitSamples, softLimit } from "../../latentpalette/widgets/static/audio/limiter.js";
import { kitOf, maxTail } from "../../latentpalette/widgets/static/audio/kit.js";
import {
  mixLoop,
  mixSong,
  mixSpan,
  velocityGain,
} from "../../latentpalette/widgets/static/audio/mixer.js";
import { PITCHES, RATE, clicks, hit, loopOf, onsets, soundOfDrum } from "./helpers.mjs";

const peak = (samples) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
const near = (one, other, within = 1e-6) => assert.ok(Math.abs(one - other) <= within, `${one} is not ${other}`);

test("onsets lie within a millisecond of the tempo at 60, 120 and 173", () => {
  const steps = [0, 1, 3, 7, 8, 13, 22, 31];
  for (const qpm of [60, 120, 173]) {
    for (const mix of [mixLoop, mixSong]) {
      const { left } = mix({ ...loopOf(steps, { qpm }), kit: clicks() });
      const found = onsets(left);
      assert.equal(found.length, steps.length);
      found.forEach((frame, at) => near(frame / RATE, (steps[at] * 60) / qpm / 4, 1 / RATE));
    }
  }
});

test("a loop is exactly as long as its steps, and what rings past its end sounds at its beginning", () => {
  const kit = clicks({ ring: 30000 });
  const { left } = mixLoop({ ...loopOf([31], { drum: 7 }), kit });
  assert.equal(left.length, 4 * RATE);
  const step = 4 * RATE - 170888; // frames from the last step's onset to the loop's end
  const tail = soundOfDrum(kit, 7).samples[step] * soundOfDrum(kit, 7).left;
  near(left[0], tail);
  near(left[100], soundOfDrum(kit, 7).samples[step + 100] * soundOfDrum(kit, 7).left);
});

test("a tail longer than the whole loop comes round as often as it rings", () => {
  const kit = clicks({ ring: 50000 });
  const { left } = mixLoop({ ...loopOf([0], { drum: 7, length: 4, qpm: 240 }), kit }); // 11025 frames: five laps
  const voice = soundOfDrum(kit, 7);
  const laps = [0, 1, 2, 3, 4].reduce((sum, lap) => sum + voice.samples[lap * 11025 + 10] * voice.left, 0);
  near(left[10], softLimit(laps), 1e-5);
});

test("a song begins with its first step and rings out after its last", () => {
  const kit = clicks({ ring: 30000 });
  const { left } = mixSong({ ...loopOf([0, 31], { drum: 7 }), kit });
  assert.equal(left.length, Math.round((31 * RATE) / 8) + 30000);
  near(left[0], soundOfDrum(kit, 7).samples[0] * soundOfDrum(kit, 7).left);
  assert.ok(Math.abs(left[left.length - 1]) < 1e-3);
});

test("a song without hits is silence of its length", () => {
  const { left, right } = mixSong({ notes: [], steps: 16, qpm: 120, kit: clicks() });
  assert.equal(left.length, 2 * RATE);
  assert.equal(peak(left) + peak(right), 0);
});

test("loudness goes with the square of the velocity", () => {
  assert.equal(velocityGain(127), 1);
  near(velocityGain(90), (90 / 127) ** 2);
  const kit = clicks();
  const at = (velocity) => mixLoop({ ...loopOf([0], { velocity }), kit }).left[0];
  near(at(64) / at(127), (64 / 127) ** 2);
});

test("a drum in the middle is as loud on both sides, and one at the side on that side alone", () => {
  const { sounds: drums } = clicks({ pans: [0, -1, 1] }).streams[0];
  near(drums[0].left, drums[0].right);
  near(drums[1].right, 0);
  near(drums[2].left, 0);
  near(drums[0].left ** 2 + drums[0].right ** 2, drums[1].left ** 2);
});

test("the loudest drum alone stays below the limiter, and the others keep their distance", () => {
  const samples = Float32Array.from([0.9, 0.9]);
  const index = [
    { name: "loud", pitch: 36, start: 0, length: 1, pan: -1, gain: 0.8 },
    { name: "soft", pitch: 38, start: 1, length: 1, pan: -1, gain: 0.2 },
  ];
  const { sounds: drums } = kitOf([samples], index, RATE).streams[0];
  near(drums[0].samples[0] * drums[0].left, KNEE);
  near(drums[1].samples[0] * drums[1].left, KNEE / 4);
});

test("everything at once, as hard as it goes, does not reach full scale", () => {
  const notes = Array.from({ length: 32 }, (_, step) => PITCHES.map((_, drum) => hit(step, drum))).flat();
  const kit = clicks({ length: 20000, ring: 90000 });
  for (const { left, right } of [
    mixLoop({ notes, steps: 32, qpm: 240, kit }),
    mixSong({ notes, steps: 32, qpm: 240, kit }),
  ]) {
    assert.ok(Math.max(peak(left), peak(right)) <= Math.fround(CEILING));
    assert.ok(peak(left) > 0.95 * CEILING);
  }
});

test("the limiter changes nothing up to its knee, never bends back, and is the same for a sample and for many", () => {
  const samples = Float32Array.from({ length: 801 }, (_, at) => (at - 400) / 100);
  const limited = limitSamples(samples.slice());
  samples.forEach((sample, at) => {
    if (Math.abs(sample) <= KNEE) assert.equal(limited[at], sample);
    near(limited[at], softLimit(sample), 1e-6);
    if (at) assert.ok(limited[at] >= limited[at - 1]);
  });
});

test("a closed hat silences an open one within its fade, also round the end of the loop", () => {
  const kit = clicks({ length: 40000 });
  const [open, closed] = [hit(31, 3), hit(0, 2, 1)];
  const { left } = mixLoop({ notes: [closed, open], steps: 32, qpm: 120, kit });
  assert.ok(left[4 * RATE - 1] > 0.2);
  assert.ok(peak(left.subarray(1000, 30000)) < 0.001);
  const { left: alone } = mixLoop({ notes: [open], steps: 32, qpm: 120, kit });
  assert.ok(peak(alone.subarray(1000, 30000)) > 0.2);
});

test("an open and a closed hat on one step both sound", () => {
  const kit = clicks();
  const note = (drum) => ({ ...hit(0, drum), frame: 0, end: 0 });
  const both = mixSpan({ notes: [note(2), note(3)], frames: 10, kit }).left[5];
  near(both, 2 * mixSpan({ notes: [note(2)], frames: 10, kit }).left[5]);
});

test("a span is a piece of the song, whatever rings into it", () => {
  const kit = clicks({ length: 9000, ring: 30000 });
  const notes = [0, 3000, 5000, 20000, 31000].map((frame, at) => ({ ...hit(0, [7, 3, 0, 2, 7][at], 100), frame, end: frame }));
  const whole = mixSpan({ notes, frames: 60000, kit }).left;
  const piece = mixSpan({ notes, from: 10000, frames: 15000, kit }).left;
  assert.deepEqual(piece, whole.slice(10000, 25000));
});
