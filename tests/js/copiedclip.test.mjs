// A clip that was copied: what is read of a text that anybody may have written, and what of it fits where.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fittedClip, misfit, readCopied } from "../../latentpalette/widgets/static/state/copiedclip.js";
import { copiedText } from "../../latentpalette/widgets/static/state/copiedtext.js";
import { createPageClipboard } from "../../latentpalette/widgets/static/state/pageclipboard.js";
import { copiedMidi } from "../../latentpalette/widgets/static/files/copiedfile.js";

const DRUMS = { name: "drums", is_drum: true, program: 0, instrument: "Standard Kit", low: 36, high: 51 };
const MELODY = { name: "melody", is_drum: false, program: 0, instrument: "Piano", low: 21, high: 108 };
const BEAT = { steps: 16, notes: [[0, 36, 1, 110, 0, 0], [4, 38, 1, 90, 0, 0]] };
const TUNE = { steps: 32, notes: [[0, 60, 4, 90, 0, 0], [4, 64, 8, 80, 0, 0]] };

const copied = (clip, stream, changes = {}) =>
  readCopied(copiedText({ clip, label: "Two", qpm: 96, streams: [stream], ...changes }));
const place = (stream, changes = {}) => ({
  streams: [stream],
  steps: 32,
  hasVelocity: false,
  drums: () => [36, 38],
  accent: (pitch, step) => 100 + (step % 4),
  ...changes,
});

test("what is copied is read again as it was", () => {
  assert.deepEqual(copied(TUNE, MELODY), { clip: TUNE, label: "Two", qpm: 96, streams: [MELODY] });
});

test("other text is no clip, and says what to do", () => {
  for (const text of ["", "Bossa nova", "null", "[]", "{", '"x"', "[".repeat(100_000), '{"kind": "latentpalette state"}']) {
    assert.throws(() => readCopied(text), /The clipboard has no clip\. Copy one first/);
  }
});

test("a clip that is damaged, or that nobody could play, is refused in a sentence", () => {
  const whole = JSON.parse(copiedText({ clip: TUNE, label: "Two", qpm: 96, streams: [MELODY] }));
  const damages = [
    { clip: null },
    { clip: { steps: 32, notes: [[0, 60, 4, 90, 0, 1]] } }, // a stream that is not there
    { clip: { steps: 32, notes: [[40, 60, 4, 90, 0, 0]] } }, // after its end
    { clip: { steps: 1e9, notes: [] } },
    { clip: { steps: 32, notes: [[0, 60, 4, 90.5, 0, 0]] } },
    { clip: { steps: 32, notes: { length: 1e9 } } },
    { label: "x".repeat(2000) },
    { label: {} },
    { qpm: "120" },
    { qpm: 1e308 },
    { streams: [] },
    { streams: [{ ...MELODY, program: -1 }] },
    { streams: [null] },
    { streams: Array(1000).fill(MELODY) },
  ];
  for (const damage of damages) {
    assert.throws(() => readCopied(JSON.stringify({ ...whole, ...damage })), /is damaged/, JSON.stringify(damage).slice(0, 80));
  }
  assert.throws(() => readCopied(JSON.stringify({ ...whole, version: 2 })), /later version/);
});

test("drums that fit are taken as they are, a bar of them twice, with the accents of the place", () => {
  assert.deepEqual(fittedClip(copied(BEAT, DRUMS), place(DRUMS)), {
    steps: 32,
    notes: [[0, 36, 1, 100, 0, 0], [4, 38, 1, 100, 0, 0], [16, 36, 1, 100, 0, 0], [20, 38, 1, 100, 0, 0]],
  });
  const felt = place(DRUMS, { hasVelocity: true, steps: 16 });
  assert.deepEqual(fittedClip(copied(BEAT, DRUMS), felt), BEAT);
});

test("what would not sound the same is left to the reader of files", () => {
  const late = { steps: 32, notes: [[0, 36, 1, 90, 0.25, 0]] };
  const tom = { steps: 32, notes: [[0, 45, 1, 90, 0, 0]] };
  const chord = { steps: 32, notes: [[0, 60, 4, 90, 0, 0], [0, 64, 4, 90, 0, 0]] };
  const overlap = { steps: 32, notes: [[0, 60, 8, 90, 0, 0], [4, 64, 4, 90, 0, 0]] };
  const long = { steps: 64, notes: [] };
  for (const clip of [late, tom, long]) assert.equal(fittedClip(copied(clip, DRUMS), place(DRUMS)), null);
  for (const clip of [chord, overlap, long]) assert.equal(fittedClip(copied(clip, MELODY), place(MELODY)), null);
  assert.equal(fittedClip(copied(TUNE, MELODY), place({ ...MELODY, low: 62 })), null);
  assert.equal(fittedClip(copied(BEAT, DRUMS), place(MELODY)), null);
});

test("music of another kind is refused in words, music of which a part is of the kind is not", () => {
  const trio = copied({ steps: 32, notes: [] }, MELODY, { streams: [MELODY, { ...MELODY, name: "bass" }, DRUMS] });
  assert.equal(misfit(copied(TUNE, MELODY), place(DRUMS)), "Two is a melody; what goes here is drums.");
  assert.equal(misfit(copied(BEAT, DRUMS), place(MELODY)), "Two is drums; what goes here is a melody.");
  assert.equal(misfit(trio, place(DRUMS)), "");
});

test("its MIDI file is named after it, without what file systems refuse", () => {
  const { name, bytes } = copiedMidi({ ...copied(TUNE, MELODY), label: '../<b>"A/B": 2\n' });
  assert.equal(name, "b A B 2.mid");
  assert.equal(String.fromCharCode(...bytes.slice(0, 4)), "MThd");
});

test("what was copied is there for every script of the page", () => {
  const scope = {};
  createPageClipboard(scope).set("a clip", true);
  const other = createPageClipboard(scope);
  assert.deepEqual([other.text, other.isAlone], ["a clip", true]);
});
