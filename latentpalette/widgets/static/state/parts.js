// Parts of values of traits, each known once: a hundred states that differ in one corner have the other three in common.

import { toText } from "./bytes.js";

/** @typedef {{ id: number, text: string, value: any }} Part */
/** @typedef {Record<string, Part | Part[]>} Split   values of traits; lists of clips and the like in parts */

/** @param {any} value */
const isSplit = (value) => Array.isArray(value) && value.some((part) => typeof part === "object" && part !== null);

export function createParts() {
  /** @type {Map<string, Part>} */
  let byText = new Map();
  /** @type {WeakMap<object, Part>} */
  const byValue = new WeakMap(); // so that what has not changed is not written again
  let lastId = 0;

  /** @param {any} value */
  function partOf(value) {
    const isObject = typeof value === "object" && value !== null;
    const known = isObject ? byValue.get(value) : undefined;
    if (known && byText.has(known.text)) return known;
    const text = toText(value) ?? "null";
    const part = byText.get(text) ?? { id: ++lastId, text, value };
    byText.set(text, part);
    if (isObject) byValue.set(value, part);
    return part;
  }
  return {
    partOf,
    /**
     * @param {Record<string, any>} values
     * @returns {Split}
     */
    split: (values) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isSplit(value) ? value.map(partOf) : partOf(value)])),
    /**
     * Forget all parts but these.
     * @param {Iterable<Part>} parts
     */
    keep(parts) {
      byText = new Map([...parts].map((part) => [part.text, part]));
    },
  };
}

/**
 * The values of what was split.
 * @param {Split} split
 */
export const joined = (split) =>
  Object.fromEntries(Object.entries(split).map(([name, part]) => [name, Array.isArray(part) ? part.map(({ value }) => value) : part.value]));

/**
 * The same for the same values.
 * @param {Split} split
 */
export const keyOf = (split) => JSON.stringify(Object.values(split).map((part) => (Array.isArray(part) ? part.map(({ id }) => id) : part.id)));

/** @param {Split} split */
export const partsIn = (split) => Object.values(split).flat();

/**
 * Write several splits together: each part once, and in its places its number.
 * @param {string[]} names   of the traits
 */
export function createWriter(names) {
  /** @type {Map<string, { number: number, value: any }>} */
  const written = new Map();
  const numberOf = (/** @type {Part} */ { text, value }) => {
    const known = written.get(text) ?? { number: written.size, value };
    written.set(text, known);
    return known.number;
  };
  return {
    numberOf,
    /**
     * The numbers of the parts, in the order of the names.
     * @param {Split} split
     */
    write: (split) =>
      names.map((name) => {
        const part = split[name];
        return Array.isArray(part) ? part.map(numberOf) : numberOf(part);
      }),
    /** The values of the parts, in the order of their numbers. */
    get values() {
      return [...written.values()].map(({ value }) => value);
    },
  };
}

/**
 * Read what `createWriter` has written.
 * @param {string[]} names
 * @param {any[]} values
 */
export function createReader(names, values) {
  /** @param {number} number */
  const valueOf = (number) => {
    if (!(number in values)) throw new RangeError(`There is no part ${number}.`);
    return values[number];
  };
  return {
    valueOf,
    /** @param {(number | number[])[]} numbers */
    read: (numbers) =>
      Object.fromEntries(names.map((name, at) => [name, Array.isArray(numbers[at]) ? numbers[at].map(valueOf) : valueOf(/** @type {number} */ (numbers[at]))])),
  };
}
