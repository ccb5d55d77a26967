// Windows of drum performances: one after the other, up to the last hit, silent ones included.
/** @import { DrumClasses, GridNote, LeftOut, Section, WindowFinder } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { sortNotes } from "../midi/gridnotes.js";
import { barNumbersOf } from "../midi/sections.js";
import { noDrums, unmappedHits } from "./drumwindows.js";
import { leftOut } from "./leftout.js";
import { cutWindow } from "./pieces.js";

/**
 * @param {number} steps
 * @param {DrumClasses} drums
 * @param {Record<string, string>} drumNames   by pitch
 * @returns {WindowFinder}
 */
export const grooveWindows = (steps, drums, drumNames) => ({
  nothingFound: "there are no notes",
  *search({ sections, hasDrums }, score) {
    for (const section of sections) {
      const { hits, others } = selectHits(section, drums, drumNames);
      yield* others;
      if (hasDrums && !hits.length && !others.length) {
        yield leftOut("are without drums", [section.bar, section.bar + section.bars - 1]);
      }
      const stop = Math.ceil(((hits.at(-1)?.step ?? -1) + 1) / STEPS_PER_BAR) * STEPS_PER_BAR;
      let step = 0;
      for (; step <= stop - steps; step += steps) yield cutWindow(hits, section, step, steps);
      if (step < stop) {
        const reason = `do not fill a window of ${steps / STEPS_PER_BAR} bars; repeat them, or add some`;
        yield leftOut(reason, barNumbersOf(section, step, stop));
      }
    }
    if (!hasDrums) yield leftOut(noDrums(score));
  },
  identity: null,
});

/**
 * One hit for each drum and step: the loudest, of equal ones the first; and what else there is, in words.
 * @param {Section} section
 * @param {DrumClasses} drums
 * @param {Record<string, string>} drumNames
 */
function selectHits({ notes }, drums, drumNames) {
  /** @type {Map<number, GridNote>} */
  const loudest = new Map();
  /** @type {number[]} */
  const unmapped = [];
  let doubled = 0;
  for (const { note } of notes) {
    if (!note.isDrum) continue;
    const drum = drums.classOf(note.pitch);
    const key = note.step * drums.count + drum;
    const before = loudest.get(key);
    if (drum < 0) unmapped.push(note.pitch);
    else if (!before || note.velocity > before.velocity) loudest.set(key, note);
    if (drum >= 0 && before) doubled += 1;
  }
  /** @type {LeftOut[]} */
  const others = unmapped.length ? [unmappedHits(unmapped, drumNames)] : [];
  if (doubled) others.push(leftOut(`softer hits of a drum that is hit more than once in a step: ${doubled}`));
  return { hits: sortNotes(loudest.values()), others };
}
