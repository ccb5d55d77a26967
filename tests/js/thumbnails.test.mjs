// Clips in a small place: where each kind of music is drawn, and that it can be told from its ground.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { fieldColor, markColor } from "../../latentpalette/widgets/static/view/color.js";
import { barBoxes } from "../../latentpalette/widgets/static/view/draw/barcontour.js";
import { contourBoxes, pitchRanges } from "../../latentpalette/widgets/static/view/draw/contour.js";
import { densityBoxes } from "../../latentpalette/widgets/static/view/draw/density.js";
import { drumBoxes, foldOf } from "../../latentpalette/widgets/static/view/draw/drums.js";
import { inkOf } from "../../latentpalette/widgets/static/view/draw/ink.js";
import { laneGrid } from "../../latentpalette/widgets/static/state/lanegrid.js";
import { weightsAt } from "../../latentpalette/widgets/static/state/geometry.js";
import { NAMES, PITCHES } from "./helpers.mjs";

const LANES = NAMES.map((name, lane) => ({ name, stream: 0, pitches: [PITCHES[lane]] }));
const BOX = { left: 0, top: 0, across: 64, down: 36 };
const note = (step, pitch, { length = 1, velocity = 127, offset = 0, stream = 0 } = {}) => ({ step, offset, length, pitch, velocity, stream });

test("nine drums fold to four rows: kick, snare, hats, the rest", () => {
  assert.deepEqual(PITCHES.map(foldOf), [0, 1, 2, 2, 3, 3, 3, 3, 3]);
  const clip = { steps: 32, notes: PITCHES.map((pitch) => note(0, pitch)) };
  const { main, soft } = drumBoxes(clip, BOX, { lanes: LANES, folded: true });
  const bottoms = (boxes) => [...new Set(boxes.map(({ top, down }) => top + down))];
  assert.deepEqual([bottoms(main), bottoms(soft)], [[36, 27], [18, 9]]);
});

test("in a larger place each drum has its row, the first at the bottom", () => {
  const clip = { steps: 32, notes: PITCHES.map((pitch) => note(0, pitch)) };
  const { main, soft } = drumBoxes(clip, BOX, { lanes: LANES, folded: false });
  assert.deepEqual([...main, ...soft].map(({ top, down }) => top + down), [36, 32, 28, 24, 20, 16, 12, 8, 4]);
});

test("a louder hit is higher, and a late one lies further right", () => {
  const box = { ...BOX, across: 320 };
  const notes = [note(0, 36, { velocity: 127 }), note(8, 36, { velocity: 30 }), note(16, 36, { offset: 0.4 })];
  const [loud, quiet, late] = drumBoxes({ steps: 32, notes }, box, { lanes: LANES, folded: true }).main;
  assert.ok(loud.down > quiet.down);
  assert.equal(loud.top + loud.down, quiet.top + quiet.down);
  assert.equal(late.left, 164);
});

test("a melody is dashes, the higher the note the higher, joined where one note follows on another", () => {
  const notes = [note(0, 60, { length: 4 }), note(4, 72, { length: 4 }), note(16, 60, { length: 4 })];
  const boxes = contourBoxes({ notes, steps: 32, range: [60, 72] }, BOX, { thick: 2, joined: true });
  const [low, high, join, after] = boxes;
  assert.deepEqual([low.top, high.top, after.top], [34, 0, 34]);
  assert.deepEqual([join.left, join.top, join.across, join.down], [7, 0, 1, 36]);
  assert.equal(boxes.length, 4);
});

test("one range of pitches holds for the whole board, cells that are not there yet left out", () => {
  const clips = [{ steps: 16, notes: [note(0, 60), note(0, 30, { stream: 1 })] }, null, { steps: 16, notes: [note(0, 79)] }];
  assert.deepEqual(pitchRanges(clips, 2), [[60, 79, 60, 79], [24, 36, 26.5, 33.5]]);
  assert.deepEqual(pitchRanges([], 1), [[60, 72, 60, 72]]);
});

const long = (pitchOf, steps = 256) => ({ steps, notes: Array.from({ length: steps }, (_, step) => note(step, pitchOf(step))) });

test("of long music one bar far off does not flatten the others", () => {
  const [[low, high, lowBar, highBar]] = pitchRanges([long((step) => (step < 16 ? 100 : 60 + step / 32))], 1);
  assert.deepEqual([low, high], [60.5, 100]);
  assert.ok(lowBar < 61 && highBar < 69);
});

test("sixteen bars in a small place are a line with a step a bar, which rests where the melody does", () => {
  const { notes } = long((step) => 60 + Math.floor(step / 16) + (step % 2 ? 12 : -12));
  const melody = { notes: notes.filter(({ step }) => step < 64 || step >= 96), steps: 256, range: [60, 75] };
  const boxes = barBoxes(melody, BOX, { thick: 2, scale: 1 });
  const bars = boxes.filter(({ across }) => across === 4);
  assert.deepEqual(bars.map(({ left }) => left / 4), [0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  assert.ok(bars.every(({ top }, at) => !at || top < bars[at - 1].top), "it rises, however its notes leap");
  assert.deepEqual([bars[0].top, bars.at(-1).top], [34, 0]);
  assert.equal(boxes.length - bars.length, 12, "joined where one bar follows on another");
});

test("in a smaller place two bars share a step, and a bar beyond the range stays in it", () => {
  const boxes = barBoxes({ ...long((step) => (step < 128 ? 20 : 100)), range: [60, 72] }, { ...BOX, across: 16 }, { thick: 2, scale: 1 });
  assert.deepEqual(boxes.filter(({ across }) => across === 2).map(({ top }) => top), [34, 34, 34, 34, 0, 0, 0, 0]);
});

test("where drums are silent there is no bar, and where they are dense it is high", () => {
  const notes = Array.from({ length: 128 }, (_, step) => note(step, 42));
  const boxes = densityBoxes({ steps: 256, notes: [...notes, note(200, 36)] }, BOX, 1);
  assert.equal(boxes.filter(({ left }) => left >= 32).length, 1);
  assert.ok(boxes[0].down > boxes.at(-1).down);
});

test("the grid of a clip has velocities and offsets by lane and step", () => {
  const grid = laneGrid({ steps: 16, notes: [note(3, 38, { velocity: 90, offset: -0.2 })] }, LANES);
  assert.deepEqual([grid.velocities[1][3], grid.offsets[1][3], grid.velocities[0][3]], [90, -0.2, 0]);
});

// --- contrast ----------------------------------------------------------------------------------------------------------

const channels = (color) => color.match(/[\d.]+/g).map(Number);
const hex = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
const over = ([r, g, b, alpha = 1], ground) => [r, g, b].map((level, i) => alpha * level + (1 - alpha) * ground[i]);
function luminance(rgb) {
  const [r, g, b] = rgb.map((level) => (level / 255 <= 0.04045 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
const places = [0, 0.25, 0.5, 0.75, 1].flatMap((y) => [0, 0.25, 0.5, 0.75, 1].map((x) => weightsAt(x, y)));

test("the main ink of thumbnails has 3 : 1 on every color of the board, in both themes", () => {
  for (const dark of [false, true]) {
    for (const weights of places) {
      const ground = channels(fieldColor(weights, dark));
      const ratio = contrast(over(channels(inkOf(dark).main.replace("/ .", "/ 0.")), ground), ground);
      assert.ok(ratio >= 3, `${dark ? "dark" : "light"} ${weights}: ${ratio}`);
    }
  }
});

test("marks on cards have 3 : 1 on the card, in both themes", () => {
  for (const [dark, card] of [[false, "#f6f7f9"], [true, "#1b1e25"]]) {
    for (const weights of places) {
      const ratio = contrast(channels(markColor(weights, dark)), hex(card));
      assert.ok(ratio >= 3, `${dark ? "dark" : "light"} ${weights}: ${ratio}`);
    }
  }
});

test("text has 4.5 : 1 on paper, cards and controls, in both themes", () => {
  const sheet = readFileSync(new URL("../../latentpalette/widgets/static/view/surface.css", import.meta.url), "utf8");
  const [light, dark] = [/\.lp-root \{([^}]*)\}/, /\.lp-root\.lp-dark \{([^}]*)\}/].map((block) => sheet.match(block)[1]);
  for (const theme of [light, dark]) {
    const color = (name) => hex(theme.match(new RegExp(`--lp-${name}: (#\\w+)`))[1].replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3"));
    for (const ink of ["fg", "dim", "accent", "error"]) {
      for (const paper of ["bg", "panel", "control"]) {
        assert.ok(contrast(color(ink), color(paper)) >= 4.5, `${ink} on ${paper}: ${contrast(color(ink), color(paper))}`);
      }
    }
    assert.ok(contrast(color("on-accent"), color("accent")) >= 4.5);
    assert.ok(contrast(color("ghost"), color("bg")) >= 3);
  }
});
