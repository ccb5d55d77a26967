// Card of an end: where its music is from, what of a file is not in it, and the button that edits it.
/** @import { EndsSession } from "../../types.js" */

import { createLeftOutList } from "../cards/cornernotes.js";
import { createFileWindows } from "../cards/filewindows.js";
import { createPlaceSources } from "../cards/placesources.js";
import { LETTERS } from "../color.js";
import { el } from "../dom.js";
import { acceptFiles } from "../filedrop.js";

/**
 * @param {object} options
 * @param {EndsSession} options.session
 * @param {number} options.end                         0 or 1
 * @param {() => string} options.unavailable           why the model cannot be asked, or ""
 * @param {HTMLElement} options.grip                   of its clip
 * @param {((end: number) => void) | null} [options.onEdit]   opens and closes the editor; null where there is none
 */
export function createEndCard({ session, end, unavailable, grip, onEdit = null }) {
  const { state, commands, ends, request, onError } = session;
  const letter = LETTERS[end];
  const sources = createPlaceSources({
    state,
    places: ends,
    place: () => end,
    of: `end ${letter}`,
    firstSeed: 1 + 100 * end,
    unavailable,
    onFiles: load,
    onError,
  });
  const found = createFileWindows({ state, commands, places: ends, request, unavailable, showReading: sources.say, onError });
  const leftOut = createLeftOutList(`Not in end ${letter}`);
  const edit = el("button", {
    class: "lp-control lp-small lp-toggle",
    type: "button",
    text: "Edit",
    aria: { label: `Edit end ${letter}`, pressed: false },
    on: { click: () => onEdit?.(end) },
  });
  const element = el(
    "section",
    { class: "lp-card lp-end", data: { corner: end }, aria: { label: `End ${letter}` } },
    el(
      "div",
      { class: "lp-row lp-nowrap lp-head" },
      el("i", { class: "lp-swatch", text: letter, aria: { hidden: true } }),
      el("h4", { class: "lp-title", text: `End ${letter}` }),
      sources.preset,
      grip,
      onEdit && edit,
    ),
    sources.element,
    found.element,
    leftOut.element,
  );
  acceptFiles(element, load);

  /** @param {File[]} files */
  async function load(files) {
    const isRead = await found.read(files, end);
    show();
    return isRead;
  }

  /** @param {boolean} [isEdited] */
  function show(isEdited = false) {
    sources.show();
    found.show();
    leftOut.show(state.get("left_out")[end]);
    edit.setAttribute("aria-pressed", String(isEdited));
  }
  return { element, show, roll: sources.roll, read: load };
}
