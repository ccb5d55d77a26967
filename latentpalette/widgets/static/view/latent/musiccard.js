// Card of the music that the sliders begin with: a preset, a sample, a MIDI file; what of a file is not in it.
/** @import { LatentSession } from "../../types.js" */

import { createLeftOutList } from "../cards/cornernotes.js";
import { createFileWindows } from "../cards/filewindows.js";
import { createPlaceSources } from "../cards/placesources.js";
import { el } from "../dom.js";
import { acceptFiles } from "../filedrop.js";

/**
 * @param {object} options
 * @param {LatentSession} options.session
 * @param {() => string} options.unavailable   why there can be no other music, or ""
 * @param {HTMLElement} options.grip           of its clip
 */
export function createMusicCard({ session, unavailable, grip }) {
  const { state, commands, places, request, onError } = session;
  const sources = createPlaceSources({ state, places, place: () => 0, of: "the music", unavailable, onFiles: load, onError });
  const found = createFileWindows({ state, commands, places, request, unavailable, showReading: sources.say, onError });
  const leftOut = createLeftOutList("Not in the music");
  const element = el(
    "section",
    { class: "lp-card lp-music-card", data: { corner: 0 }, aria: { label: "Music" } },
    el(
      "div",
      { class: "lp-row lp-nowrap lp-head" },
      el("i", { class: "lp-swatch", text: "A", aria: { hidden: true } }),
      el("h4", { class: "lp-title", text: "Music" }),
      sources.preset,
      grip,
    ),
    sources.element,
    found.element,
    leftOut.element,
  );
  acceptFiles(element, load);

  /** @param {File[]} files */
  async function load(files) {
    const isRead = await found.read(files, 0);
    show();
    return isRead;
  }
  function show() {
    sources.show();
    leftOut.show(state.get("left_out")[0]);
    if (unavailable()) sources.preset.disabled = true;
  }
  return { element, show, roll: sources.roll, read: load };
}
