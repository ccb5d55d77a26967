// Names of the four corners, around the board. A click plays a corner and edits it; a second one plays the board again.
/** @import { Playback, State } from "../types.js" */

import { LETTERS } from "./color.js";
import { el, setText } from "./dom.js";

/** @param {{ state: State, playback: Playback, onSelect: (corner: number) => void }} options */
export function createCornerTags({ state, playback, onSelect }) {
  const tags = LETTERS.map((letter, k) => {
    const name = el("span", { class: "lp-tag-name" });
    const mark = el("i", { class: "lp-tag-mark", hidden: true, aria: { hidden: true } }); // of what was left out
    const swatch = el("i", { class: "lp-swatch", text: letter, aria: { hidden: true } });
    const button = el(
      "button",
      { class: "lp-tag", type: "button", draggable: "true", data: { corner: k }, aria: { label: `Corner ${letter}`, pressed: false } },
      swatch,
      name,
      mark,
    );
    button.addEventListener("click", () => (playback.corner === k ? playback.playCorner(null) : onSelect(k)));
    return { button, name, mark };
  });
  return {
    elements: tags.map(({ button }) => button),
    /** @param {number} edited   the corner that is edited */
    show(edited) {
      tags.forEach(({ button, name, mark }, k) => {
        const leftOut = state.get("left_out")[k];
        setText(name, state.get("labels")[k]);
        mark.hidden = !leftOut.length;
        button.title = [`Corner ${LETTERS[k]}: ${state.get("labels")[k]}`, ...leftOut].join("\n");
        button.setAttribute("aria-pressed", String(playback.corner === k));
        button.classList.toggle("lp-chosen", edited === k);
      });
    },
  };
}
