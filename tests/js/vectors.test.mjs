// The test vectors that Python and JavaScript share; see tests/vectors/make.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { playbackOrder } from "../../latentpalette/widgets/static/audio/pathorder.js";
import { asciiText } from "../../latentpalette/widgets/static/files/asciitext.js";
import { cellLabel } from "../../latentpalette/widgets/static/files/exports.js";
import { midiFile } from "../../latentpalette/widgets/static/files/smf.js";
import { cellCenter, cellsAlong, weightsAt } from "../../latentpalette/widgets/static/state/geometry.js";
import { clipFromJson, joinClips, playedClip, scaleVelocities } from "../../latentpalette/widgets/static/state/clip.js";
import { laneOfKey } from "../../latentpalette/widgets/static/state/drumkeys.js";
import { fieldColor } from "../../latentpalette/widgets/static/view/color.js";
import { clipJson } from "./helpers.mjs";

const vectors = JSON.parse(readFileSync(new URL("../vectors/palette.json", import.meta.url)));
const { accents, pitches } = vectors;
const STREAMS = [{ name: "drums", is_drum: true, program: 0, instrument: "Standard Kit", low: 36, high: 51 }];
const lanes = pitches.map((pitch) => ({ name: "", stream: 0, pitches: [pitch] }));
const hitsOf = ({ notes }) =>
  notes
    .map(({ step, pitch, velocity }) => [step, pitches.indexOf(pitch), velocity])
    .sort(([step, drum], [otherStep, otherDrum]) => step - otherStep || drum - otherDrum);
const played = (tokens, { mutes, locks }) => playedClip(clipFromJson(clipJson(tokens, accents)), { lanes, mutes, locks, accents });
const byCell = (size, value) =>
  Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, col) => value(row, col)));

test("bilinear weights", () => {
  for (const { point, weights } of vectors.weights) assert.deepEqual(weightsAt(...point), weights);
});

test("the cells along a stroke", () => {
  for (const { points, size, cells } of vectors.cells) {
    assert.deepEqual(cellsAlong(points, size).map(({ row, col }) => [row, col]), cells);
  }
});

test("the order in which a path's cells are played", () => {
  for (const { cells, mode, order } of vectors.path_orders) assert.deepEqual(playbackOrder(cells, mode), order);
});

test("the label of every cell", () => {
  for (const { size, labels } of vectors.cell_labels) {
    assert.deepEqual(byCell(size, (row, col) => cellLabel({ row, col }, size)), labels);
  }
});

test("the hits of a loop with locks, mutes and accents", () => {
  for (const { tokens, mutes, locks, hits } of vectors.loops) {
    assert.deepEqual(hitsOf(played(tokens, { mutes, locks })), hits);
  }
});

test("the drum that a key plays", () => {
  for (const [key, pitch] of vectors.drum_keys) assert.equal(laneOfKey(key, lanes)?.pitches[0] ?? null, pitch);
});

test("the velocities of streams with volumes", () => {
  for (const { volumes, notes, scaled } of vectors.volumes) {
    const given = notes.map(([stream, velocity]) => ({ stream, velocity }));
    assert.deepEqual(scaleVelocities(given, volumes).map(({ stream, velocity }) => [stream, velocity]), scaled);
  }
});

test("the hits of a path", () => {
  for (const { cells, bars_per_cell: barsPerCell, mutes, locks, steps, hits } of vectors.paths) {
    const song = joinClips(cells.map((tokens) => played(tokens, { mutes, locks })), barsPerCell);
    assert.deepEqual({ steps: song.steps, hits: hitsOf(song) }, { steps, hits });
  }
});

test("held notes of loops one after the other", () => {
  for (const { loops, notes } of vectors.joined) {
    const clips = loops.map((own) => ({
      steps: 32,
      notes: own.map(([step, pitch, length]) => ({ step, offset: 0, length, pitch, velocity: 80, stream: 0 })),
    }));
    assert.deepEqual(joinClips(clips, 1).notes.map(({ step, pitch, length }) => [step, pitch, length]), notes);
  }
});

test("the bytes of a MIDI file", () => {
  for (const { name, hits, steps, qpm, markers, hex } of vectors.songs) {
    const bytes = midiFile({
      name,
      notes: hits.map(([step, drum, velocity]) => ({
        step, offset: 0, length: 1, pitch: pitches[drum], velocity, stream: 0,
      })),
      steps,
      qpm,
      streams: STREAMS,
      markers: markers.map(([step, text]) => ({ step, text })),
    });
    assert.equal(Buffer.from(bytes).toString("hex"), hex);
  }
});

test("the spelling of texts in files", () => {
  for (const { text, spelled } of vectors.texts) assert.equal(asciiText(text), spelled);
});

test("the color of every cell in both themes", () => {
  const hex = (color) => `#${color.match(/\d+/g).map((level) => Number(level).toString(16).padStart(2, "0")).join("")}`;
  for (const [theme, colors] of Object.entries(vectors.colors)) {
    const size = colors.length;
    const ours = byCell(size, (row, col) => hex(fieldColor(weightsAt(...cellCenter(row, col, size)), theme === "dark")));
    assert.deepEqual(ours, colors);
  }
});
