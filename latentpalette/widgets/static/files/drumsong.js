// Songs with drums: the drums are read as a loop, played by a drummer, and written back into the file; all else in it
// stays as it is. Python does the same in widgets/drum_sources.py.
/** @import { Clip, DrumClasses, GridNote, ModelConverter, Score, TrackList } from "../types.js" */
/** @import { Feel } from "../state/feel.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { drumClasses } from "../engine/converters/drumclasses.js";
import { grooveFrames, notesOfFrames } from "../engine/converters/groove.js";
import { onOffsetGrid } from "../engine/converters/registry.js";
import { feltHits, swungPlace } from "../state/feel.js";
import { readScore } from "./midifile.js";
import { replaceDrumNotes } from "./midi/rewrite.js";
import { MidiError, counted } from "./midi/wording.js";
import { tracksFor, tracksToJson } from "./filetracks.js";
import { sortNotes } from "./midi/gridnotes.js";
import { sha256 } from "./sha256.js";
import { wholePiece } from "./wholepiece.js";
import { selectTrack } from "./windows/trackchoice.js";

const MAX_STEPS = 4096; // of a loop, as in widgets/clips.py

/**
 * @typedef {object} DrumSong
 * @property {Uint8Array<ArrayBuffer>} bytes   the file
 * @property {Score} score
 * @property {{ notes: GridNote[], steps: number, qpm: number }} piece   of whole bars
 * @property {DrumClasses} drums
 * @property {TrackList} tracks   of the file
 */

/**
 * A name for a song, by the content of its file and the track that is its drums, where one was chosen: that of
 * drum_sources.py, as either of the two may respond.
 * @param {Uint8Array} bytes
 * @param {number | null} track
 */
export const nameOfSong = (bytes, track) => sha256(bytes).slice(0, 16) + (track === null ? "" : `.${track}`);

/**
 * The track that is the drums of a song, by its name; null where none was chosen.
 * @param {string} name
 */
export const trackOfSong = (name) => Number(name.split(".")[1]) || null;

/**
 * Read a song.
 * @param {ModelConverter} converter   of the model whose drums are read
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number | null} [track]   the number of the one that is its drums; null for those that it has
 * @returns {DrumSong}
 * @throws {MidiError}   if it cannot be read, has no such track, or is too long
 */
export function readDrumSong({ meta }, bytes, track = null) {
  const whole = readScore(bytes, meta.names.instruments);
  const score = selectTrack(whole, "drums", track);
  const piece = wholePiece(score);
  const bars = Math.max(Math.ceil(piece.steps / STEPS_PER_BAR), 1);
  const most = MAX_STEPS / STEPS_PER_BAR;
  if (bars > most) {
    const advice = `Cut it: lp.GroovePanel(sequence.slice(0, ${MAX_STEPS})).`;
    throw new MidiError(`MIDI file has ${counted(bars, "bar")}; a panel takes up to ${most}. ${advice}`);
  }
  const drums = drumClasses(meta.drums ?? { classes: [], accents: null });
  const own = tracksFor("drums", whole);
  const tracks = tracksToJson(whole, "drums", track ?? (own.length === 1 ? own[0].number : null));
  return { bytes, score, piece: { ...piece, steps: bars * STEPS_PER_BAR }, drums, tracks };
}

/**
 * The drums that the model represents, as they are written.
 * @param {DrumSong} song
 * @returns {Clip}
 * @throws {MidiError}   if there are none
 */
export function clipOfSong({ piece: { notes, steps }, drums }) {
  const own = notes.filter(({ isDrum }) => isDrum).map(({ isDrum, program, ...note }) => ({ ...note, stream: 0 }));
  const clip = { steps, notes: notesOfFrames(grooveFrames(own, drums, steps), drums, steps) };
  if (clip.notes.length) return clip;
  throw new MidiError(
    `MIDI file: no drums that the model knows, among ${counted(notes.length, "note")}. Drums are on channel 10; name the ` +
      "tracks that are drums instead: lp.GroovePanel(loop, drums=...).",
  );
}

/**
 * Sentences on what of the music is not shown: it stays as it is in what is saved.
 * @param {DrumSong} song
 */
export function leftOutOfSong({ piece: { notes }, drums }) {
  const others = notes.filter(({ isDrum }) => !isDrum).length;
  const unknown = notes.filter(({ isDrum, pitch }) => isDrum && drums.classOf(pitch) < 0).length;
  return [
    ...(others ? [`${counted(others, "note")} of other instruments`] : []),
    ...(unknown ? [`${counted(unknown, "hit")} of percussion that the model has no class for`] : []),
  ].map((sentence) => `${sentence}: kept as written in what you save`);
}

/**
 * The song with its drums as they are played: hits that are gone are left out, new ones are added. All else of the file is
 * as it was.
 * @param {DrumSong} song
 * @param {{ written: Clip, played: Clip, feel: Feel, isAudible: (pitch: number) => boolean }} drummer
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function songMidi({ bytes, score, piece, drums }, { written, played, feel, isAudible }) {
  const exact = (/** @type {Clip} */ { steps, notes }) => ({ steps, notes: notes.map(onOffsetGrid) }); // not four digits
  const felt = feltHits(exact(written), exact(played), feel);
  /** @type {Map<string, { step: number, offset: number, velocity: number, pitch: number, isUsed: boolean }>} */
  const hits = new Map();
  written.notes.forEach(({ step, pitch }, index) => {
    const { step: at, offset, velocity } = felt[index];
    if (isAudible(pitch)) hits.set(`${step} ${pitch}`, { step: at, offset, velocity, pitch, isUsed: false });
  });
  const notes = piece.notes.flatMap((note) => {
    if (!note.isDrum) return [note];
    const drum = drums.classOf(note.pitch);
    const hit = drum < 0 ? null : hits.get(`${note.step} ${drums.pitches[drum]}`);
    if (hit === undefined) return [];
    if (hit === null || hit.isUsed) return [{ ...note, ...swungPlace(note, piece.steps, feel) }]; // one more, as of a flam
    hit.isUsed = true;
    const { step, offset, velocity } = hit;
    return [{ ...note, step, offset, velocity }];
  });
  const added = [...hits.values()].flatMap(({ isUsed, ...hit }) =>
    isUsed ? [] : [{ ...hit, length: 1, isDrum: true, program: 0 }],
  );
  return replaceDrumNotes(bytes, "MIDI data", score, { notes: sortNotes([...notes, ...added]), steps: piece.steps });
}
