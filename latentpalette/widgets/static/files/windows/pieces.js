// The parts of a piece in which windows can be found, and windows cut out of them.
/** @import { GridNote, LeftOut, MusicWindow, Score, Section } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { firstOnset, sliceNotes, sortNotes } from "../midi/gridnotes.js";
import { qpmAt, splitOnMeterChanges } from "../midi/sections.js";
import { leftOut } from "./leftout.js";

/**
 * The sections of a piece whose bars have sixteen steps, and the bars in other time signatures.
 * @param {Score} score
 */
export function loadSections(score) {
  /** @type {Section[]} */
  const sections = [];
  /** @type {LeftOut[]} */
  const others = [];
  for (const section of splitOnMeterChanges(score)) {
    const { bar, bars, meter } = section;
    if (section.isCutShort) {
      const reason = "would be cut short: the time signature changes inside; move the change to a bar line";
      others.push(leftOut(reason, [bar, bar]));
    } else if (section.has16StepBars) {
      sections.push(section);
    } else if (bars) {
      const reason =
        `are in ${meter.text}; a bar must have 16 sixteenths: to read them all the same, across their bar lines, set ` +
        "the time signature to 4/4 in a MIDI editor";
      others.push(leftOut(reason, [bar, bar + bars - 1]));
    }
  }
  return { sections, others, hasDrums: score.notes.some(({ isDrum }) => isDrum) };
}

/**
 * The window of some steps of notes of a section, at the tempo of its music.
 * @param {GridNote[]} notes   in order
 * @param {Section} section
 * @param {number} step        where it begins, on a bar line
 * @param {number} steps
 * @returns {MusicWindow}
 */
export function cutWindow(notes, section, step, steps) {
  const own = sliceNotes(notes, step, step + steps);
  const bar = section.bar + Math.floor(step / STEPS_PER_BAR);
  return { notes: own, steps, qpm: qpmAt(section, step + firstOnset(own)), bar };
}

/**
 * A whole section as a window.
 * @param {Section} section
 * @returns {MusicWindow}
 */
export function wholeSection(section) {
  const notes = sortNotes(section.notes.map(({ note }) => note));
  return { notes, steps: section.steps, qpm: qpmAt(section, firstOnset(notes)), bar: section.bar };
}

/**
 * The last bar of a window.
 * @param {MusicWindow} window
 */
export const lastBarOf = ({ bar, steps }) => bar + Math.ceil(steps / STEPS_PER_BAR) - 1;

/**
 * The notes of a section, track by track, each in order.
 * @param {Section} section
 * @returns {[number, GridNote[]][]}
 */
export function tracksOf({ notes }) {
  /** @type {Map<number, GridNote[]>} */
  const byTrack = new Map();
  for (const { note, track } of notes) {
    if (!byTrack.has(track)) byTrack.set(track, []);
    byTrack.get(track)?.push(note);
  }
  return Array.from(byTrack, ([track, own]) => /** @type {[number, GridNote[]]} */ ([track, sortNotes(own)])).sort(
    ([one], [other]) => one - other,
  );
}
