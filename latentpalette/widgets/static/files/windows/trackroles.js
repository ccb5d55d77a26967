// Roles of tracks: which one is the melody and which one the bass, by the rules that Python states
// (music/track_roles.py): by name, else the track that plays in the most bars, one note at a time, and high.
/** @import { Score, TrackInfo, TrackRole } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { wholeWords } from "../midi/drumnames.js";
import { nearestStep } from "../midi/score.js";
import { notesOfTracks } from "../midi/tracklist.js";

const BY_NAME = "by its name";
const BY_INSTRUMENT = "by its instrument";
const BY_NOTES = "by its bars, single notes and height";
const LOWEST = "the lowest";

const [FIRST_BASS, LAST_BASS] = [32, 39]; // programs
const NOT_WORD = "[^\\p{L}\\p{N}_]";
// From the surest to the least sure.
const MELODY_NAMES = [
  wholeWords("melod\\w*|tune|lead voc\\w*|main voc\\w*"),
  wholeWords("vocals?|vox|\\w*voice|voix|voz|sing\\w*|gesang\\w*|\\w*stimme|canto|solo|lead"),
];
const NO_MELODY_NAME = wholeWords("back\\w*|bg|bv|harmon\\w*|choir|chords?|bass\\w*|rhythm\\w*|pads?|count\\w*|single");
const BASS_NAME = wholeWords("bass|bassline|basso|basse|baixo|bajo|contrabass|double ?bass|kontrabass");
const NO_BASS_NAME = wholeWords(`bass (?:clarinet|drum|clef|trombone|flute|voice)|bass${NOT_WORD}+lead`);
const [LOW, HIGH] = [36, 84]; // two and four octaves around a voice; higher is no better
const MIN_HEIGHT = 0.05;

/** @param {number} program */
export const isBassProgram = (program) => FIRST_BASS <= program && program <= LAST_BASS;

/** @param {TrackInfo} track */
const isUnpitched = ({ programs }) => programs.every((program) => (96 <= program && program < 104) || program >= 112);

/** @param {TrackInfo} track */
const isBassByInstrument = ({ programs }) => programs.every(isBassProgram);

/**
 * Tracks as melodies, the best first. Drums are left out; basses and instruments without pitch come last.
 * @param {Score} score
 * @param {TrackInfo[]} tracks
 * @returns {TrackRole[]}
 */
export function rankMelodies(score, tracks) {
  const measure = measureOf(score);
  const measured = tracks
    .filter(({ isDrum }) => !isDrum)
    .map((track) => {
      const isUnlikely = isBass(track) || isUnpitched(track);
      return { track, rank: isUnlikely ? MELODY_NAMES.length + 1 : nameRank(track), ...measure(track) };
    });
  const most = measured.reduce((bars, one) => Math.max(bars, one.bars), 0);
  /** @param {typeof measured[number]} track */
  const merit = ({ bars, monophony, height }) => (bars / most) * monophony * height;
  return measured
    .sort((one, other) => one.rank - other.rank || merit(other) - merit(one))
    .map(({ track, rank }) => ({ track, reason: rank < MELODY_NAMES.length ? BY_NAME : BY_NOTES }));
}

/**
 * The bass of a band: by its instrument, else by its name, else the lowest track; of several the one that plays in the
 * most bars. A track alone is no bass by its pitch.
 * @param {Score} score
 * @param {TrackInfo[]} tracks
 * @param {boolean} byProgramOnly   leave out the other rules
 * @returns {TrackRole | null}
 */
export function findBass(score, tracks, byProgramOnly) {
  const pitched = tracks.filter(({ isDrum }) => !isDrum);
  const first = (/** @type {TrackInfo[]} */ found, /** @type {(track: TrackInfo) => number} */ valueOf) => {
    const valued = found.map((track) => ({ track, value: valueOf(track) }));
    return valued.reduce((best, one) => (one.value > best.value ? one : best)).track;
  };
  const measure = measureOf(score);
  const barsOf = (/** @type {TrackInfo} */ track) => measure(track).bars;
  const byProgram = pitched.filter(isBassByInstrument);
  if (byProgram.length) return { track: first(byProgram, barsOf), reason: BY_INSTRUMENT };
  if (byProgramOnly) return null;
  const byName = pitched.filter(isBass);
  if (byName.length) return { track: first(byName, barsOf), reason: BY_NAME };
  const likely = pitched.filter((track) => !isUnpitched(track));
  return likely.length < 2 ? null : { track: first(likely, (track) => -measure(track).meanPitch), reason: LOWEST };
}

/**
 * A role in words.
 * @param {TrackRole} role
 */
export const describeRole = ({ track, reason }) => `track ${track.title} (${reason})`;

/** @param {TrackInfo} track */
function isBass(track) {
  const byName = BASS_NAME.test(track.name) && !NO_BASS_NAME.test(track.name);
  return !track.isDrum && (isBassByInstrument(track) || byName);
}

/** @param {TrackInfo} track */
function nameRank({ name }) {
  if (NO_MELODY_NAME.test(name)) return MELODY_NAMES.length;
  const rank = MELODY_NAMES.findIndex((pattern) => pattern.test(name));
  return rank < 0 ? MELODY_NAMES.length : rank;
}

/**
 * Measure the tracks of a score: in how many bars one plays (all count as 4/4), the share of its notes that begin alone
 * or on top, its mean pitch, and how high that lies [0 to 1].
 * @param {Score} score
 */
function measureOf(score) {
  const notesOf = notesOfTracks(score);
  return (/** @type {TrackInfo} */ track) => {
    const notes = notesOf(track);
    const steps = new Set(notes.map(({ start }) => nearestStep(start)));
    const meanPitch = notes.reduce((sum, { pitch }) => sum + pitch, 0) / notes.length;
    return {
      bars: new Set([...steps].map((step) => Math.floor(step / STEPS_PER_BAR))).size,
      monophony: steps.size / Math.max(notes.length, 1),
      meanPitch,
      height: Math.min(Math.max((meanPitch - LOW) / (HIGH - LOW), MIN_HEIGHT), 1),
    };
  };
}
