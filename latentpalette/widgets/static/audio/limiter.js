// Soft limiter: the same curve for playback (a WaveShaper node) and for files (a function over samples).
//
// It has no memory, so that a sample depends on nothing but itself: a piece of a loop, the whole of it and the file
// made of it are limited alike. Up to the knee it changes nothing; above, it bends towards -4.5 dB full
// scale: between samples a signal rises up to 3.5 dB above them. The same curve as in latentpalette/audio/leveling.py.

export const KNEE = 0.4;
export const CEILING = 10 ** (-4.5 / 20); // -4.5 dB
const CURVE_RANGE = 8; // the shaper's curve covers sums up to eight times full scale
const CURVE_POINTS = 8193;

/**
 * Limit one sample.
 * @param {number} sample
 * @returns {number}   at most `CEILING` from 0
 */
export function softLimit(sample) {
  const size = Math.abs(sample);
  if (size <= KNEE) return sample;
  return Math.sign(sample) * (KNEE + (CEILING - KNEE) * Math.tanh((size - KNEE) / (CEILING - KNEE)));
}

/**
 * Limit samples in place.
 * @template {Float32Array} Samples
 * @param {Samples} samples
 * @returns {Samples}   the same array
 */
export function limitSamples(samples) {
  for (let frame = 0; frame < samples.length; frame++) {
    const size = samples[frame] < 0 ? -samples[frame] : samples[frame];
    if (size > KNEE) samples[frame] = softLimit(samples[frame]);
  }
  return samples;
}

/**
 * The curve as nodes without delay.
 * @param {BaseAudioContext} context
 * @returns {{ input: GainNode, output: WaveShaperNode }}   connected to each other
 */
export function limiterNodes(context) {
  const input = context.createGain();
  const output = context.createWaveShaper();
  const middle = (CURVE_POINTS - 1) / 2;
  input.gain.value = 1 / CURVE_RANGE; // a shaper reads -1 to 1
  output.curve = Float32Array.from({ length: CURVE_POINTS }, (_, point) =>
    softLimit((point / middle - 1) * CURVE_RANGE),
  );
  input.connect(output);
  return { input, output };
}
