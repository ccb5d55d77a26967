import assert from "node:assert/strict";
import test from "node:test";

import { CEILING } from "../../latentpalette/widgets/static/audio/limiter.js";
import {
  cellMidi,
  cellLabel,
  cellWav,
  gridZip,
  pathMidi,
  pathWav,
} from "../../latentpalette/widgets/static/files/exports.js";
import { RATE, clicks, onsets } from "./helpers.mjs";
import { exported } from "./palette.mjs";

const hex = ({ bytes }) => Buffer.from(bytes).toString("hex");
const markersOf = ({ bytes }) =>
  [
    ...Buffer.from(bytes)
      .toString()
      .matchAll(/r\d+ c\d+ - A \S+ B \S+ C \S+ D [.\d]+/g),
  ].map(([each]) => each);

// The left samples of a WAV file, -1 to 1.
function left({ bytes }) {
  const frames = new DataView(bytes.buffer).getUint32(40, true) / 4;
  const samples = new Int16Array(bytes.buffer, 44, 2 * frames);
  return Float32Array.from({ length: frames }, (_, frame) => samples[2 * frame] / 32767);
}

test("a cell's label names its place and its corner weights", () => {
  assert.equal(cellLabel({ row: 2, col: 6 }, 11), "r3 c7 · A .32 B .48 C .08 D .12");
  assert.equal(cellLabel({ row: 0, col: 0 }, 3), "r1 c1 · A 1.00 B .00 C .00 D .00");
});

test("files are named after their cells, counted from one", () => {
  const state = exported({ puck: [1, 0.5] });
  assert.deepEqual([cellMidi(state).name, cellWav(state, clicks()).name], ["r02_c03.mid", "r02_c03.wav"]);
  assert.equal(pathMidi(state).name, "path.mid");
  assert.equal(pathWav(state, clicks()).name, "path.wav");
  assert.equal(gridZip(state).name, "palette_3x3.zip");
});

test("the cell under the puck as sound is one loop, to the frame", () => {
  for (const qpm of [60, 120, 173]) {
    const samples = left(cellWav(exported({ qpm }), clicks()));
    assert.equal(samples.length, Math.round((32 * 60 * RATE) / qpm / 4));
  }
});

test("the path as sound has every hit of its cells where it belongs, and the last rings out", () => {
  const state = exported({
    points: [
      [0, 0],
      [1, 0],
    ],
    bars_per_cell: 1,
    qpm: 173,
    accents: Array(9).fill(Array(16).fill(127)),
  });
  const samples = left(pathWav(state, clicks()));
  const step = (60 * RATE) / 173 / 4;
  const found = onsets(samples, 0.2);
  const wanted = [0, 8, 16 + 1, 16 + 9, 32 + 2, 32 + 10]; // cell c hits its steps c and 8 + c in each bar
  assert.equal(found.length, wanted.length);
  found.forEach((frame, at) => assert.ok(Math.abs(frame - wanted[at] * step) <= 1));
  assert.ok(samples.length >= Math.round(48 * step));
});

test("a path of the fullest beats does not clip", () => {
  const state = exported({
    cells: new Uint16Array(9 * 32).fill(511),
    use_original_corners: false,
    points: [
      [0, 0],
      [1, 1],
    ],
    accents: Array(9).fill(Array(16).fill(127)),
  });
  const samples = left(pathWav(state, clicks({ length: 20000 })));
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  assert.ok(peak > 0.95 * CEILING && peak <= CEILING + 1e-4);
});

test("a ping-pong path goes there and back again, with a marker per cell", () => {
  const points = [
    [0, 0],
    [1, 0],
  ];
  const cells = (path_mode) => markersOf(pathMidi(exported({ points, path_mode }))).map((text) => text.split(" ")[1]);
  assert.deepEqual(cells("once"), ["c1", "c2", "c3"]);
  assert.deepEqual(cells("loop"), ["c1", "c2", "c3"]);
  assert.deepEqual(cells("ping-pong"), ["c1", "c2", "c3", "c2"]);
});

test("mutes, locks and accents count in all five", () => {
  const settings = [
    { mutes: [true, ...Array(8).fill(false)] },
    { locks: [Array.from({ length: 32 }, (_, step) => (step === 31 ? 1 : 0)), ...Array(8).fill(null)] },
    { accents: Array(9).fill(Array.from({ length: 16 }, (_, step) => 33 + 5 * step)) },
  ];
  for (const [make, ...rest] of [[cellMidi], [cellWav, clicks()], [pathMidi], [pathWav, clicks()], [gridZip]]) {
    const plain = hex(make(exported(), ...rest));
    for (const setting of settings) assert.notEqual(hex(make(exported(setting), ...rest)), plain);
    assert.equal(hex(make(exported(), ...rest)), plain);
  }
});

test("a corner cell gives the corner itself, or the model's version of it", () => {
  const state = { puck: [0, 0], corners: Array(4).fill(Array(32).fill(256)) };
  assert.match(hex(cellMidi(exported({ ...state, use_original_corners: true }))), /9933/); // the ride
  assert.doesNotMatch(hex(cellMidi(exported({ ...state, use_original_corners: false }))), /9933/);
});

test("without a path there is nothing to export, and the way to one is named", () => {
  assert.throws(() => pathMidi(exported({ points: [] })), /There is no path yet/);
  assert.throws(() => pathWav(exported({ points: [] }), clicks()), /There is no path yet/);
});
