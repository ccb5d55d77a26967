// What latent sliders ask the engine of their page: the z of other music, and what is decoded where they stand.
/** @import { ClipJson, EngineMusic } from "../../../types.js" */

import { clipFromJson } from "../../../state/clip.js";
import { bytesOf, tableOf } from "./bytes.js";

/** @param {EngineMusic} music */
export function createSlidersAnswers(music) {
  return {
    /** @param {{ clip: ClipJson }} body */
    *encode({ clip }) {
      return { body: {}, buffers: [bytesOf(music.encode([clipFromJson(clip)]).mu)] };
    },
    /**
     * @param {object} _
     * @param {{ buffers: Uint8Array<ArrayBuffer>[] }} context   z
     */
    *place(_, { buffers: [z] }) {
      return { body: {}, buffers: [tableOf(yield* music.decode(new Float32Array(z.slice().buffer)))] };
    },
  };
}
