// What the pointer does on the board: drag the puck, or draw a path.
/** @import { State, Traits } from "../types.js" */

import { el } from "./dom.js";
import { icon } from "./icons.js";

/** @type {[Traits["tool"], string, Parameters<typeof icon>[0], string][]} */
const TOOLS = [
  ["drag", "Drag", "hand", "Drag the puck, or click a cell"],
  ["draw", "Draw", "draw", "Draw a path that then plays itself"],
];

/** @param {State} state */
export function createToolSwitch(state) {
  const tools = TOOLS.map(([value, text, picture, title]) => {
    const button = el(
      "button",
      { type: "button", title, aria: { label: text, pressed: false }, on: { click: () => state.set({ tool: value }) } },
      icon(picture),
      el("span", { class: "lp-word", text }),
    );
    return { value, button };
  });
  return {
    element: el(
      "div",
      { class: "lp-seg", role: "group", aria: { label: "Tool" } },
      ...tools.map(({ button }) => button),
    ),
    show() {
      for (const { value, button } of tools) button.setAttribute("aria-pressed", String(state.get("tool") === value));
    },
  };
}
