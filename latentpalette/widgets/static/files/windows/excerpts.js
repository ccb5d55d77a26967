// Windows of a piece that a model can read, in order, and the reasons why the rest was left out, as Python's
// `model.excerpts` finds them. Of several tracks the melody is the best one that has windows.
/** @import { Clip, ConverterMeta, LeftOut, ModelConverter, MusicWindow, Score, WindowFinder } from "../../types.js" */

import { drumClasses } from "../../engine/converters/drumclasses.js";
import { byStep } from "../../state/clip.js";
import { drumWindows } from "./drumwindows.js";
import { grooveWindows } from "./groovewindows.js";
import { leftOut, mergeLeftOut } from "./leftout.js";
import { melodyWindows } from "./melodywindows.js";
import { lastBarOf, loadSections, wholeSection } from "./pieces.js";
import { melodyCandidates, trioCandidates } from "./trackselection.js";
import { isMissingStream, trioStream, trioWindows } from "./triowindows.js";

const NOTHING = "there are no notes";

/** @typedef {{ windows: MusicWindow[], others: LeftOut[] }} Excerpts */

/**
 * @param {Score} score
 * @param {ModelConverter} converter
 * @returns {Excerpts}
 */
export function findExcerpts(score, converter) {
  const finder = finderOf(converter.meta);
  /** @type {Excerpts | null} */
  let first = null;
  for (const candidate of candidatesOf(score, converter.meta)) {
    let { windows, others } = findWindows(candidate.score, finder);
    if (!windows.length) {
      const whole = wholePiece(candidate.score, converter);
      if (whole) {
        // Of the reasons those that are about notes and not about bars.
        const lacking = others.filter((reason) => reason.first === null || isMissingStream(reason));
        windows = [whole];
        others = unique([...candidate.score.warnings.map((warning) => leftOut(warning)), ...lacking]);
      }
    }
    const found = { windows, others: [...candidate.others, ...others] };
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
 */
function candidatesOf(score, { name, programs }) {
  if (name === "melody") return melodyCandidates(score, programs);
  return name === "trio" ? trioCandidates(score, programs) : [{ score, others: [] }];
}

/**
 * The windows of a piece, in the order of their bars; one that occurred before is a repeat.
 * @param {Score} score
 * @param {WindowFinder} finder
 * @returns {Excerpts}
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
 */
function wholePiece(score, converter) {
  const { sections, others } = loadSections(score);
  if (sections.length !== 1 || others.length) return null;
  const whole = wholeSection(sections[0]);
  if (whole.steps !== converter.steps) return null;
  const { name, programs } = converter.meta;
  const [low, high] = (name === "melody" && programs) || [0, 127];
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
