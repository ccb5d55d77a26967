// The events of a track, as far as they can be read.
/** @import { MidiTrack, SkippedPart } from "../../types.js" */

export const NOTE_ON = 0x90;
export const NOTE_OFF = 0x80;
export const CONTROL_CHANGE = 0xb0;
export const PROGRAM_CHANGE = 0xc0;
export const TEXT = 0x01;
export const TRACK_NAME = 0x03;
export const MIDI_PORT = 0x21;
export const END_OF_TRACK = 0x2f;
export const SET_TEMPO = 0x51;
export const TIME_SIGNATURE = 0x58;
export const SYSTEM_EXCLUSIVE = 0xf0;

const META = 0xff;
const END = 0xf7; // of a system exclusive event
const MAX_LENGTH = 10_000_000; // of a block; no file is so large
const MAX_DELTA = 2 ** 28; // a variable-length quantity has up to four bytes of seven bits
const DATA_BYTES = new Map([[0xf1, 1], [0xf2, 2], [0xf3, 1]]); // of the other system events, which have none
/** @type {Map<number, string>} */
const NAMES = new Map([[NOTE_ON, "note"], [CONTROL_CHANGE, "controller"], [PROGRAM_CHANGE, "program"]]);
const DAMAGE = new RangeError("damage"); // thrown where something is no event

/**
 * Append the events of a chunk to a track, up to its end or to something that is no event.
 * @param {Uint8Array} chunk
 * @param {MidiTrack} track
 * @param {boolean} stopAtEnd   Stop where the track says that it ends, for a chunk whose length is unknown. Otherwise
 *   only if another track follows there.
 */
export function parseEvents(chunk, track, stopAtEnd) {
  const { events, metaEvents } = track;
  /** @type {SkippedPart[]} */
  const skipped = [];
  let [position, tick, status] = [0, 0, 0];
  let [isEnded, isDamaged] = [false, false];
  const byteAt = (/** @type {number} */ at) => {
    if (at >= chunk.length) throw DAMAGE;
    return chunk[at];
  };
  try {
    while (position < chunk.length) {
      let delta = chunk[position];
      position += 1;
      if (delta & 0x80) [delta, position] = variableLengthAt(chunk, position - 1, MAX_DELTA);
      tick += delta;
      let first = byteAt(position);
      position += 1;
      if (first === META) {
        const type = byteAt(position);
        const [data, after] = blockAt(chunk, position + 1);
        position = after;
        if (type < 0x80) metaEvents.push({ tick, type, data, before: events.length }); // there are no others
        if (type !== END_OF_TRACK) continue;
        isEnded = true;
        if (stopAtEnd || isTrackAt(chunk, position)) break;
        continue;
      }
      if (first >= 0xf0) { // the status of the last channel event stays in force
        const [data, after] = systemEventAt(chunk, first, position);
        position = after;
        metaEvents.push({ tick, type: first, data, before: events.length });
        continue;
      }
      if (first & 0x80) {
        status = first;
        first = byteAt(position);
        position += 1;
      } else if (!status) throw DAMAGE;
      let second = 0;
      if ((status & 0xe0) !== 0xc0) { // all channel events but program changes and channel pressure have two data bytes
        second = byteAt(position);
        position += 1;
      }
      if ((first | second) & 0x80) {
        skipped.push(...largeValues(status & 0xf0, first, second, tick));
        if (first & 0x80) continue;
        second = Math.min(second, 127);
      }
      events.push([tick, status, first, second]);
    }
  } catch (error) {
    if (error !== DAMAGE) throw error;
    isDamaged = true;
  }
  return { position, tick, isEnded, isDamaged, skipped };
}

/**
 * An event with a data byte above 127, if it says anything about the music.
 * @param {number} kind
 * @param {number} first
 * @param {number} second
 * @param {number} tick
 * @returns {SkippedPart[]}
 */
function largeValues(kind, first, second, tick) {
  const name = NAMES.get(kind);
  if (!name) return [];
  if (first > 127) return [{ kind: "events with a number over 127 are ignored", example: `${name} ${first}`, tick }];
  const value = kind === NOTE_ON ? "velocity" : `controller ${first}`;
  return [{ kind: "values over 127 are read as 127", example: `${value} ${second}`, tick }];
}

/**
 * The data of a system event, without their length, and the position after it.
 *
 * System exclusive events begin with their length. Some programs omit it; then the end of the event stands inside the
 * block that its first byte seems to be the length of.
 * @param {Uint8Array} chunk
 * @param {number} status
 * @param {number} position
 * @returns {[Uint8Array, number]}
 */
function systemEventAt(chunk, status, position) {
  if (status !== SYSTEM_EXCLUSIVE && status !== END) {
    const stop = position + (DATA_BYTES.get(status) ?? 0);
    return [chunk.subarray(position, stop), stop];
  }
  let end = position;
  while (end < chunk.length && chunk[end] < 0x80) end += 1;
  /** @type {[Uint8Array, number]} */
  let block = [chunk.subarray(0, 0), chunk.length + 1];
  try {
    block = blockAt(chunk, position);
  } catch (error) {
    if (error !== DAMAGE) throw error;
  }
  const [content, stop] = block;
  if (chunk[end] === END && end + 1 < stop && content.at(-1) !== END) return [chunk.subarray(position, end + 1), end + 1];
  if (stop > chunk.length) throw DAMAGE;
  return block;
}

/**
 * The content of a block that begins with its length, and the position after it.
 * @param {Uint8Array} chunk
 * @param {number} position
 * @returns {[Uint8Array, number]}
 */
function blockAt(chunk, position) {
  const [length, start] = variableLengthAt(chunk, position, MAX_LENGTH);
  if (start + length > chunk.length) throw DAMAGE;
  return [chunk.subarray(start, start + length), start + length];
}

/**
 * A variable-length quantity and the position after it.
 * @param {Uint8Array} chunk
 * @param {number} position
 * @param {number} max
 * @returns {[number, number]}
 */
function variableLengthAt(chunk, position, max) {
  for (let value = 0, at = position; at < chunk.length; at++) {
    value = value * 128 + (chunk[at] & 127);
    if (chunk[at] < 0x80) return [value, at + 1];
    if (value > max) throw DAMAGE;
  }
  throw DAMAGE;
}

/**
 * True if a track begins at a position.
 * @param {Uint8Array} data
 * @param {number} at
 */
export const isTrackAt = (data, at) =>
  data[at] === 0x4d && data[at + 1] === 0x54 && data[at + 2] === 0x72 && data[at + 3] === 0x6b; // MTrk
