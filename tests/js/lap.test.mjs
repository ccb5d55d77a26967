// One lap of what an instrument plays: its loop, or the clips of its route one after the other.

import assert from "node:assert/strict";
import test from "node:test";

import { mixMidi, mixWav } from "../../latentpalette/widgets/static/files/mix.js";
import { createTransport } from "../../latentpalette/widgets/static/state/transport.js";
import { MemoryModel } from "../../latentpalette/widgets/static/state/memorymodel.js";
import { STREAMS, clicks, note, onsets } from "./helpers.mjs";

const STEP = 60 / 120 / 4;
const LANES = [{ name: "tune", stream: 0, pitches: null }];
const clipOf = (pitch, steps = 32) => ({ steps, notes: [0, 8, 16, 24].map((step) => ({ step, offset: 0, length: 2, pitch, velocity: 100, stream: 0 })) });

function transportOf({ route, gainOf, mutes = [false] }) {
  const model = new MemoryModel({ qpm: 120, mutes, locks: [null], volumes: [1], accents: [], playing: false });
  const state = { get: (name) => model.get(name), set: () => {}, on: () => () => {}, streams: STREAMS, lanes: LANES };
  const chosen = () => ({ clip: clipOf(36), key: "loop" });
  return createTransport({ state, audible: [], chosen, route, gainOf, makePlayer: () => null, onChange: () => {}, onError: assert.fail });
}
const placesOf = ({ notes }) => notes.map(({ step, pitch }) => [step, pitch]);

test("without a route a lap is the loop that should play", () => {
  const lap = transportOf({}).lap();
  assert.deepEqual([lap.steps, lap.qpm, lap.notes.length], [32, 120, 4]);
});

test("a lap of a route has its clips in order, there and back, each for its turn and in phase", () => {
  const route = () => ({ key: "way", count: 3, barsPerTurn: 0.5, mode: "ping-pong", chosenAt: (turn) => ({ clip: clipOf(36 + turn), key: turn }) });
  const lap = transportOf({ route }).lap();
  assert.equal(lap.steps, 4 * 8);
  assert.deepEqual(placesOf(lap), [[0, 36], [8, 37], [16, 38], [24, 37]]);
});

test("a muted lane is not in it, and each clip is as loud as its own gain", () => {
  const route = () => ({ key: "way", count: 2, barsPerTurn: 1, mode: "loop", chosenAt: (turn) => ({ clip: clipOf(36 + turn), key: turn }) });
  const gainOf = ({ notes }) => notes[0].pitch / 100;
  assert.deepEqual(transportOf({ route, gainOf }).lap().notes.map(({ gain }) => gain), [0.36, 0.36, 0.37, 0.37]);
  assert.deepEqual(transportOf({ route, mutes: [true] }).lap().notes, []);
});

test("a mix is as long as the longest lap; shorter ones are repeated, and gains of notes count", () => {
  const long = { loop: { steps: 48, qpm: 120, notes: [{ ...note(0, 36), gain: 1 }, { ...note(40, 36), gain: 0.25 }] }, streams: STREAMS, kit: clicks() };
  const short = { loop: { steps: 16, qpm: 120, gain: 1, notes: [note(4, 38)] }, streams: STREAMS, kit: clicks() };
  const { bytes } = mixWav([long, short]);
  const samples = Float32Array.from(new Int16Array(bytes.buffer, 44).filter((_, at) => at % 2 === 0), (value) => value / 32768);
  assert.equal(samples.length, Math.round(48 * STEP * 44100));
  const found = onsets(samples, 0.02).map((frame) => Math.round(frame / 44100 / STEP));
  assert.deepEqual(found, [0, 4, 20, 36, 40]);
  const peak = (step) => Math.max(...samples.slice(Math.round(step * STEP * 44100), Math.round((step + 0.5) * STEP * 44100)));
  assert.ok(Math.abs(peak(40) / peak(0) - 0.25) < 0.02);
  assert.equal(mixMidi([long, short]).name, "session.mid");
});

test("a mix that would last for hours is refused as sound, with what to do", () => {
  const part = { loop: { steps: 16 * 4000, qpm: 120, notes: [] }, streams: STREAMS, kit: clicks() };
  assert.throws(() => mixWav([part]), /lasts 133 minutes; a WAV file takes up to 30 minutes. Keep it as MIDI/);
});
