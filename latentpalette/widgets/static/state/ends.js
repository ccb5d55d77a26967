// The two ends of an instrument that lies between two pieces of music: their clips, and what puts other music there.
/** @import { Clip, ClipJson, Request } from "../types.js" */
/** @import { SessionState } from "./instrumentsession.js" */

import { clipFromJson } from "./clip.js";

export const END_TRAITS = ["end_clips", "labels", "left_out", "interpolation", "use_original_ends"];

/**
 * @param {object} options
 * @param {SessionState} options.state
 * @param {{ change(values: Record<string, any>): void }} options.commands
 * @param {Request} options.request
 */
export function createEnds({ state, commands, request }) {
  /** @type {{ json: unknown, clips: Clip[] }} */
  let read = { json: null, clips: [] };
  const ends = {
    /**
     * The clip of an end as it is written.
     * @param {number} end   0 or 1
     */
    clip(end) {
      const json = state.get("end_clips");
      if (json !== read.json) read = { json, clips: json.map(clipFromJson) };
      return read.clips[end];
    },
    /** Length of the music [sixteenths]. */
    get steps() {
      return state.get("end_clips")[0].steps;
    },
    /** @returns {Clip} */
    silence: () => ({ ...ends.clip(0), notes: [] }),
    /**
     * @param {number} end   0 or 1
     * @param {ClipJson} clip
     * @param {string} label
     * @param {string[]} [leftOut]
     */
    set(end, clip, label, leftOut = []) {
      const put = (/** @type {any[]} */ list, /** @type {any} */ value) => list.map((own, k) => (k === end ? value : own));
      commands.change({
        end_clips: put(state.get("end_clips"), clip),
        labels: put(state.get("labels"), label),
        left_out: put(state.get("left_out"), leftOut),
      });
    },
    /**
     * Put a sample of the model at an end.
     * @param {number} end
     * @param {number} temperature
     * @param {number} seed
     */
    async sample(end, temperature, seed) {
      const { body } = await request("sample", { temperature, seed });
      ends.set(end, body.clip, body.label);
    },
  };
  return ends;
}
