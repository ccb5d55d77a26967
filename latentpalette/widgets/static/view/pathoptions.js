// Options of the path, shown below the board while one is drawn: how long a cell lasts, how the path repeats, remove.
/** @import { Commands, State } from "../types.js" */

import { el } from "./dom.js";
import { icon } from "./icons.js";

/** @param {{ state: State, commands: Commands }} options */
export function createPathOptions({ state, commands }) {
  /**
   * @param {"bars_per_cell" | "path_mode"} trait
   * @param {string} name
   * @param {[value: string | number, text: string][]} options
   */
  const choice = (trait, name, options) => {
    const select = el(
      "select",
      { class: "lp-control lp-small", aria: { label: name }, title: name },
      ...options.map(([value, text]) => el("option", { value, text })),
    );
    select.addEventListener("change", () => {
      state.set({ [trait]: options.find(([value]) => String(value) === select.value)?.[0] });
    });
    return { trait, select };
  };
  const choices = [
    choice("bars_per_cell", "Bars a cell of the path lasts", [
      [1, "1 bar a cell"],
      [2, "2 bars a cell"],
      [4, "4 bars a cell"],
      [8, "8 bars a cell"],
    ]),
    choice("path_mode", "How the path repeats", [
      ["once", "once"],
      ["loop", "again and again"],
      ["ping-pong", "there and back"],
    ]),
  ];
  const remove = el(
    "button",
    {
      class: "lp-control lp-small lp-square",
      type: "button",
      title: "Remove the path",
      aria: { label: "Remove the path" },
      on: { click: () => commands.setPath([]) },
    },
    icon("clear"),
  );
  const element = el(
    "div",
    { class: "lp-path-options", role: "group", aria: { label: "Path" } },
    ...choices.map(({ select }) => select),
    remove,
  );
  return {
    element,
    show() {
      element.hidden = state.get("tool") !== "draw";
      for (const { trait, select } of choices) select.value = String(state.get(trait));
      remove.disabled = !state.get("points").length;
    },
  };
}
