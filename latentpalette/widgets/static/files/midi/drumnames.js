// Tracks whose names say that they are drums, in a score in which channel 10 is empty.
/** @import { Score } from "../../types.js" */

import { listTracks, notesOfTracks } from "./tracklist.js";

const WORD = "[\\p{L}\\p{N}_]"; // what Python counts as part of a word; \b knows English letters only
/**
 * A pattern of whole words.
 * @param {string} words
 */
export const wholeWords = (words) => new RegExp(`(?<!${WORD})(?:${words.replaceAll("\\w", WORD)})(?!${WORD})`, "iu");

const DRUM_NAME = wholeWords("drum(?:s|kit|set)?|percussion|perc|beats?|kit|schlagzeug|batterie|bater[ií]a|batteria");
const [LOWEST, HIGHEST] = [27, 87]; // drums of General MIDI with their extensions
// Glockenspiel to dulcimer, timpani, kalimba and steel drums.
const PERCUSSION_WITH_PITCH = new Set([8, 9, 10, 11, 12, 13, 14, 15, 47, 108, 112, 114]);

/**
 * The score with those tracks as drums, and a warning. They have no pitches but those of drums, and no instruments of
 * percussion with a pitch.
 * @param {Score} score
 * @returns {Score}
 */
export function markDrumsByName(score) {
  if (score.notes.some(({ isDrum }) => isDrum) || !score.origins.some(({ name }) => DRUM_NAME.test(name))) return score;
  const notesOf = notesOfTracks(score);
  const tracks = listTracks(score).filter(
    (track) =>
      DRUM_NAME.test(track.name) &&
      !track.programs.some((program) => PERCUSSION_WITH_PITCH.has(program)) &&
      notesOf(track).every(({ pitch }) => LOWEST <= pitch && pitch <= HIGHEST),
  );
  if (!tracks.length) return score;
  const drums = new Set(tracks.flatMap(({ scoreTracks }) => scoreTracks));
  const [plural, verb] = tracks.length === 1 ? ["", "is"] : ["s", "are"];
  const warning =
    `channel 10 is empty; track${plural} ${tracks.map(({ title }) => title).join(" and ")}, ${verb} read as drums ` +
    "(to choose others: drums=... in Python, --drums on the command line)";
  return {
    ...score,
    notes: score.notes.map((note) => (drums.has(note.track) ? { ...note, isDrum: true, program: 0 } : note)),
    trackNames: score.trackNames.map((name, track) => (drums.has(track) ? "drums" : name)),
    warnings: [...score.warnings, warning],
  };
}
