// The tracks of a MIDI file as an instrument offers them, and which of them is read (widgets/dropped_files.py).
/** @import { Score, Takes, TrackInfo, TrackList } from "../types.js" */

import { listTracks } from "./midi/tracklist.js";
import { firstCharacters } from "./midi/wording.js";

const MAX_TRACKS = 100; // that are listed
const MAX_NAME_LENGTH = 60;

/**
 * What a track of a file is read as.
 * @param {{ streams: { is_drum: boolean }[] }} meta   of the model
 * @returns {Takes}
 */
export const takesOf = ({ streams }) => (streams.every(({ is_drum }) => is_drum) ? "drums" : "melody");

/**
 * The tracks that would be read if nothing were chosen.
 * @param {Takes} takes
 * @param {Score} score
 */
export const tracksFor = (takes, score) => listTracks(score).filter(({ isDrum }) => isDrum === (takes === "drums"));

/**
 * @param {Score} score
 * @param {Takes} takes
 * @param {number | null} chosen   the number of the one that is read; null where there are several, or none
 * @returns {TrackList}
 */
export function tracksToJson(score, takes, chosen) {
  const tracks = listTracks(score);
  const listed = tracks.filter(({ number }, index) => index < MAX_TRACKS || number === chosen);
  const toJson = (/** @type {TrackInfo} */ { number, name, instrument, notes, isDrum }) => ({
    number,
    name: firstCharacters(name, MAX_NAME_LENGTH),
    instrument: firstCharacters(instrument, MAX_NAME_LENGTH),
    notes,
    is_drum: isDrum,
  });
  return { tracks: listed.map(toJson), more_tracks: tracks.length - listed.length, takes, track: chosen };
}
