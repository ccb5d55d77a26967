// The loops of a MIDI file that is dropped on an instrument, as Python responds to a request "midi": clips of the model
// with their bars, tempo and what is in none of them.
/** @import { FileLoops, LeftOut, ModelConverter, MusicWindow, Score } from "../types.js" */

import { writtenClip } from "../engine/converters/clipjson.js";
import { takesOf, tracksFor, tracksToJson } from "./filetracks.js";
import { readScore } from "./midifile.js";
import { MidiError, firstCharacters, listSome, withCommas, withDigits } from "./midi/wording.js";
import { clipOfWindow, findExcerpts } from "./windows/excerpts.js";
import { barsInWords, describeLeftOut } from "./windows/leftout.js";
import { lastBarOf } from "./windows/pieces.js";
import { selectTrack } from "./windows/trackchoice.js";

const MAX_LOOPS = 500; // of one file
const MAX_SENTENCES = 20;
const MAX_LENGTH = 1000; // of a sentence
const MAX_NAME_LENGTH = 40;

/**
 * Every loop of a MIDI file that a model can read, in order; what is in none of them, in words; and the tracks of the file.
 * @param {ModelConverter} converter
 * @param {Uint8Array} bytes
 * @param {string} name             of the file
 * @param {number | null} [track]   the number of the one that is read; null for the best
 * @returns {FileLoops}
 * @throws {MidiError}              if it cannot be read, or has no such track
 */
export function readLoops(converter, bytes, name, track = null) {
  if (!bytes.length) throw new MidiError(`${name} is empty: there is no music in it.`);
  const score = readScore(bytes, converter.meta.names.instruments);
  const { windows, others, melody } = findExcerpts(score, converter, track);
  const takes = takesOf(converter.meta);
  const read = melody && windows.length ? [melody] : tracksFor(takes, score);
  const tracks = tracksToJson(score, takes, track ?? (read.length === 1 ? read[0].number : null));
  if (windows.length) {
    // The reason names the melody, if one of several is read.
    const unread = melody ? [] : otherTracks(score, selectTrack(score, takes, track));
    const leftOut = pieceLeftOut(score, others, unread);
    return { ...loopsOf(converter, windows, leftOut), ...tracks };
  }
  const reasons = others.map(describeLeftOut);
  return { windows: [], left_out: reasons.length ? reasons : [`${name} is empty`], ...tracks };
}

/**
 * @param {ModelConverter} converter
 * @param {MusicWindow[]} windows
 * @param {string[]} others   what of the file is in none of them
 */
function loopsOf(converter, windows, others) {
  const later = windows.length - MAX_LOOPS;
  const leftOut = later > 0 ? [...others, `${withCommas(later)} later loops are not listed`] : others;
  return {
    windows: windows.slice(0, MAX_LOOPS).map((window, index) => {
      const label = barsInWords(window.bar, lastBarOf(window));
      const choice = windows.length > 1 ? [`${label} are read, loop ${index + 1} of ${withCommas(windows.length)}`] : [];
      return { label, clip: loopClip(converter, window), qpm: window.qpm, left_out: [...choice, ...leftOut] };
    }),
    left_out: leftOut,
  };
}

/**
 * What the model reads of a window, as Python writes it.
 * @param {ModelConverter} converter
 * @param {MusicWindow} window
 */
function loopClip(converter, window) {
  const clip = converter.canonical(clipOfWindow(window, converter.meta));
  if (window.notes.length && !clip.notes.length) {
    const names = converter.meta.streams.map(({ name }) => name).join(" or ");
    throw new MidiError(`It is ${names}; the model knows none of its notes (${window.notes.length}).`);
  }
  return writtenClip(clip);
}

/**
 * The parts of a file that are in none of its loops.
 * @param {Score} score
 * @param {LeftOut[]} others
 * @param {string[]} tracks   that are not read, in words
 */
function pieceLeftOut(score, others, tracks) {
  const sentences = [...others.map(describeLeftOut), ...tracks, ...tempoChanges(score)];
  const missing = sentences.length - MAX_SENTENCES + 1;
  if (missing > 1) {
    const more = `${withCommas(missing)} more parts are left out; model.excerpts(file) lists them`;
    sentences.splice(MAX_SENTENCES - 1, missing, more);
  }
  return sentences.map((sentence) => firstCharacters(sentence, MAX_LENGTH));
}

/**
 * @param {Score} score
 * @param {Score} selected   what of it was read
 */
function otherTracks(score, selected) {
  const { notes, trackNames } = score;
  const drums = new Set(selected.notes.flatMap(({ isDrum, track }) => (isDrum ? [track] : [])));
  const tracks = [...new Set(notes.map(({ track }) => track))];
  const others = tracks.filter((track) => !drums.has(track)).sort((a, b) => a - b);
  if (!others.length || !drums.size) return [];
  const nameOf = (/** @type {number} */ track) => firstCharacters((trackNames[track] ?? "").trim(), MAX_NAME_LENGTH);
  const names = others.map((track) => nameOf(track) || `track ${track + 1}`);
  return [`${selected === score ? "tracks without drums" : "tracks that are not read"}: ${listSome(names)}`];
}

/** @param {Score} score */
function tempoChanges({ tempos }) {
  const names = [...new Set(tempos.map(({ qpm }) => withDigits(qpm, 4)))];
  if (names.length < 2) return [];
  return [`changes of the tempo: ${listSome(names)} qpm; a loop has the tempo at which it begins`];
}
