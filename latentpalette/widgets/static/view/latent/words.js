// What latent sliders show, in words.

import { formatNorm, formatOrdinal } from "../status.js";

/** A number of standard deviations with its sign: "+1.20", "−0.35", "0". @param {number} number */
export const formatAmount = (number) => {
  const text = Math.abs(number).toFixed(2);
  return Number(text) === 0 ? "0" : `${number < 0 ? "−" : "+"}${text}`;
};

/**
 * What became of the music: "24 notes stay, 5 have come, 3 have gone".
 * @param {{ stay: unknown[], come: unknown[], gone: unknown[] }} difference
 */
export function formatDifference({ stay, come, gone }) {
  if (!come.length && !gone.length) return "every note is as it was";
  const has = (/** @type {unknown[]} */ notes, /** @type {string} */ verb) => `${notes.length} ha${notes.length === 1 ? "s" : "ve"} ${verb}`;
  const first = stay.length === 1 ? "1 note stays" : `${stay.length} notes stay`;
  return [first, ...(come.length ? [has(come, "come")] : []), ...(gone.length ? [has(gone, "gone")] : [])].join(", ");
}

/** @param {number} percentile */
export const formatPercentile = (percentile) => `‖z‖ ${formatNorm(percentile)}, ${formatOrdinal(percentile)} percentile`;
