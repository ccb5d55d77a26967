// SHA-256 (FIPS 180-4), where the browser's own is not: it is missing in pages that no secure connection has brought, and
// its result comes later.

const ROUNDS = 64;
const BLOCK = 64; // bytes

/** The first 32 bits of the fractional parts of a root of the first primes. @param {number} count @param {number} root */
const fractions = (count, root) =>
  Array.from({ length: count }, (_, k) => {
    const power = primes(count)[k] ** (1 / root);
    return ((power - Math.floor(power)) * 2 ** 32) | 0;
  });

/** @param {number} count */
function primes(count) {
  /** @type {number[]} */
  const found = [];
  for (let number = 2; found.length < count; number++) if (found.every((prime) => number % prime)) found.push(number);
  return found;
}

const START = fractions(8, 2);
const CONSTANTS = fractions(ROUNDS, 3);

/** @param {number} word @param {number} bits */
const rotate = (word, bits) => (word >>> bits) | (word << (32 - bits));

/**
 * The hash of some bytes, in hexadecimal.
 * @param {Uint8Array} bytes
 */
export function sha256(bytes) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, 8n * BigInt(bytes.length));
  let hash = START;
  const words = new Int32Array(ROUNDS);
  for (let at = 0; at < padded.length; at += BLOCK) {
    for (let k = 0; k < 16; k++) words[k] = view.getInt32(at + 4 * k);
    hash = mixed(hash, words);
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/**
 * The hash with one more block.
 * @param {number[]} hash
 * @param {Int32Array} words   the first 16 of which are the block; the others are overwritten
 */
function mixed(hash, words) {
  for (let k = 16; k < ROUNDS; k++) {
    const [early, late] = [words[k - 15], words[k - 2]];
    const first = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    words[k] = words[k - 16] + first + words[k - 7] + second;
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let k = 0; k < ROUNDS; k++) {
    const chosen = (e & f) ^ (~e & g);
    const first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + chosen + CONSTANTS[k] + words[k];
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, k) => (word + hash[k]) | 0);
}
