// Standard MIDI files, format 1: a track with tempo, meter and markers, and a track for each stream, drums on channel 10.
// The same music gives the same bytes.
/** @import { Note, Stream, Tempo } from "../types.js" */
/** @typedef {{ tick: number, bytes: number[], first?: boolean }} MidiEvent */

import { channelsOf } from "../audio/channels.js";
import { asciiText } from "./asciitext.js";

const TICKS_PER_QUARTER = 480;
const TICKS_PER_STEP = TICKS_PER_QUARTER / 4;
const NOTE_ON = 0x90;
const NOTE_OFF = 0x80;
const PROGRAM = 0xc0;

/**
 * Write a MIDI file that ends exactly `steps` after it begins, silence included, so that a loop stays a loop.
 * @param {object} music
 * @param {Note[]} music.notes
 * @param {number} music.steps
 * @param {number} music.qpm
 * @param {Stream[]} music.streams
 * @param {Tempo[]} [music.tempos]   where it changes
 * @param {{ step: number, text: string }[]} [music.markers]
 * @param {string} [music.name]
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function midiFile({ notes, steps, qpm, tempos = [{ step: 0, qpm }], streams, markers = [], name = "" }) {
  const end = steps * TICKS_PER_STEP;
  /** @type {MidiEvent[]} */
  const conductor = [
    { tick: 0, bytes: metaEvent(0x03, textBytes(name)) },
    ...tempos.map((tempo) => ({ tick: tempo.step * TICKS_PER_STEP, bytes: tempoEvent(tempo.qpm) })),
    { tick: 0, bytes: metaEvent(0x58, [4, 2, 24, 8]) }, // 4/4; a click per quarter
    ...markers.map(({ step, text }) => ({ tick: step * TICKS_PER_STEP, bytes: metaEvent(0x06, textBytes(text)) })),
  ];
  const channels = channelsOf(streams);
  const tracks = streams.map(({ is_drum, program, instrument }, stream) => [
    { tick: 0, bytes: metaEvent(0x03, textBytes(is_drum ? "Drums" : instrument)) },
    { tick: 0, bytes: [PROGRAM | channels[stream], program] },
    ...noteEvents(notes.filter((note) => note.stream === stream), channels[stream], end),
  ]);
  const chunks = [conductor, ...tracks].map((events) => chunk("MTrk", trackBytes(events, end)));
  const header = [0, 1, 0, chunks.length, TICKS_PER_QUARTER >> 8, TICKS_PER_QUARTER & 255]; // format 1
  return Uint8Array.from([...chunk("MThd", header), ...chunks.flat()]);
}

/**
 * A note ends where its pitch starts again: MIDI cannot tell which of two equal notes a note-off belongs to. A note
 * before the beginning starts there, and one half a step late a tick earlier, as it would be the next step's.
 * @param {Note[]} notes    of one stream
 * @param {number} channel
 * @param {number} end      [ticks]
 * @returns {MidiEvent[]}
 */
function noteEvents(notes, channel, end) {
  /** @type {Map<number, { start: number, stop: number, pitch: number, velocity: number }>} */
  const sounding = new Map();
  const timed = [];
  for (const note of [...notes].sort((one, other) => one.step + one.offset - other.step - other.offset)) {
    const { step, offset, length, pitch, velocity } = note;
    const late = Math.min(Math.round(offset * TICKS_PER_STEP), TICKS_PER_STEP / 2 - 1);
    const start = Math.max(step * TICKS_PER_STEP + late, 0);
    const before = sounding.get(pitch);
    if (before && start <= before.start) continue; // the same note twice
    if (before) before.stop = Math.min(before.stop, start);
    const placed = { start, stop: Math.min(start + Math.round(length * TICKS_PER_STEP), end), pitch, velocity };
    sounding.set(pitch, placed);
    timed.push(placed);
  }
  return timed.flatMap(({ start, stop, pitch, velocity }) => [
    { tick: start, bytes: [NOTE_ON | channel, pitch, velocity] },
    { tick: stop, bytes: [NOTE_OFF | channel, pitch, 0], first: true },
  ]);
}

/**
 * @param {MidiEvent[]} events
 * @param {number} end   [ticks]
 */
function trackBytes(events, end) {
  // At one tick notes end before others begin, or a repeated note would be cut off by its predecessor's end.
  const ordered = [...events].sort(
    (one, other) => one.tick - other.tick || Number(other.first ?? 0) - Number(one.first ?? 0),
  );
  const bytes = [];
  let now = 0;
  for (const event of [...ordered, { tick: end, bytes: metaEvent(0x2f, []) }]) {
    for (const byte of variableLength(event.tick - now)) bytes.push(byte);
    for (const byte of event.bytes) bytes.push(byte);
    now = event.tick;
  }
  return bytes;
}

/**
 * Write a number with seven bits a byte, the highest first; all but the last have the eighth bit set.
 * @param {number} number
 */
export function variableLength(number) {
  const bytes = [number & 127];
  while ((number >>= 7) > 0) bytes.unshift((number & 127) | 128);
  return bytes;
}

/** @param {number} qpm */
function tempoEvent(qpm) {
  const microseconds = Math.round(60e6 / qpm); // as Python writes it
  return metaEvent(0x51, [microseconds >> 16, (microseconds >> 8) & 255, microseconds & 255]);
}

/**
 * @param {number} type
 * @param {number[]} bytes
 */
function metaEvent(type, bytes) {
  return [0xff, type, ...variableLength(bytes.length), ...bytes];
}

/**
 * @param {string} kind
 * @param {number[]} bytes
 */
function chunk(kind, bytes) {
  const { length } = bytes;
  return [...textBytes(kind), length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255, ...bytes];
}

/**
 * The standard names no encoding: ASCII as far as possible, else UTF-8.
 * @param {string} text
 */
function textBytes(text) {
  return [...new TextEncoder().encode(asciiText(text))];
}
