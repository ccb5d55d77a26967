// What changes from one clip to another: notes that stay, that have come and that have gone. Python counts the same in
// latent/evenness.py: a note is its place, its pitch and its stream.
/** @import { Clip, Note } from "../types.js" */

const CLIFF = 2; // times the mean of all changes
const MIN_CLIFF = 3; // [notes]

/** @param {Note} note */
const identityOf = ({ step, pitch, stream }) => `${stream} ${step} ${pitch}`;

/**
 * @param {Clip | null} before
 * @param {Clip} now
 * @returns {{ stay: Note[], come: Note[], gone: Note[] }}   those that have gone are of `before`; without it all stay
 */
export function compareClips(before, now) {
  if (!before) return { stay: now.notes, come: [], gone: [] };
  const earlier = new Set(before.notes.map(identityOf));
  const later = new Set(now.notes.map(identityOf));
  return {
    stay: now.notes.filter((note) => earlier.has(identityOf(note))),
    come: now.notes.filter((note) => !earlier.has(identityOf(note))),
    gone: before.notes.filter((note) => !later.has(identityOf(note))),
  };
}

/**
 * What a clip between two others has of them: the notes of the first that stay, those of the second that have come,
 * those of its own that are in neither, and those of the first that have gone.
 * @param {Clip} a
 * @param {Clip} b
 * @param {Clip} now
 * @returns {{ stay: Note[], come: Note[], own: Note[], gone: Note[] }}
 */
export function compareWithEnds(a, b, now) {
  const { stay, come: others, gone } = compareClips(a, now);
  const later = new Set(b.notes.map(identityOf));
  const isOfB = (/** @type {Note} */ note) => later.has(identityOf(note));
  return { stay, come: others.filter(isOfB), own: others.filter((note) => !isOfB(note)), gone };
}

/**
 * How many notes come or go from one clip to another.
 * @param {Clip} before
 * @param {Clip} now
 */
export function countChanges(before, now) {
  const { come, gone } = compareClips(before, now);
  return come.length + gone.length;
}

/**
 * How many notes come or go from each clip to the next.
 * @param {(Clip | null)[]} clips   null where one is not decoded yet
 * @returns {(number | null)[]}
 */
export function changesAlong(clips) {
  return clips.slice(1).map((now, index) => {
    const before = clips[index];
    return now && before ? countChanges(before, now) : null;
  });
}

/**
 * The largest change of a row, and whether it is a cliff: far larger than the others.
 * @param {(number | null)[]} changes
 * @returns {{ index: number, isCliff: boolean }}   index -1 where nothing changes
 */
export function largestChange(changes) {
  const known = changes.map((change) => change ?? 0);
  const largest = Math.max(0, ...known);
  if (!largest || known.length < 2) return { index: -1, isCliff: false };
  const mean = known.reduce((sum, change) => sum + change, 0) / known.length;
  return { index: known.indexOf(largest), isCliff: largest >= Math.max(MIN_CLIFF, CLIFF * mean) };
}
