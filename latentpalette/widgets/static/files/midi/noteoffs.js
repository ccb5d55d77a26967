// The note-offs that a track of a MIDI file lacks: on other tracks, or nowhere. A key is a pitch on a channel: the number
// of the channel, times 128, plus the pitch.
/** @import { ChannelEvent } from "../../types.js" */

import { NOTE_OFF, NOTE_ON } from "./events.js";

/**
 * True for the beginning of a note.
 * @param {ChannelEvent} event
 */
export const isNoteOn = ([, status, , velocity]) => NOTE_ON <= status && status < 0xa0 && velocity > 0;

/** @param {ChannelEvent} event */
const keyOf = ([, status, pitch]) => ((status & 15) << 7) | pitch;

/**
 * Find the note-offs of notes that begin on one track and end on another: each ends the earliest note of its channel and
 * pitch that its own track does not end.
 * @param {Map<number, Map<number, number[]>>} unpairedOns    by track, by key: ticks in order
 * @param {Map<number, Map<number, number[]>>} unpairedOffs
 * @returns {Map<number, { tick: number, key: number }[]>}    by track
 */
export function findForeignNoteOffs(unpairedOns, unpairedOffs) {
  const byKey = (/** @type {typeof unpairedOns} */ unpaired) => {
    /** @type {Map<number, { tick: number, track: number }[]>} */
    const found = new Map();
    for (const [track, ticksOfKeys] of unpaired) {
      for (const [key, ticks] of ticksOfKeys) {
        if (!found.has(key)) found.set(key, []);
        for (const tick of ticks) found.get(key)?.push({ tick, track });
      }
    }
    for (const events of found.values()) events.sort((one, other) => one.tick - other.tick || one.track - other.track);
    return found;
  };
  const [ons, offs] = [byKey(unpairedOns), byKey(unpairedOffs)];
  /** @type {Map<number, { tick: number, key: number }[]>} */
  const found = new Map();
  for (const key of [...offs.keys()].sort((one, other) => one - other)) {
    const waiting = ons.get(key) ?? [];
    let next = 0;
    for (const { tick, track } of offs.get(key) ?? []) {
      const note = waiting[next];
      if (!note || note.tick > tick || note.track === track) continue;
      next += 1;
      if (!found.has(note.track)) found.set(note.track, []);
      found.get(note.track)?.push({ tick, key });
    }
  }
  return found;
}

/**
 * Find the note-ons that have no note-off, by their positions among the events of a track. A note-off counts for the
 * nearest note-on before it, so that one lost note-off does not shift those that follow.
 * @param {ChannelEvent[]} events
 * @param {Iterable<number>} keys   those to look at, without the port
 * @returns {Map<number, number[]>}
 */
export function findUnpairedOns(events, keys) {
  /** @type {Map<number, number[]>} */
  const open = new Map();
  for (const key of keys) open.set(key, []);
  events.forEach((event, position) => {
    const ons = event[1] < 0xa0 ? open.get(keyOf(event)) : undefined;
    if (ons && isNoteOn(event)) ons.push(position);
    else ons?.pop();
  });
  return new Map([...open].filter(([, ons]) => ons.length));
}

/**
 * Find the note-ons that last to the end of a track, by their positions: no note-off, and no note-on after them.
 * @param {ChannelEvent[]} events
 * @param {Map<number, number[]>} unpairedOns
 */
export function findOpenOns(events, unpairedOns) {
  /** @type {Map<number, number>} */
  const last = new Map();
  events.forEach((event, position) => isNoteOn(event) && last.set(keyOf(event), position));
  return [...unpairedOns].flatMap(([key, positions]) => (positions.at(-1) === last.get(key) ? positions.slice(-1) : []));
}

/**
 * The events of a track with the note-offs that it lacks. A note without one ends where its pitch is played again, or at
 * the end of the track.
 * @param {ChannelEvent[]} events
 * @param {Map<number, number[]>} unpairedOns
 * @param {number} endTick
 * @returns {ChannelEvent[]}
 */
export function addNoteOffs(events, unpairedOns, endTick) {
  const isUnpaired = new Set([...unpairedOns.values()].flat());
  /** @type {Set<number>} */
  const sounding = new Set();
  /** @type {ChannelEvent[]} */
  const complete = [];
  events.forEach((event, position) => {
    if (isNoteOn(event)) {
      const [tick, status, pitch] = event;
      if (sounding.delete(keyOf(event))) complete.push([tick, NOTE_OFF | (status & 15), pitch, 0]);
      if (isUnpaired.has(position)) sounding.add(keyOf(event));
    }
    complete.push(event);
  });
  for (const key of [...sounding].sort((one, other) => one - other)) {
    complete.push([endTick, NOTE_OFF | (key >> 7), key & 127, 0]);
  }
  return complete;
}
