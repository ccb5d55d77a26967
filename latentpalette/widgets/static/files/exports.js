// Files that a palette exports, made of its plain state. Mutes, locks, accents and original corners are as in the
// palette; the volume is not, as it is a setting of the listener.
/** @import { Cell, ExportedFile, ExportedState, GainOf, Kit } from "../types.js" */

import { STEPS_PER_BAR, stepSeconds } from "../audio/clock.js";
import { loopGain } from "../audio/loudness.js";
import { mixLoop, mixSong } from "../audio/mixer.js";
import { playbackOrder } from "../audio/pathorder.js";
import { cellAt, cellCenter, cellsAlong, formatWeight, weightsAt } from "../state/geometry.js";
import { joinClips, playedClip } from "../state/clip.js";
import { loopOfClip } from "../state/loop.js";
import { midiFile } from "./smf.js";
import { wavFile } from "./wav.js";
import { zipFile } from "./zip.js";

const MAX_LAP_BARS = 20000; // of a path as MIDI
const MAX_WAV_SECONDS = 1800;
const MIDI_TYPE = "audio/midi";
const WAV_TYPE = "audio/wav";
const ZIP_TYPE = "application/zip";

/**
 * The cell under the puck as MIDI, one loop long.
 * @param {ExportedState} state
 * @returns {ExportedFile}
 */
export function cellMidi(state) {
  const cell = cellAt(...state.puck, state.size);
  return { name: `${cellName(cell)}.mid`, type: MIDI_TYPE, bytes: cellMidiBytes(state, cell) };
}

/**
 * The cell under the puck as sound: exactly one loop; what rings past its end sounds at its beginning, for repetition.
 * @param {ExportedState} state
 * @param {Kit} kit
 * @returns {ExportedFile}
 */
export function cellWav(state, kit) {
  const cell = cellAt(...state.puck, state.size);
  const mix = mixLoop({ ...loopOfClip(clipOf(state, cell), state, (loop) => loopGain(loop, kit)), kit });
  const cues = [{ frame: 0, label: cellLabel(cell, state.size) }];
  return { name: `${cellName(cell)}.wav`, type: WAV_TYPE, bytes: wavFile({ ...mix, cues }) };
}

/**
 * One lap of the path as MIDI, with a marker where each cell begins.
 * @param {ExportedState} state
 * @returns {ExportedFile}
 * @throws {Error}   if there is no path
 */
export function pathMidi(state) {
  const { qpm, streams } = state;
  const bytes = midiFile({ ...pathSong(state), qpm, streams, name: "latentpalette path" });
  return { name: "path.mid", type: MIDI_TYPE, bytes };
}

/**
 * One lap of the path as sound. The last notes ring out after the end of the last bar.
 * @param {ExportedState} state
 * @param {Kit} kit
 * @returns {ExportedFile}
 * @throws {Error}   if there is no path
 */
export function pathWav(state, kit) {
  const { steps: length } = pathLap(state);
  const seconds = length * stepSeconds(state.qpm);
  if (seconds > MAX_WAV_SECONDS) {
    const [lasts, limit] = [seconds, MAX_WAV_SECONDS].map((time) => `${Math.round(time / 60)} minutes`);
    throw new Error(`One lap of this path lasts ${lasts}; a WAV file takes up to ${limit}. Export it as MIDI.`);
  }
  const { notes, steps, markers } = pathSong(state, (loop) => loopGain(loop, kit));
  const mix = mixSong({ notes, steps, qpm: state.qpm, kit });
  const frameAt = (/** @type {number} */ step) => Math.round(step * stepSeconds(state.qpm) * kit.rate);
  const cues = markers.map(({ step, text }) => ({ frame: frameAt(step), label: text }));
  return { name: "path.wav", type: WAV_TYPE, bytes: wavFile({ ...mix, cues }) };
}

/**
 * Every cell of the grid as a MIDI file, in an archive.
 * @param {ExportedState} state
 * @returns {ExportedFile}
 */
export function gridZip(state) {
  const files = [];
  for (let row = 0; row < state.size; row++) {
    for (let col = 0; col < state.size; col++) {
      files.push({ name: `${cellName({ row, col })}.mid`, bytes: cellMidiBytes(state, { row, col }) });
    }
  }
  return { name: `palette_${state.size}x${state.size}.zip`, type: ZIP_TYPE, bytes: zipFile(files) };
}

/**
 * @param {ExportedState} state
 * @param {Cell} cell
 */
function cellMidiBytes(state, cell) {
  const text = cellLabel(cell, state.size);
  const { qpm, streams } = state;
  return midiFile({ ...playedClip(clipOf(state, cell), state), qpm, streams, markers: [{ step: 0, text }], name: text });
}

/**
 * @param {ExportedState} state
 * @param {Cell} cell
 */
function clipOf(state, cell) {
  const clip = state.clipAt(cell.row, cell.col);
  if (!clip) throw new Error(`Cell r${cell.row + 1} c${cell.col + 1} is still being decoded. Try again in a moment.`);
  return clip;
}

/**
 * The cells of one lap, and its length.
 * @param {ExportedState} state
 */
function pathLap(state) {
  const cells = cellsAlong(state.points, state.size);
  if (!cells.length) throw new Error("There is no path yet. Choose Draw and draw one across the cells first.");
  const lap = playbackOrder(cells.length, state.path_mode).map((turn) => cells[turn]);
  const bars = lap.length * state.bars_per_cell;
  if (bars > MAX_LAP_BARS) {
    throw new Error(`One lap of this path has ${bars} bars; a file takes up to ${MAX_LAP_BARS}. Draw a shorter one.`);
  }
  return { lap, steps: bars * STEPS_PER_BAR };
}

/**
 * @param {ExportedState} state
 * @param {GainOf} [gainOf]
 */
function pathSong(state, gainOf) {
  const { lap } = pathLap(state);
  const barsPerCell = state.bars_per_cell;
  const clips = lap.map((cell) => clipOf(state, cell));
  const gains = clips.map((clip) => gainOf && loopOfClip(clip, state, gainOf).gain);
  const song = joinClips(
    clips.map((clip) => playedClip(clip, state)),
    barsPerCell,
    (note, turn) => ({ ...note, gain: gains[turn] }),
  );
  const length = barsPerCell * STEPS_PER_BAR;
  return { ...song, markers: lap.map((cell, turn) => ({ step: turn * length, text: cellLabel(cell, state.size) })) };
}

/**
 * A cell in a file name. Rows and columns count from 1, as people do.
 * @param {Cell} cell
 */
function cellName({ row, col }) {
  const two = (/** @type {number} */ number) => String(number + 1).padStart(2, "0");
  return `r${two(row)}_c${two(col)}`;
}

/**
 * A cell and its corner weights: "r3 c7 · A .32 B .48 C .08 D .12".
 * @param {Cell} cell
 * @param {number} size
 */
export function cellLabel({ row, col }, size) {
  const weights = weightsAt(...cellCenter(row, col, size)).map((weight, k) => `${"ABCD"[k]} ${formatWeight(weight)}`);
  return `r${row + 1} c${col + 1} · ${weights.join(" ")}`;
}
