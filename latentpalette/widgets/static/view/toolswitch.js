// What the pointer does on the board: drag the puck, or draw a path.
/** @import { State } from "../types.js" */

import { icon } from "./icons.js";
import { createTraitSwitch } from "./traitswitch.js";

/** @param {State} state */
export const createToolSwitch = (state) =>
  createTraitSwitch({
    state,
    trait: "tool",
    label: "Tool",
    choices: [
      { value: "drag", text: "Drag", sign: icon("hand"), title: "Drag the puck, or click a cell" },
      { value: "draw", text: "Draw", sign: icon("draw"), title: "Draw a path that then plays itself" },
    ],
  });
