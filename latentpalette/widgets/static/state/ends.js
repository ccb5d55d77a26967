// The two ends of an instrument that lies between two pieces of music, as places with music to edit and to replace.
/** @import { Clip, Places, Request } from "../types.js" */
/** @import { SessionState } from "./instrumentsession.js" */

import { byStep, clipFromJson, clipToJson } from "./clip.js";
import { MAX_LABEL_LENGTH, editedLabel } from "./labels.js";

export const END_TRAITS = ["end_clips", "labels", "left_out", "interpolation", "use_original_ends"];

/**
 * @param {object} options
 * @param {SessionState} options.state
 * @param {{ change(values: Record<string, any>, isFurther?: boolean): void }} options.commands
 * @param {Request} options.request
 * @param {(end: number) => void} options.choose     lets an end play, unless something else is to
 * @param {() => number | null} options.audible      the end that sounds, or is chosen
 */
export function createEnds({ state, commands, request, choose, audible }) {
  /** @type {{ json: unknown, clips: Clip[] }} */
  let read = { json: null, clips: [] };
  /** @param {number} end   0 or 1 */
  function clip(end) {
    const json = state.get("end_clips");
    if (json !== read.json) read = { json, clips: json.map(clipFromJson) };
    return read.clips[end];
  }
  /**
   * @param {string} trait   a list, a value for each end
   * @param {number} end
   * @param {any} value
   */
  const replaced = (trait, end, value) => ({
    [trait]: state.get(trait).map((/** @type {any} */ own, /** @type {number} */ k) => (k === end ? value : own)),
  });

  /** @type {Places & { readonly steps: number, silence(): Clip }} */
  const ends = {
    word: "end",
    clip,
    json: (end) => state.get("end_clips")[end],
    /** Length of the music [sixteenths]. */
    get steps() {
      return state.get("end_clips")[0].steps;
    },
    silence: () => ({ ...clip(0), notes: [] }),
    put(end, music, label, leftOut = []) {
      commands.change({
        ...replaced("end_clips", end, music),
        ...replaced("labels", end, label.slice(0, MAX_LABEL_LENGTH)),
        ...replaced("left_out", end, leftOut),
      });
      choose(end);
    },
    async sample(end, temperature, seed) {
      const { body } = await request("sample", { temperature, seed });
      ends.put(end, body.clip, body.label);
    },
    beginEdit(end) {
      commands.change(replaced("labels", end, editedLabel(state.get("labels")[end])));
    },
    editNotes(end, notes) {
      const { steps } = clip(end);
      commands.change(replaced("end_clips", end, clipToJson({ steps, notes: [...notes].sort(byStep) })), true);
    },
    play: choose,
    get playing() {
      return audible();
    },
  };
  return ends;
}
