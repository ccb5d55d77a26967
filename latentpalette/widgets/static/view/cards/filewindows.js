// The loops of a MIDI file that was loaded into a corner: which bars, at which tempo, and what was left out.
/** @import { Commands, MidiLoop, State } from "../../types.js" */

import { clipFromJson } from "../../state/clip.js";
import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createLeftOutList, createTempoOffer } from "./cornernotes.js";

/** @param {{ state: State, commands: Commands }} options */
export function createFileWindows({ state, commands }) {
  const element = el("div", { class: "lp-found", hidden: true });
  const close = () => {
    element.hidden = true;
  };
  return {
    element,
    close,
    /**
     * Show the loops of a file, and put the first into a corner.
     * @param {string} fileName
     * @param {number} corner
     * @param {{ windows: MidiLoop[], left_out: string[] }} found
     */
    show(fileName, corner, { windows, left_out: leftOut }) {
      const tempo = createTempoOffer({ state, commands });
      const choose = (/** @type {number} */ i) => {
        const { clip, label, left_out: lacking, qpm } = windows[i];
        commands.setCorner(corner, clipFromJson(clip), `${fileName} ${label}`, lacking);
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
    },
  };
}
