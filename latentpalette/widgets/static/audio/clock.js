// Musical time against the audio hardware's: steps (sixteenths) on one side, whole sample frames on the other.
//
// A loop is a whole number of frames, so that a looping buffer and this arithmetic never part company: step k of a
// loop of `steps` steps in `frames` frames lies at round(k * frames / steps). Against the ideal tempo that is at most
// half a frame per loop, four parts in a million. A step counter that runs on for ever lies on a *grid*:
// {steps, frames, origin}, `origin` being the frame of step 0 (which may be before the music began).

export const STEPS_PER_BEAT = 4;
export const STEPS_PER_BAR = 16;

// How long a step lasts [seconds], at `qpm` quarter notes per minute. The only place where a tempo becomes a time.
export function stepSeconds(qpm) {
  if (!(qpm > 0)) throw new RangeError(`A tempo is a number above 0; got ${qpm}.`);
  return 60 / qpm / STEPS_PER_BEAT;
}

// How long a loop lasts [frames].
export function loopFrames(steps, qpm, rate) {
  return Math.round(steps * stepSeconds(qpm) * rate);
}

// The grid on which `step` lies at `frame`: what keeps the phase when the tempo changes.
export function gridThrough({ step, frame, steps, qpm, rate }) {
  const grid = { steps, frames: loopFrames(steps, qpm, rate), origin: 0 };
  grid.origin = frame - frameOfStep(grid, step);
  return grid;
}

// Where a whole step begins [frame].
export function frameOfStep({ steps, frames, origin }, step) {
  const lap = Math.floor(step / steps);
  return origin + lap * frames + Math.round(((step - lap * steps) * frames) / steps);
}

// Which step a frame lies in; the fraction says how far in.
export function stepOfFrame({ steps, frames, origin }, frame) {
  return ((frame - origin) * steps) / frames;
}

// How many steps a "step", "beat", "bar" or "loop" has.
export function quantumOf(quantize, steps) {
  const quantum = { step: 1, beat: STEPS_PER_BEAT, bar: STEPS_PER_BAR, loop: steps }[quantize];
  if (!quantum) throw new RangeError(`A change waits for a "step", "beat", "bar" or "loop"; got "${quantize}".`);
  return quantum;
}

// The first multiple of `quantum` steps that begins at `frame` or later.
export function nextBoundary(grid, frame, quantum) {
  let step = (Math.ceil(stepOfFrame(grid, frame) / quantum) - 1) * quantum; // one too early: steps are rounded to frames
  while (frameOfStep(grid, step) < frame) step += quantum;
  return step;
}

// How long the sound takes from the graph to the ear [seconds], as far as the browser tells.
export function latencyOf(context) {
  return context.outputLatency || context.baseLatency || 0;
}

// What is heard now, as a time on the context's clock [seconds].
export function audibleTime(context) {
  return context.currentTime - latencyOf(context);
}

// When a time on the context's clock is heard, on the clock of `performance.now()` [milliseconds].
export function performanceTimeOf(context, time, now) {
  const stamp = context.getOutputTimestamp?.();
  // A context that has just begun, and some browsers always, answer with zeros.
  if (stamp?.performanceTime > 0 && stamp.contextTime > 0) {
    return stamp.performanceTime + (time - stamp.contextTime) * 1000;
  }
  return now + (time - audibleTime(context)) * 1000;
}
