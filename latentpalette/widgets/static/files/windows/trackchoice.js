// The choice of a track of a file by its number: of the melody, or of the drums (music/track_choice.py).
/** @import { Score, Takes, TrackInfo } from "../../types.js" */

import { selectNotes } from "../midi/score.js";
import { describeTracks, listTracks } from "../midi/tracklist.js";
import { MidiError } from "../midi/wording.js";

/**
 * The track with a number, from 1.
 * @param {Score} score
 * @param {number} number
 * @returns {TrackInfo}
 * @throws {MidiError}   if there is none
 */
export function findTrack(score, number) {
  const tracks = listTracks(score);
  const found = tracks.find((track) => track.number === number);
  if (found) return found;
  const listed = tracks.length ? `There are: ${describeTracks(tracks)}.` : "There are no notes.";
  throw new MidiError(`${score.name}: no track ${number}. ${listed}`);
}

/**
 * A piece with one of its tracks only.
 * @param {Score} score
 * @param {TrackInfo} track
 */
export const onlyTrack = (score, { scoreTracks }) => selectNotes(score, ({ track }) => scoreTracks.includes(track));

/**
 * What is read of a piece where a track is chosen; the piece itself where none is.
 * @param {Score} score
 * @param {Takes} takes
 * @param {number | null} number   of the track
 * @throws {MidiError}             if there is none
 */
export function selectTrack(score, takes, number) {
  if (number === null) return score;
  const track = findTrack(score, number);
  return takes === "drums" ? withDrums(score, track) : onlyTrack(score, track);
}

/**
 * A piece with a track as its drums, instead of those that it has.
 * @param {Score} score
 * @param {TrackInfo} drums
 * @returns {Score}
 */
function withDrums(score, { scoreTracks }) {
  const own = new Set(scoreTracks);
  return {
    ...score,
    notes: score.notes
      .filter(({ isDrum, track }) => !isDrum || own.has(track))
      .map((note) => (own.has(note.track) && !note.isDrum ? { ...note, isDrum: true, program: 0 } : note)), // standard kit
    trackNames: score.trackNames.map((name, track) => (own.has(track) ? "drums" : name)),
  };
}
