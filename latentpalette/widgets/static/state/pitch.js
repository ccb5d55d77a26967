// Pitches: their names, and the scales that an editor can show.

const NAMES = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"]; // as in Python
const OCTAVE = NAMES.length;

/** Pitch classes above the tonic, by name, the most usual first. */
export const SCALES = /** @type {Record<string, number[]>} */ ({
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  "harmonic minor": [0, 2, 3, 5, 7, 8, 11],
  "major pentatonic": [0, 2, 4, 7, 9],
  "minor pentatonic": [0, 3, 5, 7, 10],
  blues: [0, 3, 5, 6, 7, 10],
  chromatic: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
});

/**
 * The name of a pitch class.
 * @param {number} tonic   0 is C
 */
export const tonicName = (tonic) => NAMES[tonic];

/** @param {number} pitch   60 is C4, as in scientific pitch notation */
export const pitchName = (pitch) => `${NAMES[pitch % OCTAVE]}${Math.floor(pitch / OCTAVE) - 1}`;

/** @typedef {{ tonic: number, scale: string }} Key */

/**
 * True if a pitch is one of a scale.
 * @param {number} pitch
 * @param {Key} key
 */
export const isInScale = (pitch, { tonic, scale }) => SCALES[scale].includes((pitch - tonic + 10 * OCTAVE) % OCTAVE);

/**
 * The major or minor key that most of some notes are in, by how long they last. Of keys that are equal in this, the one
 * whose tonic lasts longest, then the one with the last note as its tonic.
 * @param {{ pitch: number, length: number }[]} notes
 * @returns {Key}   C major without notes
 */
export function guessKey(notes) {
  const last = notes.length ? notes[notes.length - 1].pitch % OCTAVE : 0;
  const lasting = (/** @type {(pitch: number) => boolean} */ belongs) =>
    notes.reduce((sum, { pitch, length }) => sum + (belongs(pitch) ? length : 0), 0);
  let best = { key: { tonic: 0, scale: "major" }, score: notes.length ? -1 : Infinity };
  for (const scale of ["major", "minor"]) {
    for (let tonic = 0; tonic < OCTAVE; tonic++) {
      const key = { tonic, scale };
      const inside = lasting((pitch) => isInScale(pitch, key));
      const onTonic = lasting((pitch) => pitch % OCTAVE === tonic);
      const score = inside + onTonic / 100 + (tonic === last ? 1e-3 : 0);
      if (score > best.score) best = { key, score };
    }
  }
  return best.key;
}

/**
 * The rows of a roll, the lowest first: as many as the notes need, some more on either side, and at least an octave.
 * @param {{ pitch: number }[]} notes
 * @param {object} options
 * @param {number} options.low        of what can occur
 * @param {number} options.high
 * @param {number} [options.margin]   rows below the lowest and above the highest note
 * @param {Key | null} [options.only] leave out the rows that are not in this scale
 * @returns {number[]}                pitches
 */
export function rollRows(notes, { low, high, margin = 3, only = null }) {
  const pitches = notes.map(({ pitch }) => pitch);
  const middle = Math.min(high, Math.max(low, 60));
  let from = Math.min(...pitches, pitches.length ? Infinity : middle) - margin;
  let to = Math.max(...pitches, pitches.length ? -Infinity : middle) + margin;
  while (to - from < OCTAVE) {
    from--;
    to++;
  }
  from = Math.max(from, low);
  to = Math.min(Math.max(to, from + OCTAVE), high);
  from = Math.max(low, Math.min(from, to - OCTAVE));
  const rows = Array.from({ length: to - from + 1 }, (_, row) => from + row);
  return only ? rows.filter((pitch) => isInScale(pitch, only)) : rows;
}

/**
 * Where a pitch lies among rows; between two of them where it has none of its own.
 * @param {number[]} rows
 * @param {number} pitch
 * @returns {number}
 */
export function rowOf(rows, pitch) {
  const row = rows.indexOf(pitch);
  if (row >= 0) return row;
  const above = rows.findIndex((other) => other > pitch);
  return (above < 0 ? rows.length : above) - 0.5;
}
