// Many clips in one piece of bytes, as Python's clips.encode_clips writes them; a clip is read when it is first asked for.
/** @import { Clip, ClipTable, Note } from "../types.js" */

const NOTE_BYTES = 8;
const ENTRY_BYTES = 8; // of a clip in the table: its steps and its number of notes, 32 bits each
const HEADER_BYTES = 8; // the number of clips, 32 bits, and 4 bytes of zero
export const OFFSET_SCALE = 254; // an offset of half a step is 127

const EMPTY = { steps: 0, notes: new Uint8Array(0) };

/**
 * Read the table of clips; those with 0 steps are not decoded yet.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {ClipTable}
 * @throws {RangeError}   if the bytes are cut short
 */
export function readClips(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.byteLength >= HEADER_BYTES ? view.getUint32(0, true) : 0;
  const entries = [];
  let start = HEADER_BYTES + count * ENTRY_BYTES;
  for (let index = 0; index < count; index++) {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    if (at + ENTRY_BYTES > bytes.byteLength) throw new RangeError("The clips are cut short.");
    const end = start + view.getUint32(at + 4, true) * NOTE_BYTES;
    if (end > bytes.byteLength) throw new RangeError("The clips are cut short.");
    entries.push({ steps: view.getUint32(at, true), notes: bytes.subarray(start, end) });
    start = end;
  }
  return createTable(entries);
}

/**
 * @param {{ steps: number, notes: Uint8Array<ArrayBuffer> }[]} entries
 * @param {Map<number, Clip>} [read]   those of the clips that are read already
 * @returns {ClipTable}
 */
function createTable(entries, read = new Map()) {
  return {
    length: entries.length,
    missing: entries.flatMap(({ steps }, index) => (steps ? [] : [index])),
    at(index) {
      const entry = entries[index];
      if (!entry?.steps) return null;
      let clip = read.get(index);
      if (!clip) read.set(index, (clip = { steps: entry.steps, notes: readNotes(entry.notes) }));
      return clip;
    },
    with(indices, bytes) {
      const other = readEntries(bytes);
      const changed = entries.slice();
      const kept = new Map(read);
      indices.forEach((index, k) => {
        changed[index] = other[k];
        kept.delete(index);
      });
      return createTable(changed, kept);
    },
    without(indices) {
      const kept = new Map(read);
      indices.forEach((index) => kept.delete(index));
      return createTable(entries.map((entry, index) => (indices.includes(index) ? EMPTY : entry)), kept);
    },
    only: (index) => createTable([entries[index]]),
    resized(length) {
      const added = Array.from({ length: Math.max(0, length - entries.length) }, () => EMPTY);
      return createTable([...entries.slice(0, length), ...added]);
    },
    entries,
    toBytes() {
      const size = entries.reduce((sum, { notes }) => sum + notes.byteLength, HEADER_BYTES + entries.length * ENTRY_BYTES);
      const bytes = new Uint8Array(size);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, entries.length, true);
      let start = HEADER_BYTES + entries.length * ENTRY_BYTES;
      entries.forEach(({ steps, notes }, index) => {
        view.setUint32(HEADER_BYTES + index * ENTRY_BYTES, steps, true);
        view.setUint32(HEADER_BYTES + index * ENTRY_BYTES + 4, notes.byteLength / NOTE_BYTES, true);
        bytes.set(notes, start);
        start += notes.byteLength;
      });
      return bytes;
    },
  };
}

/**
 * Write clips as `readClips` reads them.
 * @param {Clip[]} clips
 */
export const writeClips = (clips) =>
  createTable(clips.map(({ steps, notes }) => ({ steps, notes: writeNotes(notes) }))).toBytes();

/** @param {Note[]} notes */
function writeNotes(notes) {
  const view = new DataView(new ArrayBuffer(notes.length * NOTE_BYTES));
  notes.forEach(({ step, length, pitch, velocity, offset, stream }, index) => {
    const at = index * NOTE_BYTES;
    view.setUint16(at, step, true);
    view.setUint16(at + 2, length, true);
    view.setUint8(at + 4, pitch);
    view.setUint8(at + 5, velocity);
    view.setInt8(at + 6, Math.round(offset * OFFSET_SCALE));
    view.setUint8(at + 7, stream);
  });
  return new Uint8Array(view.buffer);
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
const readEntries = (bytes) => readClips(bytes).entries;

/** @param {Uint8Array<ArrayBuffer>} bytes */
function readNotes(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / NOTE_BYTES }, (_, index) => {
    const at = index * NOTE_BYTES;
    return {
      step: view.getUint16(at, true),
      length: view.getUint16(at + 2, true),
      pitch: view.getUint8(at + 4),
      velocity: view.getUint8(at + 5),
      offset: view.getInt8(at + 6) / OFFSET_SCALE,
      stream: view.getUint8(at + 7),
    };
  });
}
