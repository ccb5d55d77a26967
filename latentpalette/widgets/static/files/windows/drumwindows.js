// Windows of drum loops: wherever the drums play without a bar's rest, a bar apart.
/** @import { DrumClasses, GridNote, Score, WindowFinder } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { sortNotes } from "../midi/gridnotes.js";
import { barNumbersOf } from "../midi/sections.js";
import { listTracks } from "../midi/tracklist.js";
import { counted, listSome } from "../midi/wording.js";
import { leftOut } from "./leftout.js";
import { cutWindow } from "./pieces.js";

const MAX_NAMES = 6; // in a message

/**
 * @param {number} steps
 * @param {DrumClasses} drums
 * @param {Record<string, string>} drumNames   by pitch
 * @returns {WindowFinder}
 */
export const drumWindows = (steps, drums, drumNames) => ({
  nothingFound: "there are no notes",
  *search({ sections, hasDrums }, score) {
    for (const section of sections) {
      const own = section.notes.map(({ note }) => note).filter(({ isDrum }) => isDrum);
      const hits = sortNotes(own.filter(({ pitch }) => drums.classOf(pitch) >= 0));
      const unmapped = own.flatMap(({ pitch }) => (drums.classOf(pitch) < 0 ? [pitch] : []));
      if (unmapped.length) yield unmappedHits(unmapped, drumNames);
      // However long its key is held, a drum does not lengthen the piece.
      const length = Math.ceil(section.steps / STEPS_PER_BAR) * STEPS_PER_BAR;
      const regions = activeRegions(hits);
      if (regions.length || (hasDrums && !unmapped.length)) {
        for (const gap of gaps(regions, length)) yield leftOut("are without drums", barNumbersOf(section, ...gap));
      }
      for (const [start, stop] of regions) {
        if (stop - start < steps) {
          const needed = `a window takes ${Math.floor(steps / STEPS_PER_BAR)} bars in a row: repeat them`;
          yield leftOut(`are played alone; ${needed}`, barNumbersOf(section, start, stop));
        }
        for (let step = start; step <= stop - steps; step += STEPS_PER_BAR) yield cutWindow(hits, section, step, steps);
      }
    }
    if (!hasDrums) yield leftOut(noDrums(score));
  },
  identity: ({ notes }) =>
    [...new Set(notes.map(({ step, pitch }) => step * 128 + drums.classOf(pitch)))].sort((a, b) => a - b).join(" "),
});

/**
 * The reason for hits on drums that the model has no class for.
 * @param {number[]} pitches
 * @param {Record<string, string>} drumNames   by pitch
 */
export function unmappedHits(pitches, drumNames) {
  const some = [...new Set(pitches)].sort((a, b) => a - b).slice(0, MAX_NAMES);
  const names = some.map((pitch) => `${pitch} (${drumNames[pitch] ?? `drum ${pitch}`})`).join(", ");
  return leftOut(`${counted(pitches.length, "hit")} on drums the model has no class for: ${names}`);
}

/**
 * The reason for a piece without drums: what there is instead, and what to do.
 * @param {Score} score
 */
export function noDrums(score) {
  const tracks = listTracks(score);
  if (!tracks.length) return "there are no notes";
  const others = listSome(tracks.map(({ title }) => title), "; ", "; ...");
  const example = tracks[0].number;
  return (
    `no drums: channel 10 is empty; there is ${others}. If one of them is drums, name it: drums=${example} in Python, ` +
    `--drums ${example} on the command line`
  );
}

/**
 * The regions [steps, whole bars] in which drums play without a bar's rest.
 * @param {GridNote[]} hits   in order
 */
function activeRegions(hits) {
  /** @type {[number, number][]} */
  const regions = [];
  let before = -Infinity;
  for (const { step } of hits) {
    const stop = (Math.floor(step / STEPS_PER_BAR) + 1) * STEPS_PER_BAR;
    if (step - before > STEPS_PER_BAR) regions.push([stop - STEPS_PER_BAR, stop]);
    else regions[regions.length - 1][1] = stop;
    before = step;
  }
  return regions;
}

/**
 * The silent regions before, between and after others.
 * @param {[number, number][]} regions
 * @param {number} steps
 * @returns {Iterable<[number, number]>}
 */
function* gaps(regions, steps) {
  let silentFrom = 0;
  for (const [start, stop] of [...regions, [steps, steps]]) {
    if (start > silentFrom) yield [silentFrom, start];
    silentFrom = stop;
  }
}
