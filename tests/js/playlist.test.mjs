// Sounds one after the other on a clock that the test turns.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createPlaylist } from "../../latentpalette/widgets/static/audio/playlist.js";
import { silenceBefore } from "../../latentpalette/widgets/static/audio/soundfile.js";
import { RATE, bench } from "./helpers.mjs";

const TAIL = 300; // [frames]

// Sounds whose music is full scale on its first frame, and that ring on at a tenth for a while.
function sounds(lengths, { lead = 0 } = {}) {
  return lengths.map((frames) => {
    const data = new Float32Array(lead + frames + TAIL).fill(0.1, lead);
    data[lead] = 1;
    data[0] += lead ? 0.5 : 0;
    return { frames, sound: { buffer: { data: [data], length: data.length, sampleRate: RATE }, lead: lead / RATE } };
  });
}

function playlistOf(list, { repeat = false, loadSound = async (index) => list[index].sound, inOrder = true } = {}) {
  const clocks = bench();
  const log = { turns: [], ends: 0, problems: [], repeat };
  const next = (index) => (index + 1 < list.length ? index + 1 : log.repeat ? 0 : null);
  const playlist = createPlaylist({
    ...clocks,
    loadSound,
    secondsOf: (index) => list[index].frames / RATE,
    nextOf: (index) => (inOrder ? next(index) : log.repeat ? index : null),
    onTurn: () => log.turns.push(playlist.position().index),
    onEnd: () => log.ends++,
    onError: (problem) => log.problems.push(problem.message),
  });
  return { ...clocks, clocks, log, playlist };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

// Lets the clock run in pieces, so that what is loaded comes in between.
async function run(clocks, seconds) {
  for (let time = clocks.context.currentTime; time < seconds; time += 0.5) {
    clocks.runTo(Math.min(seconds, time + 0.5));
    await settled();
  }
}

const starts = ({ context }) => context.sources.map(({ started }) => Math.round(started * RATE));

test("each begins at the exact frame at which the one before it is over", async () => {
  const { playlist, clocks, context } = playlistOf(sounds([50001, 44100, 30000]));
  playlist.start(0, 0);
  await settled();
  const [first, second, third] = starts(clocks);
  assert.deepEqual([second - first, third - first], [50001, 94101]);
  assert.deepEqual(context.sources.map(({ buffer }) => buffer.length), [50301, 44400, 30300], "with all that rings on");
});

test("a loop comes after itself, for as long as it plays", async () => {
  const { playlist, clocks, log } = playlistOf(sounds([44101]), { repeat: true, inOrder: false });
  playlist.start(0, 0);
  await settled();
  await run(clocks, 20);
  const frames = starts(clocks);
  assert.ok(frames.length >= 24, "and the next seconds are on the clock");
  assert.ok(frames.every((frame, lap) => frame === frames[0] + lap * 44101));
  assert.equal(log.ends, 0);
});

test("notes that come before the first step are heard before it, in every repetition", async () => {
  const { playlist, clocks } = playlistOf(sounds([44100], { lead: 1000 }), { repeat: true, inOrder: false });
  playlist.start(0, 0);
  await settled();
  const frames = starts(clocks);
  assert.ok(frames[0] > 0, "nothing of the first one is lost");
  assert.equal(frames[1] - frames[0], 44100);
});

test("begun in the middle, it goes on from there, and what comes next begins at its beginning", async () => {
  const { playlist, clocks, context } = playlistOf(sounds([88200], { lead: 1000 }), { repeat: true, inOrder: false });
  playlist.start(0, 1.5);
  await settled();
  const [first, second] = starts(clocks);
  assert.equal(second + 1000 - first, 22050);
  assert.equal(Math.round(context.sources[0].offset * RATE), 1000 + 66150);
});

test("the one that sounds is named when it begins, and the end when the last is over", async () => {
  const { playlist, clocks, log } = playlistOf(sounds([44100, 44100]));
  playlist.start(0, 0);
  await settled();
  await run(clocks, 0.8);
  assert.deepEqual(log.turns, [0]);
  assert.equal(playlist.position().index, 0);
  await run(clocks, 1.8);
  assert.deepEqual(log.turns, [0, 1]);
  assert.ok(Math.abs(playlist.position().seconds - 0.77) < 0.02);
  assert.equal(log.ends, 0);
  await run(clocks, 3);
  assert.equal(log.ends, 1);
});

test("repeat switched off, the present repetition is the last; switched on again, it is not", async () => {
  const { playlist, clocks, log, context } = playlistOf(sounds([88200]), { repeat: true, inOrder: false });
  playlist.start(0, 0);
  await settled();
  await run(clocks, 1);
  log.repeat = false;
  playlist.replan();
  assert.equal(context.sources.filter(({ stopped }) => stopped === null).length, 1);
  log.repeat = true;
  playlist.replan();
  await settled();
  const left = context.sources.filter(({ stopped }) => stopped === null).map(({ started }) => Math.round(started * RATE));
  assert.equal(left[1] - left[0], 88200);
  log.repeat = false;
  playlist.replan();
  await run(clocks, 3);
  assert.equal(log.ends, 1);
});

test("one that cannot be loaded is left out and said", async () => {
  const list = sounds([44100, 44100, 44100]);
  const loadSound = async (index) => {
    if (index === 1) throw new Error("no sound");
    return list[index].sound;
  };
  const { playlist, clocks, log } = playlistOf(list, { loadSound });
  playlist.start(0, 0);
  await settled();
  await run(clocks, 1.5);
  assert.deepEqual(log.problems, ["no sound"]);
  assert.deepEqual(log.turns, [0, 2]);
  const [first, third] = starts(clocks);
  assert.equal(third - first, 44100);
});

test("a sound that comes late begins when it is there, and what follows keeps its distance", async () => {
  const list = sounds([44100, 44100]);
  let arrive = () => {};
  const late = new Promise((resolve) => (arrive = () => resolve(list[0].sound)));
  const { playlist, clocks } = playlistOf(list, { loadSound: async (index) => (index ? list[1].sound : late) });
  playlist.start(0, 0);
  await run(clocks, 2);
  assert.equal(playlist.position(), null);
  arrive();
  await settled();
  await settled();
  const [first, second] = starts(clocks);
  assert.ok(first > 2 * RATE && first < 2.1 * RATE);
  assert.equal(second - first, 44100);
});

test("stopped, nothing sounds and nothing more is loaded", async () => {
  const { playlist, clocks, context } = playlistOf(sounds([44100]), { repeat: true, inOrder: false });
  playlist.start(0, 0);
  await settled();
  await run(clocks, 1);
  const { length } = context.sources;
  playlist.stop();
  await run(clocks, 9);
  assert.equal(context.sources.length, length);
  assert.ok(context.sources.every(({ stopped }) => stopped !== null));
});

test("silence that a browser leaves before an MP3 is known by its length", () => {
  assert.equal(silenceBefore(180000, 180000), 0);
  assert.equal(silenceBefore(180003.2, 180000), 0, "resampled");
  assert.equal(silenceBefore(182016, 180000), 1105);
});
