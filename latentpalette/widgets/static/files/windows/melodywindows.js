// Windows of melodies: the top line of each track, wherever it plays without a bar's rest, a bar apart.
/** @import { GridNote, LeftOut, MusicWindow, WindowFinder } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { MAX_PITCH, MIN_PITCH } from "../../engine/converters/melody.js";
import { extractMelodies } from "../../engine/converters/topline.js";
import { barNumbersOf } from "../midi/sections.js";
import { counted, quoted, shellQuoted } from "../midi/wording.js";
import { leftOut } from "./leftout.js";
import { cutWindow, tracksOf } from "./pieces.js";

/**
 * @param {number} steps
 * @param {[number, number] | null} programs   the first and the last that melodies are read from; null for all
 * @returns {WindowFinder}
 */
export const melodyWindows = (steps, programs) => ({
  nothingFound: "no melody: there are no notes but drums; a model of drums reads those",
  *search({ sections }, { trackNames, programNames }) {
    for (const section of sections) {
      /** @type {MusicWindow[]} */
      const windows = [];
      for (const [number, track] of tracksOf(section)) {
        const name = trackNames[number] ?? "";
        const { notes, others } = selectNotes(track, programs, name, programNames);
        yield* others;
        const lines = extractMelodies(notes, STEPS_PER_BAR);
        const dropped = lines.reduce((sum, line) => sum + line.dropped, 0);
        const title = name || "the melody";
        if (dropped) yield leftOut(`${title}: ${counted(dropped, "note")} under the top line`);
        const needed = counted(Math.floor(steps / STEPS_PER_BAR), "bar");
        const reason = `(${title} plays too briefly; a window takes ${needed} without a bar's rest)`;
        for (const { start, stop, notes: line } of lines) {
          if (stop - start < steps) yield leftOut(reason, barNumbersOf(section, start, stop));
          for (let step = start; step <= stop - steps; step += STEPS_PER_BAR) {
            windows.push(cutWindow(line, section, step, steps));
          }
        }
      }
      yield* windows.sort((one, other) => one.bar - other.bar);
    }
  },
  identity: ({ notes }) => notes.map(({ step, pitch, length }) => `${step} ${pitch} ${length}`).join(),
});

/**
 * The notes of a track that the model has classes for, if it reads the track's program at all.
 * @param {GridNote[]} track
 * @param {[number, number] | null} programs
 * @param {string} name             of the track
 * @param {string[]} programNames
 */
function selectNotes(track, programs, name, programNames) {
  const [low, high] = programs ?? [0, 127];
  /** @type {LeftOut[]} */
  const others = [];
  const pitched = track.filter(({ isDrum }) => !isDrum);
  const isRead = (/** @type {GridNote} */ { program }) => low <= program && program <= high;
  const notes = pitched.filter(isRead);
  if (notes.length < pitched.length) {
    const strangers = pitched.filter((note) => !isRead(note));
    const title = name || programNames[strangers.reduce((least, { program }) => Math.min(least, program), Infinity)];
    others.push(
      leftOut(
        `${title} is not among programs ${low} to ${high}; to read it all the same: track=${quoted(title)} in Python, ` +
          `--track ${shellQuoted(title)} on the command line`,
      ),
    );
  }
  const inRange = notes.filter(({ pitch }) => MIN_PITCH <= pitch && pitch <= MAX_PITCH);
  const outside = notes.length - inRange.length;
  if (outside) {
    const range = `${MIN_PITCH} to ${MAX_PITCH}`;
    others.push(leftOut(`${counted(outside, "note")} outside MIDI pitch ${range}; transpose by octaves`));
  }
  return { notes: inRange, others };
}
