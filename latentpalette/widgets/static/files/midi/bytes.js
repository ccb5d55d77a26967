// Bytes of files: places of texts in them, numbers, and text whose encoding no file names.

/**
 * True if bytes have a text of ASCII at a place.
 * @param {Uint8Array} bytes
 * @param {string} text
 * @param {number} [at]
 */
export function hasText(bytes, text, at = 0) {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/**
 * The first place of a text of ASCII; -1 if it is nowhere.
 * @param {Uint8Array} bytes
 * @param {string} text
 * @param {number} [from]
 * @param {number} [to]     where it ends at the latest
 */
export function findText(bytes, text, from = 0, to = bytes.length) {
  const first = text.charCodeAt(0);
  const last = Math.min(to, bytes.length) - text.length;
  for (let at = bytes.indexOf(first, from); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    if (hasText(bytes, text, at)) return at;
  }
  return -1;
}

/**
 * A number of up to four bytes, the highest first; bytes after the end of the file do not count.
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 */
export function bigEndian(bytes, from, to) {
  let value = 0;
  for (let at = from; at < Math.min(to, bytes.length); at++) value = value * 256 + bytes[at];
  return value;
}

/**
 * A number of four bytes, the lowest first.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
export const littleEndian = (bytes, at) => bigEndian(bytes.slice(at, at + 4).reverse(), 0, 4);

/**
 * Bytes as characters of the same numbers.
 * @param {Uint8Array} bytes
 */
export function latin1(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/**
 * The text of an event without control characters: as UTF-8 where it is that, else as Latin-1.
 * @param {Uint8Array} bytes
 */
export function decodeText(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    text = latin1(bytes);
  }
  return text.replace(/\p{C}|[^\P{Z} ]/gu, "");
}
