// Tracks of MIDI files as raw events that can be removed, replaced and inserted, and that are written as they are, as
// Python writes them (music/raw_tracks.py).
/** @import { ChannelEvent, MetaEvent, MidiTrack, ParsedMidi } from "../../types.js" */

import { variableLength } from "../smf.js";
import { END_OF_TRACK, SYSTEM_EXCLUSIVE } from "./events.js";
import { endTick } from "./patterns.js";

const META = 0xff;
const HAS_LENGTH = [SYSTEM_EXCLUSIVE, 0xf7];
// The order of events at one tick: new note-offs, the track's own events, new note-ons, note-offs of notes of no length.
const [NOTE_OFF, OWN, NOTE_ON, LATE_NOTE_OFF] = [0, 1, 2, 3];

/** @typedef {{ tick: number, bytes: number[] }} RawEvent */

export class RawTrack {
  /**
   * @param {RawEvent[]} events   in order, without the end of the track
   * @param {number} end          where it ends
   * @param {number[]} [places]   those of the track's channel events among them
   */
  constructor(events, end, places = []) {
    this.end = end;
    /** @type {(RawEvent | null)[]} */
    this.events = events;
    this.places = places;
    /** @type {(RawEvent & { order: number })[]} */
    this.inserted = [];
  }

  /**
   * Remove a channel event, by its position in the track; null removes nothing.
   * @param {number | null} position
   */
  remove(position) {
    if (position === null) return null;
    const event = this.events[this.places[position]];
    this.events[this.places[position]] = null;
    return event?.bytes ?? null;
  }

  /**
   * Replace a channel event by another at the same tick.
   * @param {number | null} position
   * @param {number[]} bytes
   */
  replace(position, bytes) {
    const event = position === null ? null : this.events[this.places[position]];
    if (event) this.events[this.places[/** @type {number} */ (position)]] = { tick: event.tick, bytes };
  }

  /**
   * Insert a note; one without a stop has no note-off.
   * @param {number} start
   * @param {number[]} noteOn
   * @param {number | null} stop
   * @param {number[]} noteOff
   */
  insertNote(start, noteOn, stop, noteOff) {
    this.inserted.push({ tick: start, order: NOTE_ON, bytes: noteOn });
    if (stop !== null) this.insertNoteOff(start, stop, noteOff);
  }

  /**
   * Insert the note-off of a note that begins at a tick.
   * @param {number} start
   * @param {number} stop
   * @param {number[]} noteOff
   */
  insertNoteOff(start, stop, noteOff) {
    this.inserted.push({ tick: stop, order: stop > start ? NOTE_OFF : LATE_NOTE_OFF, bytes: noteOff });
  }

  /** The chunk of the track. */
  encode() {
    const own = this.events.flatMap((event) => (event ? [{ ...event, order: OWN }] : []));
    const events = [...own, ...this.inserted].sort((one, other) => one.tick - other.tick || one.order - other.order);
    /** @type {number[]} */
    const body = [];
    const add = (/** @type {number[]} */ bytes) => bytes.forEach((byte) => body.push(byte));
    let [now, status] = [0, 0];
    for (const { tick, bytes } of events) {
      add(variableLength(tick - now));
      add(bytes[0] === status ? bytes.slice(1) : bytes); // the format allows it
      [now, status] = [tick, bytes[0] < 0xf0 ? bytes[0] : 0];
    }
    add([...variableLength(Math.max(this.end - now, 0)), ...metaBytes(END_OF_TRACK, [])]);
    return Uint8Array.from([0x4d, 0x54, 0x72, 0x6b, ...bigEndianBytes(body.length, 4), ...body]);
  }
}

/**
 * A parsed track as raw events, in the order of the file.
 * @param {MidiTrack} track
 */
export function rawTrack(track) {
  const ordered = [
    ...track.metaEvents
      .filter(({ type }) => type !== END_OF_TRACK)
      .map((event) => ({ at: event.before, isChannel: 0, tick: event.tick, bytes: bytesOfMeta(event) })),
    ...track.events.map((event, at) => ({ at, isChannel: 1, tick: event[0], bytes: bytesOfChannel(event) })),
  ].sort((one, other) => one.at - other.at || one.isChannel - other.isChannel);
  const places = ordered.flatMap(({ isChannel }, place) => (isChannel ? [place] : []));
  return new RawTrack(ordered.map(({ tick, bytes }) => ({ tick, bytes })), endTick(track), places);
}

/**
 * A parsed file with other tracks; its other chunks stay in their places.
 * @param {ParsedMidi} file
 * @param {RawTrack[]} tracks
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function encodeTracks({ fileType, ticksPerQuarter, otherChunks }, tracks) {
  const at = (/** @type {number} */ index) =>
    otherChunks.filter(({ before }) => before === index || (index === tracks.length && before > index));
  const chunks = [...tracks, null].flatMap((track, index) => [
    ...at(index).map(({ bytes }) => bytes),
    ...(track ? [track.encode()] : []),
  ]);
  const count = chunks.filter((bytes) => String.fromCharCode(...bytes.subarray(0, 4)) === "MTrk").length;
  const type = tracks.length === 1 ? fileType : 1;
  const header = [0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, type, ...bigEndianBytes(count, 2), ...bigEndianBytes(ticksPerQuarter, 2)];
  const all = [Uint8Array.from(header), ...chunks];
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const chunk of all) {
    bytes.set(chunk, start);
    start += chunk.length;
  }
  return bytes;
}

/**
 * @param {number} type
 * @param {ArrayLike<number>} content
 */
export const metaBytes = (type, content) => [META, type, ...variableLength(content.length), ...Array.from(content)];

/** @param {ChannelEvent} event */
const bytesOfChannel = ([, status, first, second]) =>
  (status & 0xe0) === 0xc0 ? [status, first] : [status, first, second]; // programs and channel pressure have one

/** @param {MetaEvent} event */
function bytesOfMeta({ type, data }) {
  if (type < 0x80) return metaBytes(type, data);
  return [type, ...(HAS_LENGTH.includes(type) ? variableLength(data.length) : []), ...data];
}

/**
 * @param {number} number
 * @param {number} count   of bytes
 */
const bigEndianBytes = (number, count) =>
  Array.from({ length: count }, (_, k) => Math.floor(number / 256 ** (count - 1 - k)) % 256);
