// The tracks and channels of a MIDI file for new drum hits, so that its other notes stay as they are, as Python finds them
// (music/hit_places.py). A hit is paired with a note-off by its track, channel and pitch. So that no other note gets
// another end, no hit is added or moved where another note has the same three; none after the end of a track that ends
// other notes; and none where its channel is not drums at its tick.
/** @import { MidiTrack } from "../../types.js" */

import { DRUM_CHANNEL } from "../../audio/channels.js";
import { channelOffset } from "./channelprograms.js";
import { isNoteOn } from "./noteoffs.js";
import { findOpenNotes } from "./pairing.js";
import { endTick } from "./patterns.js";
import { findRhythmParts } from "./rhythmparts.js";

export const NEW_TRACK = -1; // the number of a track that the file does not have yet
const PORTS = 128;

/** @typedef {{ track: number, channel: number, pitch: number, start: number }} Place   start [ticks] */
/** @typedef {{ track: number, channel: number, count: number }} Group   of hits */

/**
 * The key of where drums begin.
 * @param {number} track
 * @param {number} channel
 * @param {number} tick
 */
export const onsetKey = (track, channel, tick) => `${track} ${channel} ${tick}`;

/**
 * @param {Place[]} hits          those that there are
 * @param {MidiTrack[]} tracks
 * @param {Set<string>} onsets    where drums begin, by `onsetKey`
 */
export function createHitPlaces(hits, tracks, onsets) {
  const parts = findRhythmParts(tracks);
  const offsets = tracks.map(channelOffset);
  const isPart = (/** @type {number} */ track, /** @type {number} */ channel, /** @type {number} */ tick) =>
    parts.isDrum(offsets[track] + channel, tick);
  /** @type {Set<string>} */
  const others = new Set(); // notes that are no drums: track, channel, pitch
  /** @type {Set<string>} */
  const channelsOfOthers = new Set();
  tracks.forEach(({ events }, track) => {
    for (const event of events) {
      const [tick, status, pitch] = event;
      if (!isNoteOn(event) || onsets.has(onsetKey(track, status & 15, tick))) continue;
      others.add(`${track} ${status & 15} ${pitch}`);
      channelsOfOthers.add(`${track} ${status & 15}`);
    }
  });
  const lastTicks = findOpenNotes(tracks).map((open, track) =>
    open.some(([tick, status]) => !onsets.has(onsetKey(track, status & 15, tick))) ? endTick(tracks[track]) - 1 : Infinity,
  );
  const groups = countGroups(hits);
  if (!hits.length && tracks.length === 1) groups.set(`0 ${DRUM_CHANNEL}`, { track: 0, channel: DRUM_CHANNEL, count: 0 });
  // Drums because of their bank, their name or a choice.
  const elsewhere = new Set(
    hits.flatMap(({ track, channel, start }) => (isPart(track, channel, start) ? [] : [`${track} ${channel}`])),
  );
  /** @type {Map<number, Map<string, Group>>} */
  const byPitch = new Map();
  const groupsOf = (/** @type {number} */ pitch) => {
    const known = byPitch.get(pitch) ?? countGroups(hits.filter((hit) => hit.pitch === pitch));
    byPitch.set(pitch, known);
    return known;
  };
  const largest = (/** @type {Group[]} */ some) =>
    some.reduce((best, each) => {
      const countOf = (/** @type {Group} */ { track, channel }) => groups.get(`${track} ${channel}`)?.count ?? 0;
      return countOf(each) > countOf(best) ? each : best;
    });

  /** @param {Group} place @param {number} pitch @param {number} tick */
  function isAllowed({ track, channel }, pitch, tick) {
    const key = `${track} ${channel}`;
    if (others.has(`${key} ${pitch}`) || tick > lastTicks[track]) return false;
    if (!elsewhere.has(key)) return isPart(track, channel, tick);
    // A hit on channel 10 would end the reading of drums by their names.
    return !channelsOfOthers.has(key) && !isPart(track, channel, tick);
  }
  return {
    /**
     * The track and the channel for a hit: where most are, of its pitch if there are any.
     * @param {number} pitch
     * @param {number} tick
     */
    find(pitch, tick) {
      for (const candidates of [groupsOf(pitch), groups]) {
        const allowed = [...candidates.values()].filter((place) => isAllowed(place, pitch, tick));
        if (allowed.length) return largest(allowed);
      }
      return { track: NEW_TRACK, channel: DRUM_CHANNEL };
    },
    /**
     * A port and a channel on which a new track is drums at some ticks: channel 10 if possible.
     * @param {number[]} ticks
     */
    findChannel(ticks) {
      if (elsewhere.size && [...groups.keys()].every((key) => elsewhere.has(key))) {
        const { track, channel } = largest([...groups.values()]);
        return { port: Math.floor(offsets[track] / 16), channel };
      }
      for (let port = 0; port < PORTS; port++) {
        if (ticks.every((tick) => parts.isDrum(16 * port + DRUM_CHANNEL, tick))) return { port, channel: DRUM_CHANNEL };
      }
      return { port: 0, channel: DRUM_CHANNEL };
    },
    /**
     * True if other notes have the track, the channel and the pitch of a hit.
     * @param {Place} hit
     */
    isShared: ({ track, channel, pitch }) => others.has(`${track} ${channel} ${pitch}`),
    /**
     * True if a hit may be moved to a tick.
     * @param {Place} hit
     * @param {number} tick
     */
    allowMove({ track, channel, pitch, start }, tick) {
      if (start === tick) return true;
      if (Math.max(start, tick) > lastTicks[track]) return false;
      return !others.has(`${track} ${channel} ${pitch}`) && isPart(track, channel, start) === isPart(track, channel, tick);
    },
  };
}

/**
 * How many hits each track and channel has, in the order of the hits.
 * @param {Place[]} hits
 */
function countGroups(hits) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const { track, channel } of hits) {
    const key = `${track} ${channel}`;
    groups.set(key, { track, channel, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return groups;
}
