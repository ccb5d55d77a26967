// Places between which the music changes evenly, chosen among many: what Python's latent/evenness.py does.
/** @import { Clip, Stream } from "../types.js" */

/**
 * How many notes (pitch and onset) differ between any two clips [m][m].
 * @param {Clip[]} clips
 * @param {Stream[]} streams
 * @returns {number[][]}
 */
export function noteChanges(clips, streams) {
  const sets = clips.map(({ notes }) => new Set(notes.map(({ step, pitch, stream }) => `${step} ${pitch} ${streams[stream]?.is_drum}`)));
  const changes = sets.map(() => new Array(sets.length).fill(0));
  sets.forEach((one, i) => {
    for (let k = i + 1; k < sets.length; k++) {
      let common = 0;
      for (const note of one) if (sets[k].has(note)) common++;
      changes[i][k] = changes[k][i] = one.size + sets[k].size - 2 * common;
    }
  });
  return changes;
}

/**
 * Choose n places of m, in order and with both ends: of all choices the one with the least sum of squared changes from
 * each place to the next; of equal ones that with the earlier places.
 * @param {number[][]} changes   between any two of them
 * @param {number} n             2 to m
 * @returns {number[]}
 */
export function chooseEvenPlaces(changes, n) {
  const m = changes.length;
  let best = changes.map((_, place) => (place ? Infinity : 0));
  /** @type {number[][]} */
  const before = [];
  for (let step = 1; step < n; step++) {
    const came = new Array(m).fill(0);
    const sums = new Array(m).fill(Infinity);
    for (let to = 0; to < m; to++) {
      for (let from = 0; from < to; from++) {
        const sum = best[from] + changes[from][to] ** 2;
        if (sum < sums[to]) [sums[to], came[to]] = [sum, from];
      }
    }
    before.push(came);
    best = sums;
  }
  const places = [m - 1];
  for (const came of before.reverse()) places.push(came[places[places.length - 1]]);
  return places.reverse();
}
