// What a groove panel asks the engine of its page: another drummer, hats, drums from taps, the drums of a song, and the song
// with its drums as they are played.
/** @import { Feel } from "../../../state/feel.js" */
/** @import { Clip, ClipJson, EngineMusic, Lane } from "../../../types.js" */

import { STEPS_PER_BAR } from "../../../audio/clock.js";
import { clipOfSong, leftOutOfSong, nameOfSong, readDrumSong, songMidi, trackOfSong } from "../../../files/drumsong.js";
import { clipFromJson } from "../../../state/clip.js";
import { writtenClip } from "../../converters/clipjson.js";
import { addHats, drumsFromTaps, humanize, onGrid } from "../../drummers.js";

/**
 * @typedef {{ traits: { accents: number[][] } }} Context
 */

/**
 * @param {EngineMusic} music                      of the model that humanizes
 * @param {Record<string, EngineMusic>} drummers   those that add hats ("hats") and play taps ("tap")
 */
export function createGrooveAnswers({ model }, { hats, tap }) {
  /** @param {Clip} clip @param {number} spread @param {number} seed */
  const played = (clip, spread, seed) => writtenClip(humanize(model, clip, spread, seed));
  /** @param {Record<string, any>} body */
  const responseOf = (body) => ({ body, buffers: [] });
  return {
    /** @param {{ written_clip: ClipJson, spread: number, seed: number }} body */
    *humanize({ written_clip, spread, seed }) {
      return responseOf({ played_clip: played(clipFromJson(written_clip), spread, seed) });
    },
    /**
     * @param {{ written_clip: ClipJson, temperature: number, spread: number, seed: number }} body
     * @param {Context} context
     */
    *hats({ written_clip, temperature, spread, seed }, { traits: { accents } }) {
      const written = clipFromJson(written_clip);
      const clip = onGrid(addHats(hats.model, written, temperature, seed), accents, model, written.notes);
      return responseOf({ written_clip: writtenClip(clip), played_clip: played(clip, spread, seed) });
    },
    /**
     * @param {{ taps: [step: number, offset: number][], bars: number, temperature: number, seed: number }} body
     * @param {Context} context
     */
    *tap({ taps, bars, temperature, seed }, { traits: { accents } }) {
      const clip = drumsFromTaps(tap.model, taps, bars * STEPS_PER_BAR, temperature, seed);
      return responseOf({ written_clip: writtenClip(onGrid(clip, accents, model)), played_clip: writtenClip(clip) });
    },
    /**
     * @param {{ track: number | null, spread: number, seed: number }} body
     * @param {{ buffers: Uint8Array<ArrayBuffer>[] }} context
     */
    *song({ track, spread, seed }, { buffers: [bytes] }) {
      const song = readDrumSong(model.converter, bytes, track);
      let written;
      try {
        written = clipOfSong(song);
      } catch (problem) {
        return responseOf({ reason: /** @type {Error} */ (problem).message, ...song.tracks });
      }
      return responseOf({
        written_clip: writtenClip(written),
        played_clip: played(written, spread, seed),
        left_out: leftOutOfSong(song),
        source_id: nameOfSong(bytes, track),
        qpm: song.piece.qpm,
        ...song.tracks,
      });
    },
    /**
     * @param {object} _
     * @param {{ traits: Feel & { source_id: string, written_clip: ClipJson, played_clip: ClipJson, lanes: Lane[], mutes: boolean[] },
     *   buffers: Uint8Array<ArrayBuffer>[] }} context   with the file that the loop is from
     */
    *file(_, { traits: { source_id, written_clip, played_clip, lanes, mutes, ...feel }, buffers: [bytes] }) {
      const muted = lanes.flatMap(({ pitches }, index) => (mutes[index] ? (pitches ?? []) : []));
      const clips = { written: clipFromJson(written_clip), played: clipFromJson(played_clip) };
      const isAudible = (/** @type {number} */ pitch) => !muted.includes(pitch);
      const song = readDrumSong(model.converter, bytes, trackOfSong(source_id));
      return { body: {}, buffers: [songMidi(song, { ...clips, feel, isAudible })] };
    },
  };
}
