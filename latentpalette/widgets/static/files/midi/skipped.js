// The parts of a MIDI file that reading passes over, in words.
/** @import { SkippedPart } from "../../types.js" */

import { listInWords } from "./wording.js";

/**
 * One line for each kind, with examples and the numbers of bars.
 * @param {SkippedPart[]} skipped
 * @param {(tick: number) => number} barAt   the number of the bar of a tick
 * @returns {string[]}
 */
export function describeSkipped(skipped, barAt) {
  /** @type {Map<string, SkippedPart[]>} */
  const byKind = new Map();
  for (const part of skipped) {
    if (!byKind.has(part.kind)) byKind.set(part.kind, []);
    byKind.get(part.kind)?.push(part);
  }
  return Array.from(byKind, ([kind, parts]) => {
    const examples = [...new Set(parts.map(({ example }) => example).filter(Boolean))];
    const bars = [...new Set(parts.flatMap(({ tick }) => (tick === null ? [] : [barAt(tick)])))].sort((a, b) => a - b);
    const words = examples.length ? `${kind}: ${listInWords(examples)}` : kind;
    return bars.length ? `${words} (${bars.length === 1 ? "bar" : "bars"} ${listInWords(bars.map(String))})` : words;
  });
}
