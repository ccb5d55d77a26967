// Songs with drums in a page, as a test calls them: what is read of a file, and the file with other drums.

import { createConverter } from "../../../latentpalette/widgets/static/engine/converters/registry.js";
import { writtenClip } from "../../../latentpalette/widgets/static/engine/converters/clipjson.js";
import { clipOfSong, leftOutOfSong, readDrumSong, songMidi } from "../../../latentpalette/widgets/static/files/drumsong.js";
import { readScore } from "../../../latentpalette/widgets/static/files/midifile.js";
import { replaceDrumNotes } from "../../../latentpalette/widgets/static/files/midi/rewrite.js";
import { wholePiece } from "../../../latentpalette/widgets/static/files/wholepiece.js";
import { clipFromJson } from "../../../latentpalette/widgets/static/state/clip.js";

export const piece = (bytes, programs) => wholePiece(readScore(bytes, programs));

export const rewritten = (bytes, programs, music) => replaceDrumNotes(bytes, "MIDI data", readScore(bytes, programs), music);

export function song(meta, bytes, track = null) {
  const read = readDrumSong(createConverter(meta), bytes, track);
  const written_clip = writtenClip(clipOfSong(read));
  return { written_clip, left_out: leftOutOfSong(read), qpm: read.piece.qpm, ...read.tracks };
}

export function played(meta, bytes, { written, played: drummer, feel, muted, track = null }) {
  const [one, other] = [written, drummer].map(clipFromJson);
  const isAudible = (pitch) => !muted.includes(pitch);
  return songMidi(readDrumSong(createConverter(meta), bytes, track), { written: one, played: other, feel, isAudible });
}
