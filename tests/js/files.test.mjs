import assert from "node:assert/strict";
import test from "node:test";

import { midiFile, variableLength } from "../../latentpalette/widgets/static/files/smf.js";
import { wavFile } from "../../latentpalette/widgets/static/files/wav.js";
import { crc32, zipFile } from "../../latentpalette/widgets/static/files/zip.js";
import { BAND, STREAMS, hit, note } from "./helpers.mjs";

const text = (bytes) => new TextDecoder().decode(bytes);
const ascii = (word) => new TextEncoder().encode(word);

// The chunks of a RIFF file, by name.
function riff(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map();
  assert.equal(text(bytes.subarray(0, 4)), "RIFF");
  assert.equal(view.getUint32(4, true), bytes.length - 8);
  for (let at = 12; at < bytes.length;) {
    const length = view.getUint32(at + 4, true);
    chunks.set(text(bytes.subarray(at, at + 4)), bytes.slice(at + 8, at + 8 + length));
    at += 8 + length + (length % 2);
  }
  return chunks;
}

test("variable-length numbers are those of the MIDI standard's table", () => {
  const table = [
    [0, "00"],
    [0x40, "40"],
    [0x7f, "7f"],
    [0x80, "8100"],
    [0x2000, "c000"],
    [0x3fff, "ff7f"],
    [0x4000, "818000"],
    [0x1fffff, "ffff7f"],
    [0xfffffff, "ffffff7f"],
  ];
  for (const [number, hex] of table) assert.equal(Buffer.from(variableLength(number)).toString("hex"), hex);
});

test("a MIDI file is, byte for byte, what the standard says", () => {
  const bytes = midiFile({
    notes: [hit(1, 0, 100)],
    steps: 2,
    qpm: 120,
    streams: STREAMS,
    markers: [{ step: 1, text: "·" }],
    name: "x",
  });
  const expected = [
    "4d546864 00000006 0001 0002 01e0",
    "4d54726b 0000001d 00ff030178 00ff510307a120 00ff580404021808 78ff06012d 78ff2f00",
    "4d54726b 00000018 00ff03054472756d73 00c900 78992464 78892400 00ff2f00",
  ];
  assert.equal(Buffer.from(bytes).toString("hex"), expected.join("").replaceAll(" ", ""));
});

test("a repeated note ends before it begins again", () => {
  const notes = [hit(0, 0, 100), hit(1, 0, 100)];
  const hex = Buffer.from(midiFile({ notes, steps: 2, qpm: 120, streams: STREAMS })).toString("hex");
  assert.match(hex, /0099246478892400009924647889240000ff2f00$/);
});

test("a WAV file holds its samples to the nearest step of sixteen bits, and its length", () => {
  const left = Float32Array.from([0, 0.5, -1, 1, 2]);
  const right = Float32Array.from([1, -0.5, 0, -2, 0.25]);
  const chunks = riff(wavFile({ rate: 44100, left, right }));
  assert.deepEqual([...chunks.keys()], ["fmt ", "data"]);
  assert.deepEqual(
    [...new Int16Array(chunks.get("data").buffer)],
    [0, 32767, 16384, -16383, -32767, 0, 32767, -32767, 32767, 8192],
  );
  const format = new DataView(chunks.get("fmt ").buffer);
  assert.deepEqual(
    [
      format.getUint16(0, true),
      format.getUint16(2, true),
      format.getUint32(4, true),
      format.getUint32(8, true),
      format.getUint16(12, true),
      format.getUint16(14, true),
    ],
    [1, 2, 44100, 176400, 4, 16],
  );
});

test("a WAV file's cue points have numbers, places and labels of any length", () => {
  const silence = new Float32Array(10);
  const cues = [
    { frame: 0, label: "odd" },
    { frame: 7, label: "even" },
    { frame: 9, label: "r1 c2 · A" },
  ];
  const chunks = riff(wavFile({ rate: 8000, left: silence, right: silence, cues }));
  const cue = new DataView(chunks.get("cue ").buffer);
  assert.equal(cue.getUint32(0, true), 3);
  assert.deepEqual(
    [0, 1, 2].map((at) => [cue.getUint32(4 + 24 * at, true), cue.getUint32(24 + 24 * at, true)]),
    [
      [1, 0],
      [2, 7],
      [3, 9],
    ],
  );
  const list = chunks.get("LIST");
  assert.equal(text(list.subarray(0, 4)), "adtl");
  const labels = [];
  for (let at = 4; at < list.length;) {
    const length = new DataView(list.buffer).getUint32(at + 4, true);
    labels.push(text(list.subarray(at + 12, at + 8 + length)));
    at += 8 + length + (length % 2);
  }
  assert.deepEqual(labels, ["odd\0", "even\0", "r1 c2 - A\0"]);
});

test("the checksum is the one everybody checks theirs with", () => {
  assert.equal(crc32(ascii("123456789")), 0xcbf43926);
  assert.equal(crc32(new Uint8Array(0)), 0);
});

test("the same files give the same bytes", () => {
  const make = () =>
    zipFile([
      { name: "a.mid", bytes: ascii("one") },
      { name: "é.mid", bytes: ascii("") },
    ]);
  assert.deepEqual(make(), make());
  assert.equal(zipFile([]).length, 22);
});

test("each stream has a track and a channel of its own, with its program; lengths and offsets count to the tick", () => {
  const hex = Buffer.from(
    midiFile({
      notes: [
        hit(0, 0, 100),
        note(0, 60, 4, { stream: 1, velocity: 90, offset: 0.25 }),
        note(2, 60, 14, { stream: 1, velocity: 80 }),
        note(8, 40, 20, { stream: 2, velocity: 70, offset: -0.5 }),
      ],
      steps: 16,
      qpm: 120,
      streams: BAND,
    }),
  ).toString("hex");
  const tracks = hex.split("4d54726b").slice(2);
  assert.equal(tracks.length, 3);
  assert.match(tracks[0], /00c90000992464/);
  // The flute: on at tick 30, off where its pitch starts again at 240, which lasts to the end of the file at 1920.
  assert.match(tracks[1], /00c0491e903c5a8152803c0000903c508d10803c0000ff2f00$/);
  // The bass: half a step early, and cut at the end.
  assert.match(tracks[2], /00c1218704912846877c81280000ff2f00$/);
});
