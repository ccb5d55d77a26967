// The tracks in which windows are searched for: all, or the best by a rule.
/** @import { Candidate, Score, TrackInfo } from "../../types.js" */

import { listTracks } from "../midi/tracklist.js";
import { leftOut } from "./leftout.js";
import { findTrack, onlyTrack } from "./trackchoice.js";
import { describeRole, findBass, isBassProgram, rankMelodies } from "./trackroles.js";

const MAX_CANDIDATES = 8; // tracks that are tried as the melody
const BASS_PROGRAM = 33; // of a bass that has no program of its own

/** @typedef {{ track: number, isDrum: boolean, program: number | null }} Assignment   null keeps the program */
/** @typedef {[number, number] | null} Programs   the first and the last that a melody may have; null for all */

/**
 * The tracks of a piece that may be its melody, the best first.
 * @param {Score} score
 * @param {Programs} programs
 * @returns {Candidate[]}
 */
export function melodyCandidates(score, programs) {
  const tracks = listTracks(score).filter((track) => !track.isDrum && isWithin(track, programs));
  if (tracks.length < 2) return [{ score, others: [], melody: tracks[0] ?? null }];
  return rankMelodies(score, tracks)
    .slice(0, MAX_CANDIDATES)
    .map((role) => ({
      score: onlyTrack(score, role.track),
      others: [leftOut(`of ${tracks.length} tracks the melody is ${describeRole(role)}`)],
      melody: role.track,
    }));
}

/**
 * A melody, a bass and the drums of a piece, the best melody first.
 * @param {Score} score
 * @param {Programs} programs   where all are melodies, a bass is found by its name and its pitch, too
 * @param {number | null} chosen   the number of the track that is the melody; null for the best
 * @returns {Candidate[]}
 */
export function trioCandidates(score, programs, chosen) {
  const tracks = listTracks(score);
  const own = chosen === null ? null : findTrack(score, chosen);
  const bass = findBass(score, tracks.filter(({ number }) => number !== own?.number), programs !== null);
  const melodies = own
    ? [{ track: own, reason: "as chosen" }]
    : rankMelodies(score, tracks.filter((track) => track !== bass?.track && isWithin(track, programs)));
  if (!bass || !melodies.length) return [{ score, others: [], melody: null }];
  const drums = tracks.flatMap(({ isDrum, scoreTracks }) => (isDrum ? scoreTracks : []));
  return melodies.slice(0, MAX_CANDIDATES).map((melody) => {
    // A program of a bass would make the melody a bass, and any other one the bass a melody.
    const melodyProgram = melody.track.programs.some(isBassProgram) ? 0 : null;
    const bassProgram = bass.track.programs.every(isBassProgram) ? null : BASS_PROGRAM;
    /** @type {Map<number, Assignment>} */
    const assignments = new Map();
    const assign = (/** @type {number[]} */ numbers, /** @type {Omit<Assignment, "track">} */ role) =>
      numbers.forEach((number) => assignments.set(number, { ...role, track: numbers[0] }));
    assign(melody.track.scoreTracks, { isDrum: false, program: melodyProgram });
    assign(bass.track.scoreTracks, { isDrum: false, program: bassProgram });
    assign(drums, { isDrum: true, program: null });
    const isOnly = own !== null || tracks.filter(({ isDrum }) => !isDrum).length === 2;
    const isObvious = bassProgram === null && isOnly;
    const reason = `the melody is ${describeRole(melody)}, the bass ${describeRole(bass)}`;
    const others = isObvious ? [] : [leftOut(reason)];
    return { score: assignTracks(score, assignments), others, melody: melody.track };
  });
}

/**
 * A piece with the tracks that have an assignment only, as it says.
 * @param {Score} score
 * @param {Map<number, Assignment>} assignments
 * @returns {Score}
 */
const assignTracks = (score, assignments) => ({
  ...score,
  notes: score.notes.flatMap((note) => {
    const role = assignments.get(note.track);
    return role ? [{ ...note, track: role.track, isDrum: role.isDrum, program: role.program ?? note.program }] : [];
  }),
});

/**
 * @param {TrackInfo} track
 * @param {Programs} programs
 */
const isWithin = (track, programs) =>
  programs === null || track.programs.some((program) => programs[0] <= program && program <= programs[1]);
