// WAV files: 16 bit, stereo, with a cue point and a label wherever something begins that has a name.

import { asciiText } from "./asciitext.js";

const CHANNELS = 2;
const SAMPLE_BYTES = 2;
const FRAME_BYTES = CHANNELS * SAMPLE_BYTES;

/** @typedef {{ frame: number, label: string }} Cue */
/** @typedef {[name: string, bytes: Uint8Array]} Chunk */

/**
 * Write a WAV file.
 * @param {{ rate: number, left: Float32Array, right: Float32Array, cues?: Cue[] }} sound   samples from -1 to 1
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function wavFile({ rate, left, right, cues = [] }) {
  /** @type {Chunk[]} */
  const chunks = [
    ["fmt ", formatChunk(rate)],
    ["data", pcmBytes(left, right)],
  ];
  if (cues.length) chunks.push(["cue ", cueChunk(cues)], ["LIST", labelChunk(cues)]);
  return riffFile(chunks);
}

/** @param {Chunk[]} chunks */
function riffFile(chunks) {
  const padded = (/** @type {Uint8Array} */ bytes) => bytes.length + (bytes.length & 1); // chunks begin at even places
  const size = 4 + chunks.reduce((sum, [, bytes]) => sum + 8 + padded(bytes), 0);
  const file = new Uint8Array(8 + size);
  const view = new DataView(file.buffer);
  writeName(file, 0, "RIFF");
  view.setUint32(4, size, true);
  writeName(file, 8, "WAVE");
  let at = 12;
  for (const [name, bytes] of chunks) {
    writeName(file, at, name);
    view.setUint32(at + 4, bytes.length, true);
    file.set(bytes, at + 8);
    at += 8 + padded(bytes);
  }
  return file;
}

/** @param {number} rate   [frames per second] */
function formatChunk(rate) {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint16(0, 1, true); // PCM
  view.setUint16(2, CHANNELS, true);
  view.setUint32(4, rate, true);
  view.setUint32(8, rate * FRAME_BYTES, true);
  view.setUint16(12, FRAME_BYTES, true);
  view.setUint16(14, 8 * SAMPLE_BYTES, true);
  return new Uint8Array(view.buffer);
}

/**
 * @param {Float32Array} left
 * @param {Float32Array} right
 */
function pcmBytes(left, right) {
  const view = new DataView(new ArrayBuffer(left.length * FRAME_BYTES));
  const whole = (/** @type {number} */ sample) => Math.round(Math.min(1, Math.max(-1, sample)) * 32767);
  for (let frame = 0; frame < left.length; frame++) {
    view.setInt16(frame * FRAME_BYTES, whole(left[frame]), true);
    view.setInt16(frame * FRAME_BYTES + SAMPLE_BYTES, whole(right[frame]), true);
  }
  return new Uint8Array(view.buffer);
}

/** @param {Cue[]} cues */
function cueChunk(cues) {
  const view = new DataView(new ArrayBuffer(4 + 24 * cues.length));
  view.setUint32(0, cues.length, true);
  cues.forEach(({ frame }, at) => {
    const start = 4 + 24 * at;
    view.setUint32(start, at + 1, true); // its number, which the label refers to
    view.setUint32(start + 4, frame, true);
    writeName(new Uint8Array(view.buffer), start + 8, "data");
    view.setUint32(start + 20, frame, true);
  });
  return new Uint8Array(view.buffer);
}

/** @param {Cue[]} cues */
function labelChunk(cues) {
  const parts = cues.map(({ label }, at) => {
    const text = new TextEncoder().encode(`${asciiText(label)}\0`);
    const bytes = new Uint8Array(12 + text.length + (text.length & 1));
    const view = new DataView(bytes.buffer);
    writeName(bytes, 0, "labl");
    view.setUint32(4, 4 + text.length, true);
    view.setUint32(8, at + 1, true);
    bytes.set(text, 12);
    return bytes;
  });
  const list = new Uint8Array(4 + parts.reduce((sum, part) => sum + part.length, 0));
  writeName(list, 0, "adtl");
  let at = 4;
  for (const part of parts) {
    list.set(part, at);
    at += part.length;
  }
  return list;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {string} name   four letters
 */
function writeName(bytes, at, name) {
  for (let letter = 0; letter < 4; letter++) bytes[at + letter] = name.charCodeAt(letter);
}
