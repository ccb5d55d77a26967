// Take-overs: what becomes of held notes, of those that should have begun, and of early drums, where a loop changes.

import assert from "node:assert/strict";
import test from "node:test";

import { limitSamples } from "../../latentpalette/widgets/static/audio/limiter.js";
import { mixSong, mixSpan } from "../../latentpalette/widgets/static/audio/mixer.js";
import { createPlayer } from "../../latentpalette/widgets/static/audio/player.js";
import { joinClips } from "../../latentpalette/widgets/static/state/clip.js";
import { RATE, bandKit, bench, biggestJump, hit, note, rendered } from "./helpers.mjs";

const STEP = RATE / 8; // at 120
const START = Math.round(0.05 * RATE); // from the click to the first beat
const melody = (...notes) => notes.map((each) => ({ ...each, stream: 1 }));
const loop = (notes, { steps = 16, ...rest } = {}) => ({ notes, steps, qpm: 120, ...rest });

// A player that has played the first loop up to a step, and then changes to the second.
function changed(first, second, { at, kit = bandKit(), quantize = "step" }) {
  const on = bench();
  const player = createPlayer({ ...on, kit });
  player.play(first);
  on.runTo((START + (at - 0.5) * STEP) / RATE);
  player.change(second, quantize);
  return { ...on, player, kit };
}

// The notes that sound from a step to another, in steps since the beginning.
function notesOf({ player }, from, to) {
  const time = (step) => (START + step * STEP) / RATE;
  const steps = (seconds) => Math.round(((seconds * RATE - START) / STEP) * 100) / 100;
  const notes = player.notesBetween(time(from), time(to));
  return notes.map(({ time: begin, end, pitch, stream }) => [stream ? pitch : `drum ${pitch}`, steps(begin), steps(end)]);
}

test("a held note of the loop before ends where the new one takes over", () => {
  const change = changed(loop(melody(note(0, 60, 12))), loop(melody(note(8, 64, 4))), { at: 4 });
  assert.deepEqual(notesOf(change, 0, 12), [[60, 0, 4], [64, 8, 12]]);
});

test("a pitch that the new loop holds there, too, goes on to that one's end", () => {
  const change = changed(loop(melody(note(0, 60, 12))), loop(melody(note(2, 60, 4))), { at: 4 });
  assert.deepEqual(notesOf(change, 0, 15), [[60, 0, 6]]);
  const longer = changed(loop(melody(note(0, 60, 6))), loop(melody(note(2, 60, 12))), { at: 4 });
  assert.deepEqual(notesOf(longer, 0, 15), [[60, 0, 14]]);
});

test("a note that would have begun before begins at the take-over, so that a drag over held notes is not silent", () => {
  const change = changed(loop(melody(note(0, 60, 12))), loop(melody(note(2, 64, 10))), { at: 4 });
  assert.deepEqual(notesOf(change, 0, 15), [[60, 0, 4], [64, 4, 12]]);
});

test("a note that begins with the take-over is struck, though its pitch has been sounding", () => {
  const change = changed(loop(melody(note(0, 60, 12))), loop(melody(note(4, 60, 4))), { at: 4 });
  assert.deepEqual(notesOf(change, 0, 15), [[60, 0, 4], [60, 4, 8]]);
});

test("a note goes on over any number of changes", () => {
  const on = bench();
  const player = createPlayer({ ...on, kit: bandKit() });
  player.play(loop(melody(note(0, 60, 16))));
  for (let at = 1; at < 14; at++) {
    on.runTo((START + (at - 0.5) * STEP) / RATE);
    player.change(loop(melody(note(0, 60, 16), note(15, 60 + at, 1))));
  }
  assert.deepEqual(notesOf({ player }, 13.2, 13.8), [[60, 0, 16]]);
  assert.equal(notesOf({ player }, 16, 16.5)[0][1], 16); // and is struck again in the next lap
});

test("the other streams' notes are not touched, and drums are neither held nor struck again", () => {
  const drums = [hit(0), hit(4, 1)];
  const change = changed(loop([...drums, ...melody(note(0, 60, 8))]), loop([...drums, ...melody(note(0, 60, 8))], { gain: 0.5 }), { at: 2 });
  assert.deepEqual(notesOf(change, 0, 8), [["drum 36", 0, 0], [60, 0, 8], ["drum 38", 4, 4]]);
});

test("an early drum of the step of the take-over is not lost, and not doubled", () => {
  const early = [{ ...hit(4), offset: -0.25 }];
  assert.deepEqual(notesOf(changed(loop([]), loop(early), { at: 4 }), 0, 8), [["drum 36", 4, 4]]);
  assert.deepEqual(notesOf(changed(loop(early), loop(early, { gain: 0.5 }), { at: 4 }), 0, 8), [["drum 36", 3.75, 3.75]]);
});

test("music that starts with an early note starts with it at once", () => {
  const on = bench();
  const player = createPlayer({ ...on, kit: bandKit() });
  player.play(loop([{ ...hit(0), offset: -0.25 }, ...melody(note(0, 60, 4, { offset: -0.25 }))]));
  assert.deepEqual(notesOf({ player }, 0, 8), [["drum 36", 0, 0], [60, 0, 3.75]]);
});

test("a change of tempo in the middle of a held note lets it end at the new tempo", () => {
  const change = changed(loop(melody(note(0, 60, 8))), { ...loop(melody(note(0, 60, 8))), qpm: 60 }, { at: 4 });
  assert.deepEqual(notesOf(change, 0, 12), [[60, 0, 12]]);
});

test("a drag over held notes gives, sample for sample, what its notes add up to, and does not click", () => {
  const kit = bandKit({ length: 8000, release: 0.15, decay: 0.95 });
  const on = bench();
  const player = createPlayer({ ...on, kit });
  const pitches = [57, 60, 62, 64, 69];
  const chords = (at) => melody(...[0, 1].flatMap((k) => [0, 4, 8].map((step) => note(step, pitches[(at + k + step) % 5], 4 + (at % 4)))));
  player.play(loop([...chords(0), hit(0)]));
  const sent = new Map();
  const collect = (from, to) => {
    for (const each of player.notesBetween(from, to)) sent.set(`${each.stream} ${each.pitch} ${each.time}`, each);
  };
  let until = 0;
  for (let at = 1; at < 100; at++) {
    const now = START / RATE + at * 0.0317;
    on.runTo(now);
    collect(until, now);
    until = now;
    if (at % 3) player.change(loop([...chords(at), hit(at % 16, at % 9, 40)], { gain: 0.5 + (at % 2) / 8 }), at % 7 ? "step" : "beat");
  }
  const frames = Math.round(until * RATE);
  const notes = [...sent.values()].map(({ time, end, ...each }) => ({
    ...each, frame: Math.round(time * RATE), end: Math.round(end * RATE),
  }));
  const wanted = mixSpan({ notes, frames, kit }).left;
  const output = rendered(on.context, until);
  assert.ok(notes.length > 25, `${notes.length}`);
  for (let at = 0; at < frames - 0.05 * RATE; at++) {
    assert.ok(Math.abs(output[at] - wanted[at]) < 1e-5, `${at}: ${output[at]} is not ${wanted[at]}`);
  }
  const held = createHeldOnly(notes, kit, frames);
  assert.ok(biggestJump(held) < 0.1, `${biggestJump(held)}`);
});

// The same without drums, whose attacks are jumps.
const createHeldOnly = (notes, kit, frames) =>
  mixSpan({ notes: notes.filter(({ stream }) => stream === 1), frames, kit }).left;

test("a path over held notes sounds exactly as its file", () => {
  const kit = bandKit({ length: 8000, release: 0.15, decay: 0.95 });
  const clips = [0, 1, 2, 3].map((cell) => ({
    steps: 32,
    notes: [
      hit(3 * cell, cell),
      ...melody(note(0, 57 + cell, 6), note(8, 60, 20), note(12 + cell, 69 - cell, 8), note(20, 64, 12)),
    ].sort((one, other) => one.step - other.step),
  }));
  const on = bench();
  const player = createPlayer({ ...on, kit });
  player.followPath({ count: 4, barsPerCell: 1, mode: "once", loopOf: (cell) => ({ ...clips[cell], qpm: 120 }) });
  on.runTo(9);
  const song = mixSong({ ...joinClips(clips, 1), qpm: 120, kit }).left;
  const output = limitSamples(rendered(on.context, 9)).subarray(START);
  song.forEach((sample, at) => assert.ok(Math.abs(output[at] - sample) < 1e-5, `${at}: ${output[at]} is not ${sample}`));
});

// --- long music ---------------------------------------------------------------------------------------------------

// Sixteen bars with a note on each beat, longer than its beat.
const LONG = loop(
  melody(...Array.from({ length: 64 }, (_, beat) => note(4 * beat, 57 + (beat % 12), 6)), ...[0, 100].map((step) => note(step, 45, 90))),
  { steps: 256 },
);

function expectedFrom(player, kit, seconds) {
  const notes = player.notesBetween(0, seconds).map(({ time, end, ...each }) => ({
    ...each, frame: Math.round(time * RATE), end: Math.round(end * RATE),
  }));
  return mixSpan({ notes, frames: Math.round(seconds * RATE), kit }).left;
}

test("long music is mixed in pieces that join to the sample, and then goes round by itself", () => {
  const on = bench();
  const kit = bandKit({ release: 0.2 });
  const player = createPlayer({ ...on, kit });
  player.play(LONG);
  const atOnce = on.context.sources.reduce((sum, { buffer }) => sum + buffer.length, 0);
  assert.ok(atOnce <= 2.1 * RATE, `${atOnce / RATE} s are mixed before the first note`);
  on.runTo(1.5);
  const count = on.context.sources.length;
  on.runTo(80, { asleep: true }); // nothing is asked of the page from here on
  assert.equal(on.context.sources.length, count);
  const [output, wanted] = [rendered(on.context, 75), expectedFrom(player, kit, 75)];
  output.forEach((sample, at) => assert.ok(Math.abs(sample - wanted[at]) < 1e-5, `${at / RATE}: ${sample} is not ${wanted[at]}`));
});

test("a change in the middle of long held notes repeats the loop as it is, not as it was entered", () => {
  const on = bench();
  const kit = bandKit({ release: 0.2 });
  const player = createPlayer({ ...on, kit });
  player.play(loop([]));
  on.runTo((START + 24.5 * STEP) / RATE);
  player.change({ ...LONG, steps: 256 });
  on.runTo(6);
  on.runTo(100, { asleep: true });
  const [output, wanted] = [rendered(on.context, 75), expectedFrom(player, kit, 75)];
  output.forEach((sample, at) => assert.ok(Math.abs(sample - wanted[at]) < 1e-5, `${at / RATE}: ${sample} is not ${wanted[at]}`));
});

test("a drag over long music mixes only what will be heard", () => {
  const on = bench();
  const player = createPlayer({ ...on, kit: bandKit() });
  player.play(LONG);
  on.runTo(0.2);
  for (let at = 1; at < 20; at++) {
    const before = on.context.sources.length;
    player.change({ ...LONG, gain: 1 + at / 100 });
    const mixed = on.context.sources.slice(before).reduce((sum, { buffer }) => sum + buffer.length, 0);
    assert.ok(mixed <= 2.1 * RATE, `${mixed / RATE} s`);
    on.runTo(0.2 + at * 0.02, { asleep: true });
  }
});

test("music whose page was too busy to mix it goes on in time", () => {
  const on = bench();
  const kit = bandKit();
  const player = createPlayer({ ...on, kit });
  player.play(LONG);
  on.runTo(10, { asleep: true }); // the first piece ended at 2 s
  on.runTo(11);
  on.runTo(30, { asleep: true });
  const [output, wanted] = [rendered(on.context, 29), expectedFrom(player, kit, 29)];
  for (let at = Math.ceil(10.1 * RATE); at < output.length; at++) {
    assert.ok(Math.abs(output[at] - wanted[at]) < 1e-5, `${at / RATE}: ${output[at]} is not ${wanted[at]}`);
  }
});
