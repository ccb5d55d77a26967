// Numbers and texts in messages, written as Python writes them.

import { roundDecimals, roundHalfEven } from "../../engine/converters/rounding.js";

const MAX_LISTED = 6; // in a sentence

/** Of a file that cannot be read, or has none of the requested music; the message says what to do. */
export class MidiError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "MidiError";
  }
}

/**
 * A number with commas between the thousands.
 * @param {number} number
 * @param {number} [decimals]
 */
export function withCommas(number, decimals = 0) {
  const rounded = decimals ? roundDecimals(number, decimals).toFixed(decimals) : String(roundHalfEven(number));
  const [whole, ...rest] = rounded.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
}

/**
 * A number with its noun, in the plural unless it is one.
 * @param {number} number
 * @param {string} noun   its plural ends in one more "s"
 */
export const counted = (number, noun) => `${withCommas(number)} ${noun}${number === 1 ? "" : "s"}`;

/**
 * A number from 1e-4 on with some digits at most.
 * @param {number} number
 * @param {number} digits
 */
export const withDigits = (number, digits) =>
  String(roundDecimals(number, Math.max(digits - 1 - Math.floor(Math.log10(number)), 0)));

/**
 * The beginning of a list.
 * @param {string[]} items
 * @param {string} [separator]
 * @param {string} [more]   what follows where there are more
 */
export const listSome = (items, separator = ", ", more = " ...") =>
  items.slice(0, MAX_LISTED).join(separator) + (items.length > MAX_LISTED ? more : "");

/**
 * A short list in words, "1, 2 and 3"; the beginning of a long one.
 * @param {string[]} items
 */
export function listInWords(items) {
  if (items.length > MAX_LISTED) return `${items.slice(0, MAX_LISTED).join(", ")} ...`;
  return [items.slice(0, -1).join(", "), ...items.slice(-1)].filter(Boolean).join(" and ");
}

/**
 * The first characters of a text.
 * @param {string} text
 * @param {number} length
 */
export const firstCharacters = (text, length) => (text.length > length ? [...text].slice(0, length).join("") : text);

/**
 * A text as Python's source has it; all its characters can be printed.
 * @param {string} text
 */
export function quoted(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`) + quote;
}

/**
 * Bytes as Python's source has them.
 * @param {Uint8Array} bytes
 */
export function quotedBytes(bytes) {
  const hasSingle = bytes.includes(0x27) && !bytes.includes(0x22);
  const quote = hasSingle ? '"' : "'";
  const escapes = new Map([[0x09, "\\t"], [0x0a, "\\n"], [0x0d, "\\r"], [0x5c, "\\\\"]]);
  escapes.set(quote.charCodeAt(0), `\\${quote}`);
  const characters = Array.from(bytes, (byte) => {
    const isPrintable = byte >= 0x20 && byte < 0x7f;
    return escapes.get(byte) ?? (isPrintable ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`);
  });
  return `b${quote}${characters.join("")}${quote}`;
}

/**
 * A text as a word of a command line.
 * @param {string} text
 */
export const shellQuoted = (text) =>
  text && !/[^\w@%+=:,./-]/.test(text) ? text : `'${text.replaceAll("'", "'\"'\"'")}'`;
