// The loops of a MIDI file that was loaded into a corner or an end: which track, which bars, at which tempo, and what was
// left out.
/** @import { FileLoops, InstrumentState, OnError, Places, Request } from "../../types.js" */

import { requestLoops, tooLarge } from "../../state/filerequest.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createLeftOutList, createTempoOffer } from "./cornernotes.js";
import { chosenInWords, createTrackSelect, nameOf } from "./trackselect.js";

const MAX_LABEL = 300; // characters, as Python accepts them

/**
 * A file that is shown, and what was read of it.
 * @typedef {object} Shown
 * @property {File} file
 * @property {number} place
 * @property {Map<number | null, FileLoops>} read   by the track that was asked for
 * @property {number | null} asked                  the one that is shown
 */

/**
 * @param {object} options
 * @param {Pick<InstrumentState, "get">} options.state
 * @param {{ change(values: { qpm: number }): void }} options.commands
 * @param {Pick<Places, "word" | "put">} options.places
 * @param {Request} options.request
 * @param {() => string} options.unavailable               why no file can be read, or ""
 * @param {(text: string) => void} options.showReading     says that a file is being read
 * @param {OnError} options.onError
 */
export function createFileWindows({ state, commands, places, request, unavailable, showReading, onError }) {
  /** @type {Shown | null} */
  let shown = null;
  const name = el("b", { class: "lp-corner-name" });
  const spoken = el("span", { class: "lp-spoken", role: "status" });
  const bars = el("select", {
    class: "lp-control lp-small lp-bars",
    aria: { label: "Loops of the file" },
    on: { change: () => put(Number(bars.value)) },
  });
  const tracks = createTrackSelect((track) => void choose(track));
  const tempo = createTempoOffer({ state, commands });
  const reasons = createLeftOutList("Left out");
  const dismiss = el(
    "button",
    { class: "lp-mini", type: "button", aria: { label: "Close the list of loops" }, on: { click: close } },
    icon("clear"),
  );
  const element = el(
    "div",
    { class: "lp-found", hidden: true },
    el("div", { class: "lp-row lp-nowrap" }, name, el("span", { class: "lp-space" }), dismiss),
    el("div", { class: "lp-row lp-choices" }, tracks.element, bars),
    spoken,
    tempo.element,
    reasons.element,
  );
  function close() {
    shown = null;
    element.hidden = true;
  }

  /** @param {Shown} of */
  const present = ({ read, asked }) => /** @type {FileLoops} */ (read.get(asked));

  /**
   * What a loop is called where it is put: by its file and bars, and by the track if that was chosen.
   * @param {Shown} of
   * @param {number | null} asked
   * @param {number} index
   */
  function labelOf({ file, read }, asked, index) {
    const { windows, tracks: listed } = /** @type {FileLoops} */ (read.get(asked));
    const track = asked === null ? undefined : listed.find(({ number }) => number === asked);
    return [file.name, ...(track ? [nameOf(track)] : []), windows[index].label].join(" ").slice(0, MAX_LABEL);
  }

  /** @param {number} index   of a loop */
  function put(index) {
    if (!shown) return;
    const { clip, left_out: lacking, qpm } = present(shown).windows[index];
    places.put(shown.place, clip, labelOf(shown, shown.asked, index), lacking);
    tempo.offer(qpm);
    speak(index);
  }

  /** @param {number} index   of the loop that was chosen; -1 where there is none */
  function speak(index) {
    if (!shown) return;
    const found = present(shown);
    const { windows } = found;
    const loop = windows[index];
    const words = loop ? [loop.label, `loop ${index + 1} of ${windows.length}`] : ["no loop", ...found.left_out];
    setText(spoken, `${shown.file.name}: ${[chosenInWords(found), ...words].filter(Boolean).join(", ")}`);
  }

  /** List the loops of the track that is asked for. */
  function listLoops() {
    if (!shown) return;
    const { windows, left_out: leftOut, track } = present(shown);
    const count = windows.length === 1 ? "1 loop" : `${windows.length || "no"} loops`;
    setText(name, `${shown.file.name}: ${count}`);
    name.title = shown.file.name;
    bars.setAttribute("aria-label", `Loops of ${shown.file.name}`);
    bars.replaceChildren(
      ...windows.map(({ label }, i) => el("option", { value: i, text: label })),
      el("option", { value: "", text: "Loop…", hidden: true }), // where the place has none of them
    );
    bars.hidden = !windows.length;
    tracks.show(track);
    reasons.show(windows.length ? [] : leftOut);
  }

  /** Show the loops of the track that is asked for, and put the first into the place. */
  function takeFirst() {
    if (!shown) return;
    listLoops();
    tempo.offer(null); // the last track's
    element.hidden = false;
    const { windows } = present(shown);
    bars.value = windows.length ? "0" : "";
    if (windows.length) put(0);
    else speak(-1);
  }

  /**
   * Read another track of the file that is shown.
   * @param {number | null} track
   */
  async function choose(track) {
    const own = shown;
    if (!own) return;
    const asked = track === own.read.get(null)?.track ? null : track;
    onError(null);
    try {
      if (!own.read.has(asked)) own.read.set(asked, await requestLoops(request, own.file, asked));
    } catch (problem) {
      if (shown === own) tracks.show(present(own).track);
      return onError(problem);
    }
    if (shown !== own || Number(tracks.element.value || 0) !== (track ?? 0)) return; // closed, or another was chosen
    own.asked = asked;
    takeFirst();
  }

  return {
    element,
    close,
    /** Show what the place has of the file now: a change may have been undone, or its notes edited. */
    show() {
      if (!shown) return;
      const own = shown;
      const label = state.get("labels")[own.place];
      const indexIn = (/** @type {number | null} */ asked) =>
        own.read.get(asked)?.windows.findIndex((_, index) => labelOf(own, asked, index) === label) ?? -1;
      const found = [own.asked, ...own.read.keys()].find((asked) => indexIn(asked) >= 0);
      if (found !== undefined && found !== own.asked) {
        own.asked = found;
        listLoops();
      }
      bars.value = found === undefined ? "" : String(indexIn(found));
    },
    /**
     * Read a MIDI file. It holds many loops, and maybe several tracks: show them all, and what was left out and why.
     * @param {File[]} files   the first is read
     * @param {number} place
     * @returns {Promise<boolean>}   true if there is a loop
     */
    async read([file, ...others], place) {
      const reason = unavailable() || tooLarge(file);
      if (reason) {
        onError(new Error(reason));
        return false;
      }
      onError(null); // the last file's
      showReading(`reading ${file.name} …`);
      try {
        const found = await requestLoops(request, file);
        shown = { file, place, read: new Map([[null, found]]), asked: null };
        tracks.offer(file.name, found, found.windows.length > 0);
        takeFirst();
        if (others.length) {
          onError(new Error(`${others.length + 1} files at once: ${file.name} is read. Drop one at each ${places.word}.`));
        }
        return found.windows.length > 0;
      } catch (problem) {
        onError(problem);
        return false;
      }
    },
  };
}
