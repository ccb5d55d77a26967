// Standard MIDI files, format 1: a track with tempo, meter and markers, and a track with the drums on channel 10.
// The same music gives the same bytes.
/** @import { Hit } from "../types.js" */
/** @typedef {{ tick: number, bytes: number[], first?: boolean }} MidiEvent */

import { asciiText } from "./asciitext.js";

const TICKS_PER_QUARTER = 480;
const TICKS_PER_STEP = TICKS_PER_QUARTER / 4;
const NOTE_ON = 0x99; // channel 10
const NOTE_OFF = 0x89;
const PROGRAM = 0xc9;

/**
 * Write a MIDI file that ends exactly `steps` after it begins, silence included, so that a loop stays a loop.
 * @param {object} music
 * @param {Hit[]} music.hits
 * @param {number} music.steps
 * @param {number} music.qpm
 * @param {number[]} music.pitches                             of the drums
 * @param {{ step: number, text: string }[]} [music.markers]
 * @param {string} [music.name]
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function midiFile({ hits, steps, qpm, pitches, markers = [], name = "" }) {
  const end = steps * TICKS_PER_STEP;
  const microseconds = Math.round(60e6 / qpm); // as Python writes it
  /** @type {MidiEvent[]} */
  const conductor = [
    { tick: 0, bytes: metaEvent(0x03, textBytes(name)) },
    { tick: 0, bytes: metaEvent(0x51, [microseconds >> 16, (microseconds >> 8) & 255, microseconds & 255]) },
    { tick: 0, bytes: metaEvent(0x58, [4, 2, 24, 8]) }, // 4/4; a click per quarter
    ...markers.map(({ step, text }) => ({ tick: step * TICKS_PER_STEP, bytes: metaEvent(0x06, textBytes(text)) })),
  ];
  /** @type {MidiEvent[]} */
  const drums = [
    { tick: 0, bytes: metaEvent(0x03, textBytes("Drums")) },
    { tick: 0, bytes: [PROGRAM, 0] }, // the standard kit
    ...hits.flatMap(({ step, drum, velocity }) => [
      { tick: step * TICKS_PER_STEP, bytes: [NOTE_ON, pitches[drum], velocity] },
      { tick: (step + 1) * TICKS_PER_STEP, bytes: [NOTE_OFF, pitches[drum], 0], first: true },
    ]),
  ];
  const tracks = [conductor, drums].map((events) => chunk("MTrk", trackBytes(events, end)));
  const header = [0, 1, 0, tracks.length, TICKS_PER_QUARTER >> 8, TICKS_PER_QUARTER & 255]; // format 1
  return Uint8Array.from([...chunk("MThd", header), ...tracks.flat()]);
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
