// Repitching: a recorded sound at another pitch, made once, so that mixing only adds samples at whole frames.

const HALF_WIDTH = 8; // of the interpolation kernel [samples]: images of partials below 12 kHz stay under -70 dB
const PHASES = 512; // between two samples

/** @type {Float32Array | null} */
let kernel = null;

/**
 * A sinc with a Hann window, sampled at every phase between two samples: `2 * HALF_WIDTH` weights for each.
 */
function interpolationKernel() {
  if (kernel) return kernel;
  const taps = 2 * HALF_WIDTH;
  kernel = new Float32Array((PHASES + 1) * taps);
  for (let phase = 0; phase <= PHASES; phase++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - HALF_WIDTH + 1 - phase / PHASES;
      const window = Math.cos((Math.PI * distance) / taps) ** 2;
      const sinc = distance ? Math.sin(Math.PI * distance) / (Math.PI * distance) : 1;
      sum += kernel[phase * taps + tap] = sinc * window;
    }
    for (let tap = 0; tap < taps; tap++) kernel[phase * taps + tap] /= sum;
  }
  return kernel;
}

/**
 * Read samples faster or slower.
 * @param {Float32Array} samples
 * @param {number} ratio    above 1 is higher
 * @param {number} frames   how many to make; beyond the end of `samples` is silence
 * @returns {Float32Array<ArrayBuffer>}
 */
export function resample(samples, ratio, frames) {
  const weights = interpolationKernel();
  const taps = 2 * HALF_WIDTH;
  const padded = new Float32Array(Math.max(samples.length, Math.ceil(frames * ratio)) + 2 * taps);
  padded.set(samples, taps);
  const out = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    const place = frame * ratio;
    const whole = Math.floor(place);
    const row = Math.round((place - whole) * PHASES) * taps;
    const first = whole + taps - HALF_WIDTH + 1;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += padded[first + tap] * weights[row + tap];
    out[frame] = sum;
  }
  return out;
}

/**
 * A sound with a loop at another pitch. The loop stays seamless: it is a whole number of frames long, and the ratio is
 * bent by a fraction of a cent so that it is.
 * @param {{ samples: Float32Array, loopFrom: number, decay: number }} sound   `loopFrom` is negative without a loop
 * @param {number} semitones
 * @returns {{ samples: Float32Array<ArrayBuffer>, loopFrom: number }}
 */
export function repitch({ samples, loopFrom, decay }, semitones) {
  const ratio = 2 ** (semitones / 12);
  if (loopFrom < 0) return { samples: resample(samples, ratio, Math.ceil(samples.length / ratio)), loopFrom };
  const length = samples.length - loopFrom;
  const newLength = Math.round(length / ratio);
  const exact = length / newLength;
  const from = Math.ceil((loopFrom + HALF_WIDTH) / exact); // where the kernel reads nothing from before the loop
  const frames = from + newLength;
  const reach = Math.ceil(frames * exact) + HALF_WIDTH + 1;
  const unrolled = new Float32Array(reach);
  unrolled.set(samples);
  for (let i = samples.length; i < reach; i++) unrolled[i] = unrolled[i - length] * decay;
  return { samples: resample(unrolled, exact, frames), loopFrom: from };
}
