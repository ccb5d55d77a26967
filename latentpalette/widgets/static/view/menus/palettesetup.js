// What is set up once in a palette.
/** @import { Commands, History, SetupPage, SetupRow, State } from "../../types.js" */

import { canAsk } from "../../state/requests.js";
import { blendRow } from "./blendrow.js";
import { samplesPages } from "./samplespage.js";
import { launchRow, numberRow, switchRow } from "./setuprows.js";

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Commands} options.commands
 * @param {History} options.history
 * @param {(text: string) => void} options.onNotice    called with what a control did other than asked
 * @returns {(SetupRow | SetupPage)[]}
 */
export function paletteSetup({ state, commands, history, onNotice }) {
  const where = state.get("origin") ? "run the cell again" : "open the palette in a notebook";
  return [
    launchRow({ state, title: "When another cell takes over", step: "next step" }),
    blendRow({ state, commands, history, where }),
    numberRow({
      label: "Steps a side",
      name: "Cells along a side",
      min: 3,
      max: 21,
      get: () => state.get("size"),
      set: (value) => commands.setSize(Math.round(value)),
      unavailable: () => (canAsk(state, "decode") ? "" : `Another size needs Python: ${where}`),
      onNotice,
    }),
    switchRow({
      state,
      trait: "use_original_corners",
      label: "Corners as written",
      title: "On: the corners are your loops. Off: they are what the model makes of them.",
    }),
    betweenRow({ state, where }),
    ...samplesPages({ state, set: (conditions) => state.set({ conditions }) }),
  ];
}

/**
 * @param {{ state: State, where: string }} options
 * @returns {SetupRow}
 */
function betweenRow({ state, where }) {
  const row = switchRow({ state, trait: "between_cells", label: "Between the cells" });
  return {
    element: row.element,
    show() {
      row.show();
      const can = canAsk(state, "between");
      /** @type {HTMLButtonElement} */ (row.element).disabled = !can;
      row.element.title = can
        ? "On: the puck plays exactly where it is. Off: it plays the nearest cell. A path plays cells."
        : `Between the cells needs Python: ${where}`;
    },
  };
}
