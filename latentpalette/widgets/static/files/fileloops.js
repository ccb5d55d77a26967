// The loops of a MIDI file that is dropped on an instrument, as Python responds to a request "midi": clips of the model
// with their bars, tempo and what is in none of them.
/** @import { LeftOut, MidiLoop, ModelConverter, MusicWindow, Score } from "../types.js" */

import { writtenClip } from "../engine/converters/clipjson.js";
import { readScore } from "./midifile.js";
import { MidiError, firstCharacters, listSome, withCommas, withDigits } from "./midi/wording.js";
import { clipOfWindow, findExcerpts } from "./windows/excerpts.js";
import { barsInWords, describeLeftOut } from "./windows/leftout.js";
import { lastBarOf } from "./windows/pieces.js";

const MAX_LOOPS = 500; // of one file
const MAX_SENTENCES = 20;
const MAX_LENGTH = 1000; // of a sentence
const MAX_NAME_LENGTH = 40;

/**
 * Every loop of a MIDI file that a model can read, in order; and what is in none of them, in words.
 * @param {ModelConverter} converter
 * @param {Uint8Array} bytes
 * @param {string} name   of the file
 * @returns {{ windows: MidiLoop[], left_out: string[] }}
 * @throws {MidiError}    if it cannot be read
 */
export function readLoops(converter, bytes, name) {
  if (!bytes.length) throw new MidiError(`${name} is empty: there is no music in it.`);
  const score = readScore(bytes, converter.meta.names.instruments);
  const { windows, others } = findExcerpts(score, converter);
  if (!windows.length) {
    const reasons = others.map(describeLeftOut);
    return { windows: [], left_out: reasons.length ? reasons : [`${name} is empty`] };
  }
  const leftOut = pieceLeftOut(score, others);
  const later = windows.length - MAX_LOOPS;
  if (later > 0) leftOut.push(`${withCommas(later)} later loops are not listed`);
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
 */
function pieceLeftOut(score, others) {
  const sentences = [...others.map(describeLeftOut), ...otherTracks(score), ...tempoChanges(score)];
  const missing = sentences.length - MAX_SENTENCES + 1;
  if (missing > 1) {
    const more = `${withCommas(missing)} more parts are left out; model.excerpts(file) lists them`;
    sentences.splice(MAX_SENTENCES - 1, missing, more);
  }
  return sentences.map((sentence) => firstCharacters(sentence, MAX_LENGTH));
}

/** @param {Score} score */
function otherTracks({ notes, trackNames }) {
  const drums = new Set(notes.flatMap(({ isDrum, track }) => (isDrum ? [track] : [])));
  const tracks = [...new Set(notes.map(({ track }) => track))];
  const others = tracks.filter((track) => !drums.has(track)).sort((a, b) => a - b);
  if (!others.length || !drums.size) return [];
  const nameOf = (/** @type {number} */ track) => firstCharacters((trackNames[track] ?? "").trim(), MAX_NAME_LENGTH);
  const names = others.map((track) => nameOf(track) || `track ${track + 1}`);
  return [`tracks without drums: ${listSome(names)}`];
}

/** @param {Score} score */
function tempoChanges({ tempos }) {
  const names = [...new Set(tempos.map(({ qpm }) => withDigits(qpm, 4)))];
  if (names.length < 2) return [];
  return [`changes of the tempo: ${listSome(names)} qpm; a loop has the tempo at which it begins`];
}
