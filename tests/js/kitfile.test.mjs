// Files of a kit: WAV is read at once, compressed files by the browser, and their delay is found.

import assert from "node:assert/strict";
import test from "node:test";

import { findDelay, markerSamples, openKit } from "../../latentpalette/widgets/static/audio/kitfile.js";
import { RATE, kitBytes, soundOfDrum } from "./helpers.mjs";

const INDEX = [{ name: "kick", pitch: 36, start: 1, length: 2 }];

test("a kit of WAV files is there at once, also from bytes that begin at an odd place", () => {
  const bytes = kitBytes([[0, 16384, -16384]]);
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  for (const given of [bytes, shifted.subarray(1)]) {
    assert.deepEqual([...soundOfDrum(openKit(given, INDEX, RATE), 0).samples], [0.5, -0.5]);
  }
});

test("each stream has a file of its own", () => {
  const index = [{ ...INDEX[0], start: 0, length: 1 }, { name: "pitch 60", stream: 1, pitch: 60, start: 0, length: 1, release: 1 }];
  const { streams } = openKit(kitBytes([[8192], [16384]]), index, RATE);
  assert.deepEqual(streams.map(({ is_drum, sounds }) => [is_drum, sounds[0].samples[0]]), [[true, 0.25], [false, 0.5]]);
});

test("a kit that is cut short is refused, and the sound named", () => {
  assert.throws(() => openKit(kitBytes([[0, 1, 2]]), [{ ...INDEX[0], length: 8 }], RATE), /"kick" ends at sample 9 of 3/);
  assert.throws(() => openKit(kitBytes([[0, 1, 2]]).subarray(0, 20), INDEX, RATE), /cut short: it has 20 bytes/);
});

test("the delay of a decoder is found to the frame, however loud and noisy its output is", () => {
  for (const delay of [0, 1, 529, 1105, 2257]) {
    const samples = Float32Array.from({ length: 12000 }, (_, at) => 0.05 * Math.sin(at * at));
    markerSamples().forEach((sample, at) => (samples[2048 + delay + at] += 0.8 * sample));
    assert.equal(findDelay(samples), delay);
  }
  assert.throws(() => findDelay(new Float32Array(9000)), /marker is missing/);
});

test("compressed files are decoded at the rate of the kit, and what they delay is taken off", async () => {
  const rates = [];
  class OfflineAudioContext {
    constructor(channels, frames, rate) {
      rates.push(rate);
    }
    async decodeAudioData() {
      const samples = new Float32Array(9000);
      samples.set(markerSamples(), 2048 + 1105);
      samples.set([0.5, -0.5], 1105 + 4000);
      return { getChannelData: () => samples };
    }
  }
  const opened = openKit(kitBytes(["mp3"]), [{ ...INDEX[0], start: 4000 }], RATE, { OfflineAudioContext });
  assert.ok(opened instanceof Promise);
  assert.deepEqual([...soundOfDrum(await opened, 0).samples], [0.5, -0.5]);
  assert.deepEqual(rates, [RATE]);
});
