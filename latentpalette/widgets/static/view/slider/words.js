// What a slider shows, in words.

import { formatWeight } from "../../state/geometry.js";

/**
 * The weights of the four corners' colors at a place.
 * @param {number} t   0 is A, 1 is B
 */
export const weightsOfPlace = (t) => [1 - t, t, 0, 0];

/**
 * The shares of the ends: "A .62 · B .38".
 * @param {number} t
 */
export const formatPlace = (t) => `A ${formatWeight(1 - t)} · B ${formatWeight(t)}`;

/**
 * The shares of a cross-fade: "A 62 % · B 38 %".
 * @param {number} t
 */
export const formatPercent = (t) => `A ${100 - Math.round(100 * t)} % · B ${Math.round(100 * t)} %`;

/**
 * Whose the notes of a cross-fade are.
 * @param {{ a: unknown[], b: unknown[], both: unknown[] }} parts
 */
export function formatMix({ a, b, both }) {
  const notes = a.length === 1 ? "1 note" : `${a.length} notes`;
  return `${notes} of A alone, ${b.length} of B alone, ${both.length} of both`;
}

/**
 * What of both ends is in the music between them.
 * @param {{ stay: unknown[], come: unknown[], own: unknown[], gone: unknown[] }} difference
 */
export function formatBetween({ stay, come, own, gone }) {
  const notes = (/** @type {number} */ count) => (count === 1 ? "1 note" : `${count} notes`);
  const parts = [`${notes(stay.length)} of A stay${stay.length === 1 ? "s" : ""}`];
  if (come.length) parts.push(`${come.length} of B ha${come.length === 1 ? "s" : "ve"} come`);
  if (own.length) parts.push(`${own.length} ${own.length === 1 ? "is" : "are"} in neither`);
  if (gone.length) parts.push(`${gone.length} of A ha${gone.length === 1 ? "s" : "ve"} gone`);
  return parts.join(", ");
}
