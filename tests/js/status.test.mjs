// The status line's texts, the tapped tempo, and the theme of a page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { formatClip, formatCounts, formatDecoding, formatMinutes, formatNorm, formatOrdinal, formatPath, formatWeights } from "../../latentpalette/widgets/static/view/status.js";
import { isDark } from "../../latentpalette/widgets/static/view/theme.js";
import { tapTempo } from "../../latentpalette/widgets/static/view/tempo.js";

test("the strongest corner is named first", () => {
  assert.equal(formatWeights([0.31, 0.44, 0.1, 0.15]), "B .44 · A .31 · D .15 · C .10");
  assert.equal(formatWeights([1, 0, 0, 0]), "A 1.00 · B .00 · C .00 · D .00");
});

test("drums that are not hit are not named, and silence is called so", () => {
  assert.equal(formatCounts([6, 0, 12], ["kick", "snare", "closed hat"]), "kick 6 · closed hat 12");
  assert.equal(formatCounts([0, 0], ["kick", "snare"]), "silence");
});

test("a clip is told by what it is made of", () => {
  const note = (pitch, stream = 0) => ({ step: 0, offset: 0, length: 1, pitch, velocity: 80, stream });
  const stream = (name, is_drum = false) => ({ name, is_drum, program: 0, instrument: "", low: 0, high: 127 });
  const lane = (name, index, pitches = null) => ({ name, stream: index, pitches });
  const drums = { streams: [stream("drums", true)], lanes: [lane("kick", 0, [36]), lane("snare", 0, [38])] };
  const melody = { streams: [stream("melody")], lanes: [lane("melody", 0)] };
  const trio = { streams: [stream("melody"), stream("bass"), stream("drums", true)], lanes: ["melody", "bass", "drums"].map((name, i) => lane(name, i)) };
  assert.equal(formatClip({ steps: 32, notes: [note(36), note(36)] }, drums), "kick 2");
  assert.equal(formatClip({ steps: 32, notes: [note(64), note(71)] }, melody), "2 notes · E4 to B4");
  assert.equal(formatClip({ steps: 32, notes: [note(64)] }, melody), "1 note · E4");
  assert.equal(formatClip({ steps: 32, notes: [] }, melody), "silence");
  assert.equal(formatClip({ steps: 256, notes: [note(64), note(40, 1), note(36, 2)] }, trio), "melody 1 · bass 1 · drums 1 notes");
});

test("ordinals have their endings", () => {
  assert.deepEqual([1, 2, 3, 4, 11, 12, 13, 21, 61, 100].map(formatOrdinal), ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "61st", "100th"]);
});

test("a distance from the middle has a word: typical, or unusual on either side", () => {
  assert.deepEqual([1, 5, 61, 95, 99].map(formatNorm), ["unusually small", "typical", "typical", "typical", "unusually large"]);
});

test("a path's length is in cells, bars and minutes", () => {
  assert.equal(formatPath(12, 2, 120, "loop"), "12 cells, 24 bars, 0:48");
  assert.equal(formatPath(3, 2, 120, "ping-pong"), "3 cells, 8 bars, 0:16");
  assert.equal(formatPath(1, 1, 60, "once"), "1 cell, 1 bar, 0:04");
  assert.equal(formatMinutes(59.7), "1:00");
});

const board = (traits = {}, isStale = false, missing = []) => {
  const all = { model_name: "drums-2bar", size: 5, has_kernel: true, ...traits };
  return { get: (name) => all[name], isStale, cells: { length: 25, missing } };
};

test("the size is said, and what is being decoded", () => {
  assert.equal(formatDecoding(board(), "idle"), "5 × 5");
  assert.equal(formatDecoding(board({}, false, [3, 4]), "idle"), "23 of 25 cells decoded");
  assert.equal(formatDecoding(board(), "asking"), "5 × 5 · decoding 25 loops …");
  assert.equal(formatDecoding(board({}, true), "idle"), "5 × 5 · decoding 25 loops …");
  assert.match(formatDecoding(board({ has_kernel: false }, true), "idle"), /· corners edited, blends as before$/);
});

test("a kernel that does not answer is either busy, or has stopped; then the line says what to do", () => {
  assert.match(formatDecoding(board(), "slow"), /the kernel is busy, the music goes on$/);
  const text = formatDecoding(board(), "lost");
  assert.match(text, /no answer from Python; the music goes on\. If Python has stopped, run the cell again or reload the page/);
  assert.match(text, /what you edited is offered there$/);
});

test("taps give a tempo, within its limits; a pause starts a new series", () => {
  assert.equal(tapTempo([0]), null);
  assert.equal(tapTempo([0, 500, 1000]), 120);
  assert.equal(tapTempo([0, 500, 9000]), null);
  assert.equal(tapTempo([0, 500, 9000, 9400]), 150);
  assert.equal(tapTempo([0, 10]), 400);
});

const place = (dataset = {}, classes = [], theme = null) => ({
  dataset,
  classList: { contains: (name) => classes.includes(name) },
  getAttribute: () => theme,
});

test("each host's mark for dark is recognized, and none means the system's", () => {
  const none = place();
  assert.equal(isDark(place({ jpThemeLight: "false" }), none, false), true);
  assert.equal(isDark(place({ jpThemeLight: "true" }), none, true), false);
  assert.equal(isDark(place({}, ["dark"]), none, false), true);
  assert.equal(isDark(place({ vscodeThemeKind: "vscode-dark" }), none, false), true);
  assert.equal(isDark(none, place({}, [], "dark"), false), true);
  assert.equal(isDark(none, place({ theme: "light" }), true), false);
  assert.equal(isDark(none, none, true), true);
});
