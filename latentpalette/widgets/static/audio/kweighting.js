// The K-weighting of loudness: it weights frequencies as the ear does.
//
// Source: Recommendation ITU-R BS.1770-4, annex 1.

/**
 * Apply the K-weighting: a high shelf for the head, then a high-pass.
 *
 * The recommendation lists coefficients for 48 kHz. For other rates, these are the analogue filters that they stand for,
 * transformed again (as libebur128 does).
 * @param {Float32Array} samples
 * @param {number} rate   [frames per second]
 * @returns {Float32Array<ArrayBuffer>}
 */
export function weight(samples, rate) {
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const shelf = Math.tan((Math.PI * 1681.974450955533) / rate);
  const shelved = biquad(samples, shelf, 0.7071752369554196, ({ k, q, a0 }) => [
    (high + (band * k) / q + k * k) / a0,
    (2 * (k * k - high)) / a0,
    (high - (band * k) / q + k * k) / a0,
  ]);
  const highPass = Math.tan((Math.PI * 38.13547087602444) / rate);
  return biquad(shelved, highPass, 0.5003270373238773, () => [1, -2, 1]);
}

/**
 * Filter samples by two poles at a frequency and two zeros.
 * @param {Float32Array} samples
 * @param {number} k   the frequency, warped
 * @param {number} q
 * @param {(filter: { k: number, q: number, a0: number }) => number[]} zeros
 */
function biquad(samples, k, q, zeros) {
  const a0 = 1 + k / q + k * k;
  const a1 = (2 * (k * k - 1)) / a0;
  const a2 = (1 - k / q + k * k) / a0;
  const [b0, b1, b2] = zeros({ k, q, a0 });
  const out = new Float32Array(samples.length);
  let s1 = 0;
  let s2 = 0;
  for (let frame = 0; frame < samples.length; frame++) {
    const input = samples[frame];
    const output = b0 * input + s1;
    s1 = b1 * input - a1 * output + s2;
    s2 = b2 * input - a2 * output;
    out[frame] = output;
  }
  return out;
}
