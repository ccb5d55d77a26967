import assert from "node:assert/strict";
import test from "node:test";

import {
  frameOfStep,
  gridThrough,
  audibleTime,
  loopFrames,
  nextBoundary,
  performanceTimeOf,
  quantumOf,
  sameTempo,
  stepOfFrame,
  stepSeconds,
  tempoMap,
  wholeLaps,
} from "../../latentpalette/widgets/static/audio/clock.js";

test("two bars last eight quarter notes at any tempo", () => {
  for (const qpm of [40, 60, 120, 173, 240]) assert.ok(Math.abs(32 * stepSeconds(qpm) - (8 * 60) / qpm) < 1e-12);
  assert.equal(loopFrames(32, 120, 44100), 4 * 44100);
});

test("a tempo that is no number above 0 is refused, with its value", () => {
  for (const qpm of [0, -3, NaN]) assert.throws(() => stepSeconds(qpm), new RegExp(`got ${qpm}`));
});

test("every step of a thousand loops lies within a frame of where the tempo puts it in its loop", () => {
  for (const qpm of [60, 120, 173]) {
    const grid = gridThrough({ step: 0, frame: 777, steps: 32, qpm, rate: 44100 });
    for (let step = 0; step < 32; step++) {
      const ideal = step * stepSeconds(qpm) * 44100;
      assert.ok(Math.abs(frameOfStep(grid, step) - 777 - ideal) <= 1);
      assert.equal(frameOfStep(grid, step + 32000) - frameOfStep(grid, step), 1000 * grid.frames);
    }
  }
});

test("steps of music whose tempo changes begin when each of its parts says", () => {
  const secondsAt = tempoMap([{ step: 0, qpm: 120 }, { step: 8, qpm: 60 }]);
  assert.deepEqual([secondsAt(-1), secondsAt(0), secondsAt(8), secondsAt(12)], [-0.125, 0, 1, 2]);
});

test("a new tempo keeps the step that is reached, and so the phase", () => {
  const slow = gridThrough({ step: 0, frame: 1000, steps: 32, qpm: 90, rate: 44100 });
  const frame = frameOfStep(slow, 45);
  const fast = gridThrough({ step: 45, frame, steps: 32, qpm: 173, rate: 44100 });
  assert.equal(frameOfStep(fast, 45), frame);
  assert.ok(Math.abs(stepOfFrame(fast, frame) - 45) < 1e-3);
  assert.ok(Math.abs(frameOfStep(fast, 46) - frame - stepSeconds(173) * 44100) <= 1);
});

test("loops of any lengths agree on the frame of every step, however long they play together", () => {
  for (const qpm of [61.7, 97, 120, 133.33, 173]) {
    const [whole, ...others] = [32, 16, 48, 256, 20, 7].map((steps) =>
      gridThrough({ step: 37, frame: 98765, steps, qpm, rate: 44100 }),
    );
    for (const step of [0, 1, 39, 1000, 99_999, 1_000_001]) {
      for (const other of others) assert.equal(frameOfStep(other, step), frameOfStep(whole, step), `${qpm}, ${step}`);
    }
    assert.ok(others.every((other) => sameTempo(other, whole)));
  }
});

test("a loop of whole bars is a whole number of frames, any other after a few laps", () => {
  const laps = (steps) => wholeLaps({ frames: loopFrames(steps, 133.33, 44100) });
  assert.deepEqual([16, 32, 256].map(laps), [1, 1, 1]);
  for (const steps of [4, 20, 30, 7]) {
    assert.ok(Number.isInteger(laps(steps) * loopFrames(steps, 133.33, 44100)));
    assert.ok(laps(steps) <= 16);
  }
});

test("the next boundary is the first that is not over, whichever frame is asked", () => {
  const grid = gridThrough({ step: 0, frame: 12345, steps: 32, qpm: 173, rate: 44100 });
  for (const quantum of [1, 4, 16, 32]) {
    for (let frame = 12345; frame < 12345 + 2 * grid.frames; frame += 997) {
      const step = nextBoundary(grid, frame, quantum);
      assert.equal(step % quantum, 0);
      assert.ok(frameOfStep(grid, step) >= frame);
      assert.ok(frameOfStep(grid, step - quantum) < frame);
    }
    const exactly = frameOfStep(grid, 3 * quantum);
    assert.equal(nextBoundary(grid, exactly, quantum), 3 * quantum);
    assert.equal(nextBoundary(grid, exactly + 1, quantum), 4 * quantum);
  }
});

test("a change waits for a step, a beat, a bar or the loop, and for nothing else", () => {
  assert.deepEqual(
    ["step", "beat", "bar", "loop"].map((quantize) => quantumOf(quantize, 32)),
    [1, 4, 16, 32],
  );
  assert.throws(() => quantumOf("lunch", 32), /got "lunch"/);
});

test("the audible time lags behind the clock by the output latency, or the base latency where that is unknown", () => {
  assert.equal(audibleTime({ currentTime: 2, outputLatency: 0.5, baseLatency: 0.25 }), 1.5);
  assert.equal(audibleTime({ currentTime: 2, baseLatency: 0.25 }), 1.75);
  assert.equal(audibleTime({ currentTime: 2 }), 2);
});

test("audio time maps to the page's clock by the output's time stamp", () => {
  const context = { currentTime: 10, getOutputTimestamp: () => ({ contextTime: 9.5, performanceTime: 5000 }) };
  assert.equal(performanceTimeOf(context, 10.5, 99999), 6000);
});

test("audio time maps to the page's clock without a time stamp, too, and when it is all zeros", () => {
  const context = { currentTime: 10, outputLatency: 0.1 };
  assert.ok(Math.abs(performanceTimeOf(context, 10.5, 2000) - 2600) < 1e-6);
  context.getOutputTimestamp = () => ({ contextTime: 0, performanceTime: 0 });
  assert.ok(Math.abs(performanceTimeOf(context, 10.5, 2000) - 2600) < 1e-6);
});
