// Windows of trios: wherever a melody, a bass and drums play together, a bar apart. With several tracks for a stream each
// combination is tried.
/** @import { DrumClasses, GridNote, LeftOut, MusicWindow, Section, WindowFinder } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { MAX_PITCH, MIN_PITCH } from "../../engine/converters/melody.js";
import { extractMelodies } from "../../engine/converters/topline.js";
import { sortNotes } from "../midi/gridnotes.js";
import { withCommas } from "../midi/wording.js";
import { leftOut } from "./leftout.js";
import { cutWindow, tracksOf } from "./pieces.js";
import { isBassProgram } from "./trackroles.js";

const MELODY = 0;
const BASS = 1;
const DRUMS = 2;
const NAMES = ["melody", "bass", "drums"];
const HAVE_NO = "have no ";
const FEWER = "track=... and drums=... in Python or --track and --drums on the command line choose tracks";
const ADVICE = [
  "track=... in Python or --track on the command line chooses a melody",
  "a bass is a track with a General MIDI program from 33 to 40 (Acoustic Bass to Synth Bass 2)",
  "drums=... in Python or --drums on the command line chooses drums",
];
const MAX_REST_BARS = 2; // a stream may rest this long and still count as playing
const MAX_BARS = 1024;
const LIMITS = { combinations: 32, windows: 2_000, notes: 1_000_000 }; // of one piece

/** @typedef {{ notes: GridNote[], active: boolean[] }} Part   of a track what the model has classes for, and its bars */

/**
 * The stream that a note belongs to; -1 for instruments that are in none.
 * @param {GridNote} note
 * @param {[number, number] | null} programs   of melodies; null for all but those of basses
 */
export function trioStream({ isDrum, program }, programs) {
  if (isDrum) return DRUMS;
  if (isBassProgram(program)) return BASS;
  return !programs || (programs[0] <= program && program <= programs[1]) ? MELODY : -1;
}

/**
 * @param {number} steps
 * @param {DrumClasses} drums
 * @param {[number, number] | null} programs   of melodies
 * @returns {WindowFinder}
 */
export const trioWindows = (steps, drums, programs) => ({
  nothingFound: "there are no notes",
  *search({ sections }) {
    let [numWindows, numNotes] = [0, 0];
    for (const section of sections) {
      const bars = Math.min(Math.ceil(lastStep(section) / STEPS_PER_BAR), MAX_BARS);
      /** @type {[number, number]} */
      const barNumbers = [section.bar, section.bar + Math.max(bars, 1) - 1];
      const parts = partsByStream(section, drums, programs, bars);
      const none = reasonForNone(parts, bars, steps);
      if (none) {
        yield leftOut(none, barNumbers);
        continue;
      }
      const { combinations, reason } = limitCombinations(parts);
      if (reason) yield leftOut(reason, barNumbers);
      /** @type {MusicWindow[]} */
      const windows = [];
      for (const [number, combination] of combinations.entries()) {
        if (number && (numWindows > LIMITS.windows || numNotes > LIMITS.notes)) {
          yield leftOut(`have so many windows that other combinations of tracks are not tried; ${FEWER}`, barNumbers);
          break;
        }
        for (const window of searchCombination(combination, section, bars, steps)) {
          numWindows += 1;
          numNotes += window.notes.length;
          windows.push(window);
        }
      }
      if (!windows.length) {
        const rest = `none may rest for more than ${2 * MAX_REST_BARS} bars`;
        yield leftOut(`do not have melody, bass and drums for a whole window; ${rest}`, barNumbers);
      }
      yield* windows.sort((one, other) => one.bar - other.bar);
    }
  },
  identity: null,
});

/**
 * True for the reason that bars lack a stream.
 * @param {LeftOut} reason
 */
export const isMissingStream = ({ reason }) => reason.startsWith(HAVE_NO);

/** @param {Section} section */
const lastStep = ({ notes }) => notes.reduce((last, { note }) => Math.max(last, note.step + note.length), 0);

/**
 * The tracks of each stream; one with notes of several streams counts for none.
 * @param {Section} section
 * @param {DrumClasses} drums
 * @param {[number, number] | null} programs
 * @param {number} bars
 */
function partsByStream(section, drums, programs, bars) {
  /** @type {Part[][]} */
  const parts = [[], [], []];
  for (const [, track] of tracksOf(section)) {
    const streams = new Set(track.map((note) => trioStream(note, programs)));
    const [stream] = streams;
    if (streams.size > 1 || stream < 0) continue;
    const notes =
      stream === DRUMS
        ? track.filter(({ pitch }) => drums.classOf(pitch) >= 0)
        : (extractMelodies(track.filter(({ pitch }) => MIN_PITCH <= pitch && pitch <= MAX_PITCH))[0]?.notes ?? []);
    parts[stream].push({ notes, active: activeBars(notes, bars) });
  }
  return parts;
}

/**
 * Why there is no window, whichever tracks are combined; empty if there may be one.
 * @param {Part[][]} parts
 * @param {number} bars
 * @param {number} steps
 */
function reasonForNone(parts, bars, steps) {
  const missing = [MELODY, BASS, DRUMS].filter((stream) => !parts[stream].length);
  if (missing.length) {
    const names = missing.map((stream) => NAMES[stream]).join(" and no ");
    return `${HAVE_NO}${names}; ${missing.map((stream) => ADVICE[stream]).join("; ")}`;
  }
  const needed = Math.floor(steps / STEPS_PER_BAR);
  return bars < needed ? `are fewer than the ${needed} a window takes; repeat them, or add some` : "";
}

/**
 * The windows of a melody, a bass and drums.
 * @param {Part[]} combination
 * @param {Section} section
 * @param {number} bars
 * @param {number} steps
 */
function* searchCombination(combination, section, bars, steps) {
  const barsPerWindow = Math.floor(steps / STEPS_PER_BAR);
  const active = allActive(combination, bars);
  const notes = sortNotes(combination.flatMap((part) => part.notes));
  let inRow = 0; // active bars up to this one
  for (let bar = 0; bar < bars; bar++) {
    inRow = active[bar] ? inRow + 1 : 0;
    if (inRow >= barsPerWindow) yield cutWindow(notes, section, (bar + 1 - barsPerWindow) * STEPS_PER_BAR, steps);
  }
}

/**
 * At most so many combinations of tracks as are tried, and a reason if there are more: then those tracks that play in the
 * fewest bars are left out, one by one, from the stream that has the most.
 * @param {Part[][]} parts
 */
function limitCombinations(parts) {
  const counts = parts.map(({ length }) => length);
  const product = () => counts.reduce((total, count) => total * count, 1);
  const total = product();
  while (product() > LIMITS.combinations) counts[counts.indexOf(Math.max(...counts))] -= 1;
  const [melodies, basses, drums] = parts.map((of, stream) => mostActive(of, counts[stream]));
  const combinations = melodies.flatMap((melody) => basses.flatMap((bass) => drums.map((drum) => [melody, bass, drum])));
  const tried = combinations.length;
  const most = `${tried} of those that play in the most bars are tried`;
  const reason = `have ${withCommas(total)} combinations of tracks; ${most}; ${FEWER}`;
  return { combinations, reason: tried < total ? reason : "" };
}

/**
 * The tracks that play in the most bars, in their order.
 * @param {Part[]} parts
 * @param {number} count
 */
function mostActive(parts, count) {
  const barsOf = (/** @type {Part} */ { active }) => active.filter(Boolean).length;
  const ranked = [...parts].sort((one, other) => barsOf(other) - barsOf(one)).slice(0, count);
  return parts.filter((part) => ranked.includes(part));
}

/**
 * The bars in which notes sound, or that are near enough to one.
 * @param {GridNote[]} notes
 * @param {number} bars
 */
function activeBars(notes, bars) {
  const sounding = new Array(bars).fill(false);
  for (const { step, length } of notes) {
    sounding.fill(true, Math.floor(step / STEPS_PER_BAR), Math.ceil((step + length) / STEPS_PER_BAR));
  }
  const near = (/** @type {number} */ bar) => sounding.slice(Math.max(0, bar - MAX_REST_BARS), bar + MAX_REST_BARS + 1);
  return sounding.map((_, bar) => near(bar).includes(true));
}

/**
 * The bars in which every part is active. Near the ends of the piece one part is enough, so that a window that was cut
 * out can be read again.
 * @param {Part[]} parts
 * @param {number} bars
 */
function allActive(parts, bars) {
  const all = Array.from({ length: bars }, (_, bar) => parts.every(({ active }) => active[bar]));
  const one = all.map((_, bar) => parts.some(({ active }) => active[bar]));
  const edge = Math.max(bars - MAX_REST_BARS, 0);
  all.fill(one.slice(0, MAX_REST_BARS).includes(true), 0, MAX_REST_BARS);
  return all.fill(one.slice(edge).includes(true), edge);
}
