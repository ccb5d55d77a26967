// The tracks of MIDI files that players play although they break rules of the format, as Python reads them
// (music/tolerant_file.py): chunks that are no tracks are skipped, lengths and counts that are wrong are corrected by the
// ends of tracks and the beginnings of others, a damaged track is read up to the damage. What is skipped is listed.
/** @import { MidiTrack, ParsedMidi, SkippedPart } from "../../types.js" */

import { bigEndian, findText, latin1 } from "./bytes.js";
import { NOTE_ON, isTrackAt, parseEvents } from "./events.js";
import { readFilmClock, toQuarterNotes } from "./filmclock.js";
import { damaged, readHeader, unwrap } from "./header.js";
import { layEndToEnd } from "./patterns.js";

const TRACK = "MTrk";
const MIN_ZEROS = 8; // fewer at the end of a track may be the data of its last events
const CUT_OFF = "the file is cut off; the rest is missing";
const MAX_PARSED_IN_VAIN = 8; // times the size of the file, of tracks that say they last beyond the beginning of the next
const PATTERNS = 2; // the type of a file whose tracks are played one after the other

/**
 * @param {Uint8Array} bytes
 * @param {string} name   of the file, for messages
 * @returns {ParsedMidi}
 */
export function parseMidi(bytes, name) {
  const data = unwrap(bytes);
  const { position: start, fileType, numCounted, division } = readHeader(data, name);
  const filmClock = readFilmClock(division, name);
  /** @type {MidiTrack[]} */
  const tracks = [];
  /** @type {SkippedPart[]} */
  const skipped = [];
  /** @type {ParsedMidi["otherChunks"]} */
  const otherChunks = [];
  const allowance = { bytes: MAX_PARSED_IN_VAIN * data.length };
  let position = isChunk(data, start) ? start : 14;
  while (position < data.length) {
    if (isTrackAt(data, position)) {
      position = parseTrack(data, position, tracks, skipped, numCounted, allowance);
    } else if (tracks.length < numCounted && TRACK.startsWith(latin1(data.subarray(position, position + 5)))) {
      skipped.push(cutOff(tracks.length + 1, numCounted));
      break;
    } else {
      const from = position;
      position = skipToNextTrack(data, from, skipped);
      if (isChunk(data, from)) otherChunks.push({ before: tracks.length, bytes: data.subarray(from, position) });
    }
  }
  if (!tracks.length) throw damaged(name, "no tracks");
  const isCutOff = skipped.some(({ kind }) => kind === CUT_OFF);
  if ((isCutOff || tracks.length < numCounted) && !tracks.some(hasNotes)) {
    throw damaged(name, "it ends before its first note");
  }
  if (skipped.length && !tracks.some(({ events }) => events.length)) {
    throw damaged(name, `${skipped[0].kind}, and nothing else is left`);
  }
  if (tracks.length < numCounted && !isCutOff) {
    const example = `${numCounted} are counted, ${tracks.length} found`;
    skipped.push({ kind: "tracks are missing", example, tick: null });
  }
  const music = filmClock ? toQuarterNotes(filmClock, tracks, skipped) : { ticksPerQuarter: division, tracks, skipped };
  const file = { ...music, fileType: Math.min(fileType, 1), otherChunks };
  if (fileType !== PATTERNS || tracks.length === 1) return file;
  const kind = "the tracks are patterns (type 2); they are read one after the other";
  return {
    ...file,
    tracks: layEndToEnd(file.tracks, file.ticksPerQuarter),
    skipped: [...file.skipped, { kind, example: "", tick: null }],
  };
}

/**
 * Parse the track that begins at a position; return the position after it.
 * @param {Uint8Array} data
 * @param {number} position
 * @param {MidiTrack[]} tracks
 * @param {SkippedPart[]} skipped
 * @param {number} numCounted
 * @param {{ bytes: number }} allowance   of bytes that may be parsed in vain
 */
function parseTrack(data, position, tracks, skipped, numCounted, allowance) {
  const start = position + 8;
  const stop = start + bigEndian(data, position + 4, start);
  if (start > data.length) {
    skipped.push(cutOff(tracks.length + 1, numCounted));
    return data.length;
  }
  const parse = (/** @type {number} */ until, /** @type {boolean} */ stopAtEnd) => {
    /** @type {MidiTrack} */
    const track = { events: [], metaEvents: [] };
    return { track, ...parseEvents(data.subarray(start, until), track, stopAtEnd) };
  };
  // A length is right if a chunk or the end of the file follows, or the track says there that it ends.
  const isEndEvent = data[stop - 3] === 0xff && data[stop - 2] === 0x2f && data[stop - 1] === 0;
  const isLengthRight =
    allowance.bytes > 0 && stop <= data.length && (stop === data.length || isEndEvent || isChunk(data, stop));
  let end = isLengthRight ? stop : findTrack(data, start);
  let parsed = parse(end, !isLengthRight);
  const nextTrack = isLengthRight && !parsed.isEnded ? findText(data, TRACK, start, stop) : -1;
  if (nextTrack >= 0) {
    allowance.bytes -= parsed.position;
    end = nextTrack;
    parsed = parse(end, true);
  }
  if (!parsed.isEnded && end === data.length) {
    const withoutZeros = Math.max(lengthWithoutZeros(data), start);
    const hasZeros = end - withoutZeros >= MIN_ZEROS;
    if (hasZeros) parsed = parse(withoutZeros, true);
    if (end < stop || hasZeros) {
      tracks.push(parsed.track);
      for (const part of parsed.skipped) skipped.push(part);
      skipped.push(cutOff(tracks.length, numCounted, parsed.tick));
      return end;
    }
  }
  tracks.push(parsed.track);
  for (const part of parsed.skipped) skipped.push(part); // there may be too many for arguments
  if (parsed.isDamaged && !parsed.isEnded) {
    skipped.push({ kind: "damaged ends of tracks are left out", example: `track ${tracks.length}`, tick: parsed.tick });
  }
  const isWhole = parsed.isEnded && (!isLengthRight || isTrackAt(data, start + parsed.position));
  return isWhole ? start + parsed.position : end;
}

/**
 * The position after something that is no track; it is listed unless only the end of the file follows.
 * @param {Uint8Array} data
 * @param {number} position
 * @param {SkippedPart[]} skipped
 */
function skipToNextTrack(data, position, skipped) {
  if (isChunk(data, position)) {
    const example = latin1(data.subarray(position, position + 4));
    skipped.push({ kind: "chunks that are no tracks are skipped", example, tick: null });
    return position + 8 + bigEndian(data, position + 4, position + 8);
  }
  const next = findTrack(data, position);
  if (next < data.length) skipped.push({ kind: "bytes between tracks are skipped", example: "", tick: null });
  return next;
}

/**
 * The position of the next track, or the end of the file.
 * @param {Uint8Array} data
 * @param {number} from
 */
function findTrack(data, from) {
  const found = findText(data, TRACK, from);
  return found >= 0 ? found : data.length;
}

/**
 * True if a chunk begins at a position: four characters and a length that fits into the file.
 * @param {Uint8Array} data
 * @param {number} position
 */
function isChunk(data, position) {
  if (isTrackAt(data, position)) return true;
  const type = latin1(data.subarray(position, position + 4));
  const stop = position + 8 + bigEndian(data, position + 4, position + 8);
  return type.length === 4 && /^[\t-\r ]*[A-Za-z0-9]+[\t-\r ]*$/.test(type) && stop <= data.length;
}

/** @param {Uint8Array} data */
function lengthWithoutZeros(data) {
  let length = data.length;
  while (length && !data[length - 1]) length -= 1;
  return length;
}

/**
 * The end of a file that is cut off in a track, or where one begins.
 * @param {number} track
 * @param {number} numCounted
 * @param {number | null} [tick]
 */
const cutOff = (track, numCounted, tick = null) =>
  ({ kind: CUT_OFF, example: `from track ${track} of ${Math.max(track, numCounted)} on`, tick });

/** @param {MidiTrack} track */
const hasNotes = ({ events }) =>
  events.some(([, status, , velocity]) => NOTE_ON <= status && status < 0xa0 && velocity > 0);
