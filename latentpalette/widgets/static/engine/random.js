// Random numbers for a seed, the same to the bit as those of Python's models/rng.py: uniform ones, and standard normal
// ones by the ziggurat of Marsaglia and Tsang (2000), as NumPy draws them in float32. In the tail beyond 3.65, where one
// of four thousand lies, NumPy's last digit is that of the C library's log1pf, which not all of them round alike.

import { createPcg64, seedWords } from "./pcg64.js";

const PURPOSES = ["z", "frames", "gibbs"]; // the index is part of the seed, so the order must not change

const LAYERS = 256;
const START = 3.654152885361009; // of the tail
const AREA = 0.004928673233974658; // of each layer
const BITS = 2 ** 23; // of a random number within a layer

const { widths, limits, heights } = ziggurat();
const TAIL = Math.fround(START);
const TAIL_SCALE = Math.fround(1 / START);

/**
 * Random numbers of their own for each seed, purpose and attempt.
 * @param {number} seed        0 to 2^53 - 1
 * @param {"z" | "frames" | "gibbs"} purpose
 * @param {number} [attempt]   of rejection sampling; 0 is the first
 */
export function createRandom(seed, purpose, attempt = 0) {
  const nextWord = createPcg64([seed, PURPOSES.indexOf(purpose), attempt]);
  const nextFloat = () => (nextWord() >>> 8) / 2 ** 24;

  function nextNormal() {
    for (;;) {
      const word = nextWord();
      const layer = word & 0xff;
      const distance = word >>> 9;
      const x = Math.fround(distance * widths[layer]);
      const signed = word & 0x100 ? -x : x;
      if (distance < limits[layer]) return signed; // as nearly all do
      if (layer === 0) {
        const beyond = drawTail();
        return (distance >>> 8) & 1 ? -beyond : beyond;
      }
      const height = Math.fround(Math.fround(heights[layer - 1] - heights[layer]) * nextFloat());
      if (Math.fround(height + heights[layer]) < Math.exp(-0.5 * x * x)) return signed;
    }
  }

  function drawTail() {
    for (;;) {
      const x = Math.fround(-TAIL_SCALE * Math.fround(Math.log1p(-nextFloat())));
      const y = Math.fround(-Math.log1p(-nextFloat()));
      if (2 * y > Math.fround(x * x)) return Math.fround(TAIL + x);
    }
  }

  /**
   * @param {number} count
   * @param {() => number} next
   */
  const draw = (count, next) => {
    const numbers = new Float32Array(count);
    for (let i = 0; i < count; i++) numbers[i] = next();
    return numbers;
  };
  return {
    /**
     * Uniform from 0 to 1, without 1.
     * @param {number} count
     */
    uniform: (count) => draw(count, nextFloat),
    /**
     * Standard normal.
     * @param {number} count
     */
    normal: (count) => draw(count, nextNormal),
  };
}

/**
 * The seed of another batch of samples; 0 is the batch of the seed itself. Python has it in widgets/sampled.py.
 * @param {number} seed
 * @param {number} batch
 */
export const batchSeed = (seed, batch) => (batch ? seedWords([seed, batch], 1)[0] : seed);

/**
 * NumPy's tables for float32, computed: layers of equal area under exp(-x^2 / 2), from the peak to the tail. Its own,
 * which have more digits, round to the same.
 */
function ziggurat() {
  const density = (/** @type {number} */ x) => Math.exp(-0.5 * x * x);
  const edges = new Float64Array(LAYERS);
  edges[LAYERS - 1] = START;
  for (let i = LAYERS - 2; i > 0; i--) edges[i] = Math.sqrt(-2 * Math.log(AREA / edges[i + 1] + density(edges[i + 1])));
  const base = AREA / density(START); // the width of a rectangle as large as the lowest layer with the tail
  return {
    widths: Float32Array.from(edges, (edge, i) => (i ? edge : base) / BITS),
    limits: Uint32Array.from(edges, (edge, i) => Math.round((i ? edges[i - 1] / edge : START / base) * BITS)),
    heights: Float32Array.from(edges, density),
  };
}
