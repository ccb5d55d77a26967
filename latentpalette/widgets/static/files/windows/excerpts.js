// Windows of a piece that a model can read, in order, and the reasons why the rest was left out, as Python's
// `model.excerpts` finds them. Of several tracks the melody is the best one that has windows.
/** @import { Candidate, Clip, ConverterMeta, LeftOut, ModelConverter, MusicWindow, Score, TrackInfo, WindowFinder } from "../../types.js" */

import { drumClasses } from "../../engine/converters/drumclasses.js";
import { byStep } from "../../state/clip.js";
import { drumWindows } from "./drumwindows.js";
import { grooveWindows } from "./groovewindows.js";
import { leftOut, mergeLeftOut } from "./leftout.js";
import { melodyWindows } from "./melodywindows.js";
import { lastBarOf, loadSections, wholeSection } from "./pieces.js";
import { selectTrack } from "./trackchoice.js";
import { melodyCandidates, trioCandidates } from "./trackselection.js";
import { isMissingStream, trioStream, trioWindows } from "./triowindows.js";

const NOTHING = "there are no notes";

/** @typedef {{ windows: MusicWindow[], others: LeftOut[], melody: TrackInfo | null }} Excerpts */

/**
 * @param {Score} score
 * @param {ModelConverter} converter
 * @param {number | null} [track]   the number of the one that is read, as the melody or as drums; null for the best
 * @returns {Excerpts}
 * @throws {Error}                  if there is no such track
 */
export function findExcerpts(score, converter, track = null) {
  // A chosen melody is read whatever its instrument.
  const programs = track === null ? converter.meta.programs : null;
  const finder = finderOf({ ...converter.meta, programs });
  /** @type {Excerpts | null} */
  let first = null;
  for (const candidate of candidatesOf(score, converter.meta, track)) {
    let { windows, others } = findWindows(candidate.score, finder);
    if (!windows.length) {
      const whole = wholePiece(candidate.score, converter, programs);
      if (whole) {
        // Of the reasons those that are about notes and not about bars.
        const lacking = others.filter((reason) => reason.first === null || isMissingStream(reason));
        windows = [whole];
        others = unique([...candidate.score.warnings.map((warning) => leftOut(warning)), ...lacking]);
      }
    }
    const found = { windows, others: [...candidate.others, ...others], melody: candidate.melody };
    if (windows.length) return found;
    first ??= found;
  }
  return /** @type {Excerpts} */ (first); // there is a candidate, whatever the piece
}

/**
 * The notes of a window as a clip of the streams of a model; those of no stream are left out.
 * @param {MusicWindow} window
 * @param {ConverterMeta} meta
 * @returns {Clip}
 */
export function clipOfWindow({ notes, steps }, { name, programs }) {
  const streamOf = (/** @type {MusicWindow["notes"][number]} */ note) => {
    if (name === "trio") return trioStream(note, programs);
    return note.isDrum === (name !== "melody") ? 0 : -1;
  };
  const own = notes.map((note) => {
    const { step, offset, length, pitch, velocity } = note;
    return { step, offset, length, pitch, velocity, stream: streamOf(note) };
  });
  return { steps, notes: own.filter(({ stream }) => stream >= 0).sort(byStep) };
}

/**
 * @param {ConverterMeta} meta
 * @returns {WindowFinder}
 */
function finderOf({ name, steps, drums, programs, names }) {
  if (name === "melody") return melodyWindows(steps, programs);
  const classes = drumClasses(drums ?? { classes: [], accents: null });
  if (name === "trio") return trioWindows(steps, classes, programs);
  return (name === "groove" ? grooveWindows : drumWindows)(steps, classes, names.drums);
}

/**
 * The selections of tracks in which windows are searched for, the best first.
 * @param {Score} score
 * @param {ConverterMeta} meta
 * @param {number | null} track   that is chosen
 * @returns {Candidate[]}
 */
function candidatesOf(score, { name, programs }, track) {
  if (name === "trio") return trioCandidates(score, programs, track);
  if (name === "melody" && track === null) return melodyCandidates(score, programs);
  return [{ score: selectTrack(score, name === "melody" ? "melody" : "drums", track), others: [], melody: null }];
}

/**
 * The windows of a piece, in the order of their bars; one that occurred before is a repeat.
 * @param {Score} score
 * @param {WindowFinder} finder
 * @returns {Omit<Excerpts, "melody">}
 */
function findWindows(score, finder) {
  const piece = loadSections(score);
  /** @type {MusicWindow[]} */
  const windows = [];
  let others = [...piece.others];
  const known = new Set();
  /** @type {LeftOut[]} */
  const repeats = [];
  for (const found of finder.search(piece, score)) {
    if ("reason" in found) {
      others.push(found);
      continue;
    }
    const identity = finder.identity?.(found);
    const isRepeat = identity !== undefined && known.has(identity);
    if (isRepeat) repeats.push(leftOut("repeat earlier bars", [found.bar, lastBarOf(found)]));
    else windows.push(found);
    known.add(identity);
  }
  others = others.concat(repeats);
  if (!windows.length && !others.length) others.push(leftOut(score.notes.length ? finder.nothingFound : NOTHING));
  return { windows, others: [...score.warnings.map((warning) => leftOut(warning)), ...mergeLeftOut(others)] };
}

/**
 * A piece as its only window, if it is as long as one and not silent; else null. So a loop with a silent first or last
 * bar is a window, which the search in a longer piece would leave out.
 * @param {Score} score
 * @param {ModelConverter} converter
 * @param {[number, number] | null} programs   of melodies
 */
function wholePiece(score, converter, programs) {
  const { sections, others } = loadSections(score);
  if (sections.length !== 1 || others.length) return null;
  const whole = wholeSection(sections[0]);
  if (whole.steps !== converter.steps) return null;
  const [low, high] = (converter.meta.name === "melody" && programs) || [0, 127];
  const notes = whole.notes.filter(({ isDrum, program }) => isDrum || (low <= program && program <= high));
  const window = { ...whole, notes };
  return converter.canonical(clipOfWindow(window, converter.meta)).notes.length ? window : null;
}

/**
 * Each reason once, in order.
 * @param {LeftOut[]} reasons
 */
function unique(reasons) {
  const keyOf = (/** @type {LeftOut} */ { reason, first, last }) => `${first} ${last} ${reason}`;
  return [...new Map(reasons.map((reason) => [keyOf(reason), reason])).values()];
}
