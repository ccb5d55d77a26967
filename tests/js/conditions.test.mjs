// What samples are asked for, in words.

import assert from "node:assert/strict";
import { test } from "node:test";

import { describeConditions } from "../../latentpalette/widgets/static/view/menus/samplespage.js";

const OFFERED = [
  { name: "density", choices: [[0.25, "low"], [0.5, "medium"]] },
  { name: "style", choices: [["funk", "funk"]] },
  { name: "toms", choices: [[0.1, "high"]] },
];

test("what is asked for is said in the order in which it is offered", () => {
  assert.equal(describeConditions(OFFERED, { style: "funk", density: 0.25 }), "low density, funk");
});

test("a number that Python set is said as it is", () => {
  assert.equal(describeConditions(OFFERED, { density: 0.3 }), "0.3 density");
});

test("without conditions samples are any", () => {
  assert.equal(describeConditions(OFFERED, {}), "any");
});

test("more than two are said in part: the row has no room", () => {
  assert.equal(describeConditions(OFFERED, { density: 0.5, style: "funk", toms: 0.1 }), "medium density, funk, …");
});
