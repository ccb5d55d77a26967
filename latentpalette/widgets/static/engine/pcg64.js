// The random bits of NumPy's default_rng, to the bit: SeedSequence mixes the seed, and PCG64 goes on from there.
// Sources: O'Neill (2014), PCG, and (2015), "Developing a seed_seq alternative"; NumPy's bit_generator.pyx and pcg64.c.
// A number of 128 bits is four words of 32, the lowest first.

const TWO_32 = 2 ** 32;

// of SeedSequence
const POOL_SIZE = 4;
const [INIT_A, MULTIPLIER_A] = [0x43b0d7e5, 0x931e8875];
const [INIT_B, MULTIPLIER_B] = [0x8b51f9dd, 0x58f38ded];
const [MIX_LEFT, MIX_RIGHT] = [0xca01f9dd, 0x4973f715];

// of PCG64: its state is multiplied by 0x2360ed051fc65da44385df649fccf645 at each step
const [M0, M1, M2, M3] = [0x9fccf645, 0x4385df64, 0x1fc65da4, 0x2360ed05];

/**
 * The words that `np.random.SeedSequence(entropy).generate_state(count)` gives.
 * @param {number[]} entropy   whole numbers from 0 to 2^53 - 1
 * @param {number} count
 * @returns {Uint32Array<ArrayBuffer>}
 */
export function seedWords(entropy, count) {
  const pool = mixEntropy(entropy.flatMap(toWords));
  const hash = createHash(INIT_B, MULTIPLIER_B);
  return Uint32Array.from({ length: count }, (_, i) => hash(pool[i % POOL_SIZE]));
}

/**
 * The words that `np.random.default_rng(entropy)` draws: of each number of 64 bits the lower half, then the upper.
 * @param {number[]} entropy
 * @returns {() => number}   the next word, 0 to 2^32 - 1
 */
export function createPcg64(entropy) {
  const [w0, w1, w2, w3, w4, w5, w6, w7] = seedWords(entropy, 2 * POOL_SIZE);
  const [c0, c1, c2, c3] = [(w6 << 1) | 1, (w7 << 1) | (w6 >>> 31), (w4 << 1) | (w7 >>> 31), (w5 << 1) | (w4 >>> 31)].map(
    (word) => word >>> 0,
  ); // the increment
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let upper = 0;
  let hasUpper = false;

  /**
   * Set the state to a sum, each word of which may be longer than 32 bits.
   * @param {number} t0
   * @param {number} t1
   * @param {number} t2
   * @param {number} t3
   */
  function carry(t0, t1, t2, t3) {
    s0 = t0 >>> 0;
    t1 += Math.floor(t0 / TWO_32);
    s1 = t1 >>> 0;
    t2 += Math.floor(t1 / TWO_32);
    s2 = t2 >>> 0;
    s3 = (t3 + Math.floor(t2 / TWO_32)) >>> 0;
  }

  function step() {
    const [a, b, c] = [s0, s1, s2];
    carry(
      low(a, M0) + c0,
      high(a, M0) + low(a, M1) + low(b, M0) + c1,
      high(a, M1) + high(b, M0) + low(a, M2) + low(b, M1) + low(c, M0) + c2,
      high(a, M2) + high(b, M1) + high(c, M0) + low(a, M3) + low(b, M2) + low(c, M1) + low(s3, M0) + c3,
    );
  }

  step();
  carry(s0 + w2, s1 + w3, s2 + w0, s3 + w1);
  step();
  return () => {
    hasUpper = !hasUpper;
    if (!hasUpper) return upper;
    step();
    // The halves of the state are combined to 64 bits, which are rotated to the right by the state's upper six bits.
    const rotation = s3 >>> 26;
    const [one, other] = rotation < 32 ? [s0 ^ s2, s1 ^ s3] : [s1 ^ s3, s0 ^ s2];
    const by = rotation & 31;
    upper = (by ? (other >>> by) | (one << (32 - by)) : other) >>> 0;
    return (by ? (one >>> by) | (other << (32 - by)) : one) >>> 0;
  };
}

/**
 * The lower 32 bits of a product.
 * @param {number} a
 * @param {number} b
 */
const low = (a, b) => Math.imul(a, b) >>> 0;

/**
 * The upper 32 bits of a product. The double product is off by less than 2^11 of 2^32, which rounding mends.
 * @param {number} a
 * @param {number} b
 */
const high = (a, b) => Math.round((a * b - low(a, b)) / TWO_32);

/** @param {number} value */
const toWords = (value) => (value < TWO_32 ? [value] : [value % TWO_32, Math.floor(value / TWO_32)]);

/** @param {number} value */
const fold = (value) => (value ^ (value >>> 16)) >>> 0;

/**
 * @param {number} constant     that changes with every word
 * @param {number} multiplier
 */
function createHash(constant, multiplier) {
  return (/** @type {number} */ word) => {
    const value = word ^ constant;
    constant = Math.imul(constant, multiplier);
    return fold(Math.imul(value, constant));
  };
}

/** @param {number[]} words */
function mixEntropy(words) {
  const hash = createHash(INIT_A, MULTIPLIER_A);
  const mix = (/** @type {number} */ x, /** @type {number} */ y) => fold(Math.imul(MIX_LEFT, x) - Math.imul(MIX_RIGHT, y));
  const pool = Array.from({ length: POOL_SIZE }, (_, i) => hash(words[i] ?? 0));
  for (let from = 0; from < POOL_SIZE; from++) {
    for (let to = 0; to < POOL_SIZE; to++) if (to !== from) pool[to] = mix(pool[to], hash(pool[from]));
  }
  for (const word of words.slice(POOL_SIZE)) {
    for (let to = 0; to < POOL_SIZE; to++) pool[to] = mix(pool[to], hash(word));
  }
  return pool;
}
