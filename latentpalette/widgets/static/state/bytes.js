// Bytes as they arrive from Python.

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
