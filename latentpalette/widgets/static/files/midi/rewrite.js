// A MIDI file with other drums, and all else that belongs to it as it is, as Python writes it (music/midi_rewrite.py).
/** @import { GridNote, MidiTrack, ParsedMidi, Score } from "../../types.js" */

import { roundHalfEven } from "../../engine/converters/rounding.js";
import { STEPS_PER_QUARTER } from "./bars.js";
import { BANK_SELECT } from "./channelprograms.js";
import { CONTROL_CHANGE, MIDI_PORT, NOTE_OFF, NOTE_ON, PROGRAM_CHANGE, TRACK_NAME } from "./events.js";
import { NEW_TRACK, createHitPlaces, onsetKey } from "./hitplaces.js";
import { keepEnds } from "./keptends.js";
import { isNoteOn } from "./noteoffs.js";
import { completeNoteOffs } from "./pairing.js";
import { RawTrack, encodeTracks, metaBytes, rawTrack } from "./rawtracks.js";
import { parseMidi } from "./tracks.js";

const SAME_OFFSET = 1e-6; // [steps] a hit that is this near where it was stays on its tick
const KIT_CONTROLLERS = [BANK_SELECT, 32]; // that choose a kit, together with the program

/**
 * A drum note of a file, or one to be inserted. `stop` is null where its track has no note-off for it; `on` and `off` are
 * the positions of its events in its track, null for those of a new note.
 * @typedef {{ track: number, channel: number, pitch: number, velocity: number, start: number, stop: number | null,
 *   on: number | null, off: number | null, isChanged: boolean }} Hit
 * @typedef {ReturnType<typeof createHitPlaces>} HitPlaces
 */

/**
 * @param {Uint8Array} bytes    of the file
 * @param {string} name         of the file, for messages
 * @param {Score} score         what is read of it
 * @param {{ notes: GridNote[], steps: number }} music   the new drums, on the grid of the whole file; other notes do not
 *   count
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function replaceDrumNotes(bytes, name, score, { notes, steps }) {
  const file = parseMidi(bytes, name);
  const perStep = file.ticksPerQuarter / STEPS_PER_QUARTER;
  const onsets = drumOnsets(score, file.ticksPerQuarter);
  const hits = file.tracks.flatMap((track, number) => findHits(number, track, onsets));
  const tracks = file.tracks.map(rawTrack);
  const places = createHitPlaces(hits, file.tracks, onsets);
  const { result, removed } = match(hits, notes.filter(({ isDrum }) => isDrum), perStep, places);
  const added = result.filter(({ track }) => track === NEW_TRACK);
  if (added.length) {
    const { port, channel } = places.findChannel(added.map(({ start }) => start));
    tracks.push(drumTrack(tracks, port));
    for (const hit of added) Object.assign(hit, { track: tracks.length - 1, channel });
  }
  respectKits(result, file.tracks);
  endBeforeNext(result);
  endWithTrack(result, tracks, roundHalfEven(steps * perStep));
  writeHits(tracks, result, removed);
  keepOtherEnds(tracks, file, removed.filter(places.isShared));
  return encodeTracks(file, tracks);
}

/**
 * Where the drums of a score are in its file.
 * @param {Score} score
 * @param {number} ticksPerQuarter
 */
const drumOnsets = ({ notes, origins }, ticksPerQuarter) =>
  new Set(
    notes
      .filter(({ isDrum }) => isDrum)
      .map(({ track, start }) => {
        const { number, channel } = origins[track];
        return onsetKey(number, channel, roundHalfEven((start * ticksPerQuarter) / STEPS_PER_QUARTER));
      }),
  );

/**
 * The drum notes of a track, each paired with the first note-off of its channel and pitch.
 * @param {number} track
 * @param {MidiTrack} events
 * @param {Set<string>} onsets
 */
function findHits(track, { events }, onsets) {
  /** @type {Hit[]} */
  const hits = [];
  /** @type {Map<number, { hits: (Hit | null)[], next: number }>} */
  const open = new Map(); // null for a note that is no drum
  events.forEach((event, position) => {
    const [start, status, pitch, velocity] = event;
    if (status >= 0xa0) return;
    const channel = status & 15;
    const key = (channel << 7) | pitch;
    const waiting = open.get(key) ?? { hits: [], next: 0 };
    if (isNoteOn(event)) {
      const isDrum = onsets.has(onsetKey(track, channel, start));
      /** @type {Hit | null} */
      const hit = isDrum ? { track, channel, pitch, velocity, start, stop: null, on: position, off: null, isChanged: false } : null;
      if (hit) hits.push(hit);
      waiting.hits.push(hit);
      open.set(key, waiting);
    } else if (waiting.next < waiting.hits.length) {
      const hit = waiting.hits[waiting.next++];
      if (hit) Object.assign(hit, { stop: start, off: position });
    }
  });
  return hits;
}

/**
 * The hits of the new file, those of the old one that stay among them, and the hits that go.
 * @param {Hit[]} hits
 * @param {GridNote[]} notes
 * @param {number} perStep   ticks
 * @param {HitPlaces} places
 */
function match(hits, notes, perStep, places) {
  /** @type {Map<string, Hit[]>} */
  const old = new Map();
  for (const hit of [...hits].sort((one, other) => one.start - other.start)) {
    const key = `${Math.floor(hit.start / perStep + 0.5)} ${hit.pitch}`;
    if (!old.has(key)) old.set(key, []);
    old.get(key)?.push(hit);
  }
  /** @type {Hit[]} */
  const result = [];
  for (const note of [...notes].sort((one, other) => one.step + one.offset - (other.step + other.offset))) {
    let start = tickOf(note, perStep);
    const hit = old.get(`${note.step} ${note.pitch}`)?.shift();
    if (hit) {
      if (!places.allowMove(hit, start)) start = hit.start;
      result.push(change(hit, note, start, perStep));
      continue;
    }
    const { track, channel } = places.find(note.pitch, start);
    const stop = start + Math.max(roundHalfEven(note.length * perStep), 1);
    const { pitch, velocity } = note;
    result.push({ track, channel, pitch, velocity, start, stop, on: null, off: null, isChanged: true });
  }
  return { result, removed: [...old.values()].flat() };
}

/**
 * Give a hit the velocity and the time of a note of the same step and pitch.
 * @param {Hit} hit
 * @param {GridNote} note
 * @param {number} start
 * @param {number} perStep
 */
function change(hit, note, start, perStep) {
  const exact = hit.start / perStep;
  const offset = exact - Math.floor(exact + 0.5);
  if (Math.abs(offset - note.offset) > SAME_OFFSET && start !== hit.start) {
    if (hit.stop !== null) hit.stop += start - hit.start;
    Object.assign(hit, { start, isChanged: true });
  }
  hit.velocity = note.velocity;
  return hit;
}

/**
 * The tick of a note: one that belongs to its step, not before the beginning.
 * @param {GridNote} note
 * @param {number} perStep
 */
function tickOf({ step, offset }, perStep) {
  const [first, last] = [Math.ceil((step - 0.5) * perStep), Math.ceil((step + 0.5) * perStep) - 1];
  return Math.max(Math.min(Math.max(roundHalfEven((step + offset) * perStep), first), last), 0);
}

/**
 * Move no hit before the event that chose its kit.
 * @param {Hit[]} hits
 * @param {MidiTrack[]} tracks
 */
function respectKits(hits, tracks) {
  /** @type {Map<number, number[]>} */
  const lastChoice = new Map(); // by track: the tick of the last choice before each event
  for (const hit of hits) {
    if (hit.on === null || !hit.isChanged) continue;
    let ticks = lastChoice.get(hit.track);
    if (!ticks) {
      const last = new Array(16).fill(0);
      ticks = tracks[hit.track].events.map(([tick, status, first]) => {
        const kind = status & 0xf0;
        const isChoice = kind === PROGRAM_CHANGE || (kind === CONTROL_CHANGE && KIT_CONTROLLERS.includes(first));
        if (isChoice) last[status & 15] = tick;
        return last[status & 15];
      });
      lastChoice.set(hit.track, ticks);
    }
    const delay = ticks[hit.on] - hit.start;
    if (delay <= 0) continue;
    hit.start += delay;
    if (hit.stop !== null) hit.stop += delay;
  }
}

/**
 * End hits where their pitch is hit again, where one of the two has been moved there.
 * @param {Hit[]} hits
 */
function endBeforeNext(hits) {
  /** @type {Map<string, Hit>} */
  const previous = new Map();
  for (const hit of [...hits].sort((one, other) => one.start - other.start)) {
    const key = `${hit.track} ${hit.channel} ${hit.pitch}`;
    const before = previous.get(key);
    const overlaps = before && before.stop !== null && before.start < hit.start && hit.start < before.stop;
    if (overlaps && (before.isChanged || hit.isChanged)) Object.assign(before, { stop: hit.start, isChanged: true });
    previous.set(key, hit);
  }
}

/**
 * End hits that are written anew where their track ended, or else where the piece does.
 * @param {Hit[]} hits
 * @param {RawTrack[]} tracks
 * @param {number} endOfPiece
 */
function endWithTrack(hits, tracks, endOfPiece) {
  for (const hit of hits) {
    if (!hit.isChanged || hit.stop === null) continue;
    const { end } = tracks[hit.track];
    hit.stop = Math.max(Math.min(hit.stop, hit.start < end ? end : endOfPiece), hit.start + 1);
  }
}

/**
 * A new track for drums, as long as the others.
 * @param {RawTrack[]} tracks
 * @param {number} port
 */
function drumTrack(tracks, port) {
  const name = { tick: 0, bytes: metaBytes(TRACK_NAME, new TextEncoder().encode("Drums")) };
  const events = port ? [name, { tick: 0, bytes: metaBytes(MIDI_PORT, [port]) }] : [name];
  return new RawTrack(events, Math.max(...tracks.map(({ end }) => end)));
}

/**
 * Keep the ends of the other notes that have the track, the channel and the pitch of hits that go.
 * @param {RawTrack[]} tracks
 * @param {ParsedMidi} file
 * @param {Hit[]} removed
 */
function keepOtherEnds(tracks, file, removed) {
  if (!removed.length) return;
  const complete = completeNoteOffs(file.tracks);
  /** @type {Map<string, Hit[]>} */
  const groups = new Map();
  for (const hit of removed) {
    const key = `${hit.track} ${hit.channel} ${hit.pitch}`;
    groups.set(key, [...(groups.get(key) ?? []), hit]);
  }
  for (const own of groups.values()) {
    const [{ track, channel, pitch }] = own;
    const gone = new Set(own.map(({ on }) => on));
    keepEnds(tracks[track], file.tracks[track], complete[track], { channel, pitch, removed: gone });
  }
}

/**
 * Write the hits of a file into its tracks, and take out those that go.
 * @param {RawTrack[]} tracks
 * @param {Hit[]} hits
 * @param {Hit[]} removed
 */
function writeHits(tracks, hits, removed) {
  for (const { track, on, off } of removed) {
    tracks[track].remove(on);
    tracks[track].remove(off);
  }
  for (const { track: number, channel, pitch, velocity, start, stop, on, off, isChanged } of hits) {
    const track = tracks[number];
    const noteOn = [NOTE_ON | channel, pitch, velocity];
    if (!isChanged) {
      track.replace(on, noteOn);
      continue;
    }
    const noteOff = track.remove(off) ?? [NOTE_OFF | channel, pitch, 0];
    track.remove(on);
    track.insertNote(start, noteOn, stop, noteOff);
  }
}
