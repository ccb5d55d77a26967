// The ends of notes that are not removed, where others of their channel and pitch are (Python's music/kept_ends.py).
/** @import { ChannelEvent, MidiTrack } from "../../types.js" */
/** @import { RawTrack } from "./rawtracks.js" */

import { isNoteOn } from "./noteoffs.js";

/**
 * Write the note-offs of a channel and a pitch anew: one for each note that stays, where the note ended.
 * @param {RawTrack} raw               the track that is changed
 * @param {MidiTrack} track            the same track as it was
 * @param {ChannelEvent[]} complete    its events with all note-offs
 * @param {{ channel: number, pitch: number, removed: Set<number | null> }} options   `removed`: the note-ons that go, by
 *   their positions among the events of the track
 */
export function keepEnds(raw, track, complete, { channel, pitch, removed }) {
  const plays = (/** @type {ChannelEvent} */ [, status, own]) => status < 0xa0 && (status & 15) === channel && own === pitch;
  /** @type {number[]} */
  const coming = [];
  track.events.forEach((event, position) => {
    if (!plays(event)) return;
    if (isNoteOn(event)) coming.push(position);
    else raw.remove(position);
  });
  let [begun, ended] = [0, 0];
  for (const event of complete) {
    if (!plays(event)) continue;
    if (isNoteOn(event)) begun += 1;
    else if (ended < begun) {
      const position = coming[ended++];
      const [tick, status, , velocity] = event;
      if (!removed.has(position)) raw.insertNoteOff(track.events[position][0], tick, [status, pitch, velocity]);
    }
  }
}
