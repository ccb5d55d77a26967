// Pair the note-ons and note-offs of a MIDI file by channel and pitch, and sort the notes by instrument. No note is lost:
// one without a note-off ends where its pitch is played again, and one that ends where it begins lasts a step.
/** @import { ChannelEvent, MidiInstrument, MidiTrack } from "../../types.js" */
/** @import { TrackPairing } from "./trackpairing.js" */

import { findChannelPrograms } from "./channelprograms.js";
import { NOTE_OFF } from "./events.js";
import { addNoteOffs, findForeignNoteOffs, findOpenOns, findUnpairedOns } from "./noteoffs.js";
import { endTick } from "./patterns.js";
import { findRhythmParts } from "./rhythmparts.js";
import { pairTrack } from "./trackpairing.js";

/**
 * The instruments of a file that play notes, track by track, in the order of their first note-off, and how many movements
 * of the sustain pedal they all have: those of one channel share them.
 * @param {MidiTrack[]} tracks
 * @param {number} ticksPerStep   the length of a note that ends where it begins
 * @returns {{ instruments: MidiInstrument[], pedalChanges: number }}
 */
export function pairNotes(tracks, ticksPerStep) {
  const set = tracks.length > 1 ? findChannelPrograms(tracks) : { programs: new Map(), banks: new Map() };
  const file = { ...set, parts: findRhythmParts(tracks) };
  let pairings = tracks.map((track, number) => pairTrack(number, track, file, ticksPerStep));
  if (pairings.some(({ open }) => open.size)) {
    const foreign = foreignNoteOffs(pairings);
    pairings = pairings.map((pairing) => {
      const { number, track, open } = pairing;
      if (!open.size) return pairing;
      const events = mergeEvents(track, foreign.get(number) ?? []);
      const complete = addNoteOffs(events, findUnpairedOns(events, open.keys()), endTick(track));
      return pairTrack(number, track, file, ticksPerStep, complete);
    });
  }
  return {
    instruments: pairings.flatMap(({ instruments }) => instruments),
    pedalChanges: countPedalChanges(pairings),
  };
}

/**
 * The note-ons of each track that nothing but the end of their track ends.
 * @param {MidiTrack[]} tracks
 * @returns {ChannelEvent[][]}
 */
export const findOpenNotes = (tracks) =>
  unpairedOns(tracks).map(({ events, ons }) => findOpenOns(events, ons).map((position) => events[position]));

/**
 * The events of each track with a note-off for every note; then the first of a pitch ends the first note.
 * @param {MidiTrack[]} tracks
 * @returns {ChannelEvent[][]}
 */
export const completeNoteOffs = (tracks) =>
  unpairedOns(tracks).map(({ events, ons }, number) => addNoteOffs(events, ons, endTick(tracks[number])));

/**
 * The events of each track, with the note-offs on other tracks of its notes, and the note-ons without one.
 * @param {MidiTrack[]} tracks
 */
function unpairedOns(tracks) {
  const file = { programs: new Map(), banks: new Map(), parts: findRhythmParts([]) };
  const pairings = tracks.map((track, number) => pairTrack(number, track, file, 1));
  const foreign = foreignNoteOffs(pairings);
  return pairings.map(({ number, track, open }) => {
    const events = mergeEvents(track, foreign.get(number) ?? []);
    return { events, ons: findUnpairedOns(events, open.keys()) };
  });
}

/**
 * Find the note-offs on other tracks that the open notes of each track may have.
 * @param {TrackPairing[]} pairings
 */
function foreignNoteOffs(pairings) {
  /** @type {Map<number, Map<number, number[]>>[]} */
  const [ons, offs] = [new Map(), new Map()];
  for (const { number, offset, track, open, unpairedOffs } of pairings) {
    const ticksByKey = new Map();
    for (const { tick, key } of unpairedOffs) {
      const inAllPorts = (offset << 7) | key;
      ticksByKey.set(inAllPorts, ticksByKey.get(inAllPorts) ?? []).get(inAllPorts).push(tick);
    }
    if (ticksByKey.size) offs.set(number, ticksByKey);
    if (!open.size || pairings.length === 1) continue;
    const ticksOf = (/** @type {number[]} */ places) => places.map((place) => track.events[place][0]);
    const unpaired = findUnpairedOns(track.events, open.keys());
    ons.set(number, new Map(Array.from(unpaired, ([key, places]) => [(offset << 7) | key, ticksOf(places)])));
  }
  return findForeignNoteOffs(ons, offs);
}

/**
 * The events of a track and the note-offs on other tracks of its notes. At one tick those come last, so that they may end
 * a note that begins there.
 * @param {MidiTrack} track
 * @param {{ tick: number, key: number }[]} foreign
 */
const mergeEvents = ({ events }, foreign) =>
  [
    ...events,
    ...foreign.map(
      ({ tick, key }) => /** @type {ChannelEvent} */ ([tick, NOTE_OFF | ((key >> 7) & 15), key & 127, 0]),
    ),
  ].sort((one, other) => one[0] - other[0]);

/** @param {TrackPairing[]} pairings */
function countPedalChanges(pairings) {
  /** @type {Map<number, number>} */
  const byChannel = new Map();
  for (const { offset, pedal } of pairings) {
    for (const [channel, count] of pedal) byChannel.set(offset + channel, (byChannel.get(offset + channel) ?? 0) + count);
  }
  return pairings.reduce(
    (sum, { offset, instruments }) =>
      instruments.reduce((own, { channel }) => own + (byChannel.get(offset + channel) ?? 0), sum),
    0,
  );
}
