// A clip that was copied, as a MIDI file.
/** @import { CopiedClip, ExportedFile } from "../types.js" */

import { clipFromJson } from "../state/clip.js";
import { midiFile } from "./smf.js";

/**
 * @param {CopiedClip} copied
 * @returns {ExportedFile}
 */
export function copiedMidi({ clip, label, qpm, streams }) {
  const name = label.replace(/[^\p{L}\p{N},.()#&+-]+/gu, " ").replace(/^[ .]+/, "").trimEnd().slice(0, 80) || "clip";
  return { name: `${name}.mid`, type: "audio/midi", bytes: midiFile({ ...clipFromJson(clip), qpm, streams, name: label }) };
}
