// What every instrument asks the engine of its page: a sample, and the loops of a MIDI file.
/** @import { EngineMusic } from "../../../types.js" */

import { clipToJson } from "../../../state/clip.js";

const BEST_OF = 8; // as in first_sample.py

/** @param {EngineMusic} music */
export function createMusicAnswers(music) {
  return {
    /**
     * @param {{ temperature: number, seed: number }} body
     * @param {{ traits: { conditions: Record<string, any> } }} context
     */
    *sample({ temperature, seed }, { traits: { conditions = {} } }) {
      const [clip] = yield* music.sample(1, { temperature, seed, bestOf: BEST_OF, conditions });
      const names = Object.values(conditions).filter((value) => typeof value === "string");
      return { body: { clip: clipToJson(clip), label: [`Sampled #${seed}`, ...names].join(", ") }, buffers: [] };
    },
    /**
     * @param {{ name: string, track: number | null }} body
     * @param {{ buffers: Uint8Array<ArrayBuffer>[] }} context
     */
    *midi({ name, track }, { buffers: [bytes] }) {
      return { body: music.readLoops(bytes, name, track), buffers: [] };
    },
  };
}
