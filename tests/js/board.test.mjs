// Where things lie on the board, and in which color.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LETTERS, cornerColor, fieldColor, oklabToRgb } from "../../latentpalette/widgets/static/view/color.js";
import {
  cellAt,
  cellCenter,
  cellsAlong,
  crossings,
  pointAlong,
  thin,
  toBoard,
  toPlane,
  weightsAt,
} from "../../latentpalette/widgets/static/state/geometry.js";
import { arrowsAlong } from "../../latentpalette/widgets/static/view/draw/path.js";

test("the center of every cell lies in that cell, for every size", () => {
  for (let size = 3; size <= 21; size++) {
    for (let row = 0; row < size; row++) {
      for (let col = 0; col < size; col++) assert.deepEqual(cellAt(...cellCenter(row, col, size), size), { row, col });
    }
  }
});

test("weights add up to one, and a corner is all its own", () => {
  assert.deepEqual(weightsAt(1, 0), [0, 1, 0, 0]);
  const sum = weightsAt(0.3, 0.8).reduce((one, other) => one + other);
  assert.ok(Math.abs(sum - 1) < 1e-12);
});

test("a place on the board comes back from the plane, and the margin belongs to the outer cells", () => {
  const [x, y] = toPlane(0.5, 0.25, 11);
  assert.ok(Math.abs(toBoard(x, 11) - 0.5) < 1e-12);
  assert.ok(Math.abs(toBoard(y, 11) - 0.25) < 1e-12);
  assert.deepEqual(toPlane(0.01, 1.2, 11), [0, 1]);
});

test("every pixel of a cell is a click on that cell", () => {
  for (let col = 0; col < 11; col++) {
    for (const part of [0.02, 0.5, 0.98]) assert.equal(cellAt(...toPlane((col + part) / 11, 0.5, 11), 11).col, col);
  }
});

test("a stroke keeps points that are far enough apart, and always its end", () => {
  const stroke = [[0, 0], [0.004, 0], [0.02, 0], [0.025, 0]];
  assert.deepEqual(thin(stroke, 0.01), [[0, 0], [0.025, 0]]);
  assert.deepEqual(thin([[0.5, 0.5], [0.501, 0.5]], 0.01), [[0.5, 0.5]]);
});

test("a fast stroke from edge to edge crosses every cell between", () => {
  assert.deepEqual(cellsAlong([[0, 0], [1, 0]], 5).map(({ col }) => col), [0, 1, 2, 3, 4]);
});

test("a cell that is entered again counts again", () => {
  const path = cellsAlong([[0, 0], [0.5, 0], [0, 0]], 3);
  assert.deepEqual(path.map(({ col }) => col), [0, 1, 0]);
});

test("the parts of a stroke follow on each other without a gap, over its whole length", () => {
  const found = crossings([[0, 0], [1, 0], [1, 1]], 4);
  assert.equal(found[0].from, 0);
  found.slice(1).forEach((part, i) => assert.equal(part.from, found[i].to));
  assert.equal(found[found.length - 1].to, 2);
});

test("a point along a stroke lies where its length says", () => {
  const stroke = [[0, 0], [1, 0], [1, 1]];
  assert.deepEqual(pointAlong(stroke, 0.25), [0.25, 0]);
  assert.deepEqual(pointAlong(stroke, 1.5), [1, 0.5]);
  assert.deepEqual(pointAlong(stroke, 9), [1, 1]);
});

test("arrows point the way the stroke runs, the last at its end", () => {
  const arrows = arrowsAlong([[0, 0], [100, 0]], 40);
  assert.deepEqual(arrows.map(({ x }) => x), [20, 60, 100]);
  assert.ok(arrows.every(({ angle }) => angle === 0));
});

test("white and black of OKLab are white and black on the screen", () => {
  assert.deepEqual(oklabToRgb([1, 0, 0]), [255, 255, 255]);
  assert.deepEqual(oklabToRgb([0, 0, 0]), [0, 0, 0]);
});

test("the four corners differ, and the dark theme's are darker", () => {
  const numbers = (color) => color.match(/\d+/g).map(Number);
  const colors = LETTERS.map((_, corner) => cornerColor(corner));
  assert.equal(new Set(colors).size, 4);
  LETTERS.forEach((_, corner) => {
    const sum = (color) => numbers(color).reduce((one, other) => one + other);
    assert.ok(sum(cornerColor(corner, true)) < sum(colors[corner]));
  });
});

test("a blend of one corner is that corner", () => {
  assert.equal(fieldColor([0, 0, 1, 0]), cornerColor(2));
  assert.equal(fieldColor([0, 0, 1, 0], true), cornerColor(2, true));
});
