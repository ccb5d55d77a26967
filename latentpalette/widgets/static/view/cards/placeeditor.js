// Editor of a corner or an end, of the kind that its music needs: steps for drums, a piano roll for a melody or a bass.
/** @import { Auditioner, Disposables, MusicState, Places } from "../../types.js" */

import { createDrumEditor } from "./drumeditor.js";
import { createMelodyEditor } from "./melodyeditor.js";

/**
 * @param {object} options
 * @param {MusicState} options.state
 * @param {Places} options.places
 * @param {Auditioner} options.transport
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @returns {ReturnType<typeof createDrumEditor> | ReturnType<typeof createMelodyEditor> | null}   null for several streams
 */
export function createPlaceEditor(options) {
  const [only, ...others] = options.state.streams;
  if (others.length) return null;
  return only.is_drum ? createDrumEditor(options) : createMelodyEditor(options);
}
