// The loops of a MIDI file, to choose one of: each a button, the first is chosen; or why there is none.
/** @import { MidiLoop } from "../../types.js" */

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createLeftOutList } from "./cornernotes.js";

/** @param {{ onChoose: (loop: MidiLoop, fileName: string) => void }} options */
export function createFoundLoops({ onChoose }) {
  const element = el("div", { class: "lp-found", hidden: true });
  return {
    element,
    hide() {
      element.hidden = true;
    },
    /**
     * @param {string} fileName
     * @param {{ windows: MidiLoop[], left_out: string[] }} found   as Python responds to a request "midi"
     */
    show(fileName, { windows, left_out: leftOut }) {
      const close = el("button", { class: "lp-mini", type: "button", aria: { label: "Close the list of loops" } }, icon("clear"));
      close.addEventListener("click", () => (element.hidden = true));
      const count = windows.length === 1 ? "1 loop" : `${windows.length} loops`;
      element.hidden = false;
      element.replaceChildren(
        el("div", { class: "lp-row lp-nowrap" }, el("b", { text: `${fileName}: ${count}` }), el("span", { class: "lp-space" }), close),
      );
      if (!windows.length) {
        const reasons = createLeftOutList("Left out");
        reasons.show(leftOut);
        element.append(reasons.element);
        return;
      }
      const list = el("div", { class: "lp-windows", role: "group", aria: { label: `Loops of ${fileName}` } });
      windows.forEach((loop, index) => {
        const item = el("button", { class: "lp-window", type: "button", text: loop.label, aria: { pressed: index === 0 } });
        item.addEventListener("click", () => {
          for (const other of list.children) other.setAttribute("aria-pressed", String(other === item));
          onChoose(loop, fileName);
        });
        list.append(item);
      });
      element.append(list);
      onChoose(windows[0], fileName);
    },
  };
}
