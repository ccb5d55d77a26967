// Bytes as they arrive from Python, and as text.

const CHUNK = 0x8000; // bytes that become text at once

/**
 * Copy bytes: those that arrive may start at an odd offset.
 * @param {ArrayBuffer | ArrayBufferView<ArrayBuffer> | null | undefined} value
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function toBytes(value) {
  if (!value) return new Uint8Array(0);
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  return new Uint8Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
}

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(text);
}

/** @param {string} text */
export function fromBase64(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let k = 0; k < letters.length; k++) bytes[k] = letters.charCodeAt(k); // `from` takes thirty times as long
  return new DataView(bytes.buffer);
}

/**
 * JSON text of a value that may have bytes in it, as pages and state files have it.
 * @param {any} value
 */
export const toText = (value) =>
  JSON.stringify(value, (_, part) =>
    ArrayBuffer.isView(part) ? { base64: toBase64(toBytes(/** @type {ArrayBufferView<ArrayBuffer>} */ (part))) } : part,
  );

/**
 * The value of such a text.
 * @param {string} text
 * @returns {any}
 */
export const fromText = (text) =>
  JSON.parse(text, (_, part) => (part && typeof part.base64 === "string" ? fromBase64(part.base64) : part));
