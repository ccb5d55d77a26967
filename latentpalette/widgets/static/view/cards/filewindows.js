// The loops of a MIDI file that was loaded into a corner or an end: which bars, at which tempo, and what was left out.
/** @import { InstrumentState, MidiLoop, OnError, Places, Request } from "../../types.js" */

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createLeftOutList, createTempoOffer } from "./cornernotes.js";

const MAX_MIDI_BYTES = 16 << 20; // as Python accepts them

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
  const element = el("div", { class: "lp-found", hidden: true });
  const close = () => {
    element.hidden = true;
  };
  /**
   * Show the loops of a file, and put the first into a place.
   * @param {string} fileName
   * @param {number} place
   * @param {{ windows: MidiLoop[], left_out: string[] }} found   as Python responds to a request "midi"
   */
  function show(fileName, place, { windows, left_out: leftOut }) {
    const tempo = createTempoOffer({ state, commands });
    const choose = (/** @type {number} */ i) => {
      const { clip, label, left_out: lacking, qpm } = windows[i];
      places.put(place, clip, `${fileName} ${label}`, lacking);
      tempo.offer(qpm);
    };
    const select = el(
      "select",
      { class: "lp-control lp-small", aria: { label: `Loops of ${fileName}` } },
      ...windows.map(({ label }, i) => el("option", { value: i, text: label })),
    );
    select.addEventListener("change", () => choose(Number(select.value)));
    const count = windows.length === 1 ? "1 loop" : `${windows.length} loops`;
    const dismiss = el(
      "button",
      { class: "lp-mini", type: "button", aria: { label: "Close the list of loops" }, on: { click: close } },
      icon("clear"),
    );
    const reasons = createLeftOutList("Left out");
    if (windows.length) choose(0);
    else reasons.show(leftOut);
    element.replaceChildren(
      el(
        "div",
        { class: "lp-row lp-nowrap" },
        el("b", { class: "lp-corner-name", text: `${fileName}: ${count}`, title: fileName }),
        el("span", { class: "lp-space" }),
        windows.length ? select : null,
        dismiss,
      ),
      tempo.element,
      reasons.element,
    );
    element.hidden = false;
  }
  return {
    element,
    close,
    /**
     * Read a MIDI file. It holds many loops: show them all, and what was left out and why.
     * @param {File[]} files   the first is read
     * @param {number} place
     * @returns {Promise<boolean>}   true if there is one
     */
    async read([midi, ...others], place) {
      const reason = unavailable();
      const isTooLarge = midi.size > MAX_MIDI_BYTES;
      if (reason || isTooLarge) {
        onError(new Error(reason || `${midi.name} is too large for a MIDI file of loops.`));
        return false;
      }
      onError(null); // the last file's
      showReading(`reading ${midi.name} …`);
      try {
        const { body } = await request("midi", { name: midi.name.slice(0, 1000) }, [await midi.arrayBuffer()]);
        show(midi.name, place, body);
        if (others.length) {
          onError(new Error(`${others.length + 1} files at once: ${midi.name} is read. Drop one at each ${places.word}.`));
        }
        return body.windows.length > 0;
      } catch (problem) {
        onError(problem);
        return false;
      }
    },
  };
}
