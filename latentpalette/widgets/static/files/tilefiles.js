// Files of a sampler: a tile as MIDI and as sound, the starred ones in an archive. Mutes and locks are as in the sampler.
/** @import { Clip, ExportedFile, Kit, PlayedSettings } from "../types.js" */

import { loopGain } from "../audio/loudness.js";
import { mixLoop } from "../audio/mixer.js";
import { playedClip } from "../state/clip.js";
import { loopOfClip } from "../state/loop.js";
import { midiFile } from "./smf.js";
import { wavFile } from "./wav.js";
import { zipFile } from "./zip.js";

/** @typedef {{ index: number, clip: Clip, label: string }} Tile */

/** @param {number} index */
const nameOf = (index) => `tile_${String(index + 1).padStart(2, "0")}`;

/** @param {Tile} tile */
const markerOf = ({ index, label }) => `tile ${index + 1}${label ? ` · ${label}` : ""}`;

/**
 * @param {Tile} tile
 * @param {PlayedSettings} played
 * @returns {ExportedFile}
 */
export function tileMidi(tile, played) {
  const text = markerOf(tile);
  const { qpm, streams } = played;
  const bytes = midiFile({ ...playedClip(tile.clip, played), qpm, streams, markers: [{ step: 0, text }], name: text });
  return { name: `${nameOf(tile.index)}.mid`, type: "audio/midi", bytes };
}

/**
 * Exactly one loop; what rings past its end sounds at its beginning, for repetition.
 * @param {Tile} tile
 * @param {PlayedSettings} played
 * @param {Kit} kit
 * @returns {ExportedFile}
 */
export function tileWav(tile, played, kit) {
  const mix = mixLoop({ ...loopOfClip(tile.clip, played, (loop) => loopGain(loop, kit)), kit });
  const cues = [{ frame: 0, label: markerOf(tile) }];
  return { name: `${nameOf(tile.index)}.wav`, type: "audio/wav", bytes: wavFile({ ...mix, cues }) };
}

/**
 * @param {string} name
 * @param {ExportedFile[]} files
 * @returns {ExportedFile}
 */
export const archive = (name, files) => ({ name, type: "application/zip", bytes: zipFile(files) });
