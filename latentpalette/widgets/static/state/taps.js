// Taps along a click: where in the loop they lie, as steps and offsets.

/**
 * The place of a tap on the click's steps.
 * @param {number} audible      the step that sounds when the tap is handled
 * @param {object} timing
 * @param {number} timing.age           how long ago the tap was [milliseconds]
 * @param {number} timing.latency       how much later taps arrive than they are meant [milliseconds]
 * @param {number} timing.stepSeconds
 */
export const tapPosition = (audible, { age, latency, stepSeconds }) => audible - (age + latency) / 1000 / stepSeconds;

/**
 * The taps as [step, offset] in a loop: of several in one step the one that is nearest to it.
 * @param {number[]} positions   [steps]
 * @param {number} steps         length of the loop
 * @returns {[step: number, offset: number][]}
 */
export function quantizeTaps(positions, steps) {
  /** @type {Map<number, number>} */
  const nearest = new Map();
  for (const position of positions) {
    const whole = Math.floor(position + 0.5);
    const step = ((whole % steps) + steps) % steps;
    const offset = position - whole;
    if (Math.abs(offset) < Math.abs(nearest.get(step) ?? 1)) nearest.set(step, Math.round(offset * 10000) / 10000);
  }
  return [...nearest].sort(([one], [other]) => one - other);
}
