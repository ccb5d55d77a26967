// Card of the corner that is edited: where its music comes from, what of a file is not in it, and an editor of its kind.
/** @import { Commands, Disposables, OnError, Playback, Request, State } from "../../types.js" */

import { cornerPlaces } from "../../state/cornerplaces.js";
import { canAsk } from "../../state/requests.js";
import { LETTERS, cornerWeights, markColor } from "../color.js";
import { acceptFiles } from "../filedrop.js";
import { el, setText } from "../dom.js";
import { isStateFile } from "../menus/stateentries.js";
import { createCornerTabs } from "../cornertabs.js";
import { createLeftOutList } from "./cornernotes.js";
import { createFileWindows } from "./filewindows.js";
import { createListener } from "./listener.js";
import { createPlaceEditor } from "./placeeditor.js";
import { createPlaceSources } from "./placesources.js";

const NEEDS_PYTHON =
  "This page has no Python behind it: you hear the corner as you edit it, but new blends need the notebook.";
const NEEDS_CELL = "You hear the corner as you edit it. For new blends, run the cell again: your edits are offered there.";

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Playback} options.playback
 * @param {Commands} options.commands
 * @param {Disposables} options.disposables
 * @param {Request} options.request
 * @param {() => boolean} options.isDark
 * @param {HTMLElement} options.grip   of its clip
 * @param {(corner: number) => void} options.onSelect
 * @param {(file: File) => void} options.onStateFile   called with a file that holds no music, but a whole state
 * @param {OnError} options.onError
 */
export function createCornerCard({ state, playback, commands, disposables, request, isDark, grip, onSelect, onStateFile, onError }) {
  const needed = `Needs Python: ${state.get("origin") ? "run the cell again" : "open the palette in a notebook"}`;
  const unavailable = () => (canAsk(state, "sample") ? "" : needed);
  const places = cornerPlaces({ state, commands, playback });
  let corner = 0;

  const tabs = createCornerTabs({ label: "Corner to edit", nameOf: (letter) => `Edit corner ${letter}`, onSelect });
  const letter = el("span");
  const title = el("h4", { class: "lp-title" }, el("span", { class: "lp-tabbed", text: "Corner " }), letter);
  const name = el("span", { class: "lp-dim lp-corner-name" });
  const sources = createPlaceSources({
    state,
    places,
    place: () => corner,
    unavailable,
    onFiles: (files) => load(files, corner),
    onError,
  });
  const fileWindows = createFileWindows({
    state,
    commands,
    places,
    request,
    unavailable: () => (canAsk(state, "midi") ? "" : "Reading a MIDI file needs Python: open the palette in a notebook."),
    showReading: (text) => setText(name, text),
    onError,
  });
  const leftOutList = createLeftOutList("Not in this corner");
  const editor =
    createPlaceEditor({ state, places, transport: playback, disposables, isDark }) ??
    createListener({ state, playback, disposables, isDark });
  const hint = el("p", { class: "lp-hint", text: state.get("origin") ? NEEDS_CELL : NEEDS_PYTHON, hidden: true });

  /**
   * Read a MIDI file, or a state.
   * @param {File[]} files   the first is read
   * @param {number} into    corner
   */
  async function load(files, into) {
    if (isStateFile(files[0])) onStateFile(files[0]);
    else await read(files, into);
  }
  /**
   * Read a MIDI file.
   * @param {File[]} files   the first is read
   * @param {number} into    corner
   */
  async function read(files, into) {
    if (canAsk(state, "midi")) onSelect(into);
    const isRead = await fileWindows.read(files, into);
    show();
    return isRead;
  }

  const element = el(
    "section",
    { class: "lp-card lp-corner", aria: { label: "Corner" } },
    el(
      "div",
      { class: "lp-row lp-nowrap lp-head" },
      title,
      name,
      el("span", { class: "lp-space" }),
      editor.pager,
      grip,
      tabs.element,
    ),
    sources.element,
    fileWindows.element,
    leftOutList.element,
    editor.element,
    hint,
  );
  acceptFiles(element, (files) => load(files, corner));

  function show() {
    const label = state.get("labels")[corner];
    setText(letter, LETTERS[corner]);
    setText(name, label);
    name.title = label;
    element.dataset.corner = String(corner);
    tabs.show(corner);
    sources.show();
    fileWindows.show();
    leftOutList.show(state.get("left_out")[corner]);
    hint.hidden = canAsk(state, "decode") || !state.isStale;
    editor.show(corner, markColor(cornerWeights(corner), isDark()));
  }

  return {
    element,
    show,
    load,
    places,
    read,
    /** @param {number} step   the audible one, or -1 */
    movePlayhead: (step) => editor.movePlayhead(playback.corner === corner ? step : -1),
    get corner() {
      return corner;
    },
    /** @param {number} which */
    select(which) {
      if (which !== corner) fileWindows.close();
      corner = which;
      show();
    },
  };
}
