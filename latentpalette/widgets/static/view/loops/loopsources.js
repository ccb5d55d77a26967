// Where a corner's music comes from, if it is not sketched: a preset, a sample of the model, a MIDI file.
/** @import { LoopsSession, Places } from "../../types.js" */

import { createLeftOutList } from "../cards/cornernotes.js";
import { createFileWindows } from "../cards/filewindows.js";
import { createPlaceSources } from "../cards/placesources.js";
import { el } from "../dom.js";
import { acceptFiles } from "../filedrop.js";
import { isStateFile } from "../menus/stateentries.js";

/**
 * @param {object} options
 * @param {LoopsSession} options.session
 * @param {() => number} options.corner                          that is edited
 * @param {() => string} options.unavailable                     why Python cannot be asked, or ""
 * @param {() => void} options.onPut                             called when there is other music
 * @param {(file: File) => Promise<void>} options.openState
 */
export function createLoopSources({ session, corner, unavailable, onPut, openState }) {
  const { state, commands, actions, request, onError } = session;
  /** @type {Pick<Places, "word" | "json" | "put" | "sample" | "play">} */
  const places = {
    word: "corner",
    json: (at) => state.get("corner_clips")[at],
    put(at, clip, label, leftOut) {
      actions.setCorner(at, clip, label, leftOut);
      onPut();
    },
    async sample(at, temperature, seed) {
      await actions.sample(at, temperature, seed);
      onPut();
    },
    play() {}, // what is put there plays
  };
  const sources = createPlaceSources({ state, places, place: corner, showsLabel: true, unavailable, onFiles: load, onError });
  const found = createFileWindows({ state, commands, places, request, unavailable, showReading: sources.say, onError });
  const leftOut = createLeftOutList("Not in this corner");
  const element = el("div", { class: "lp-loop-sources" }, sources.element, found.element, leftOut.element);
  acceptFiles(element, load);

  /** @param {File[]} files   the first is read */
  async function load(files) {
    if (isStateFile(files[0])) await openState(files[0]);
    else await read(files);
  }
  /** @param {File[]} files */
  async function read(files) {
    const isRead = await found.read(files, corner());
    sources.show();
    return isRead;
  }

  return {
    element,
    load,
    read,
    roll: sources.roll,
    /** @param {boolean} isCorner   whether a corner is edited */
    show(isCorner) {
      sources.element.hidden = !isCorner;
      if (!isCorner) found.close();
      sources.show();
      found.show();
      leftOut.show(isCorner ? state.get("left_out")[corner()] : []);
    },
  };
}
