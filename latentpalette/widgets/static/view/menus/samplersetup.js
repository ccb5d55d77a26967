// What is set up once in a sampler.
/** @import { SamplerSession, SetupRow } from "../../types.js" */

import { actionRow, choiceRow, dividerRow } from "./setuprows.js";

/**
 * @param {object} options
 * @param {SamplerSession} options.session
 * @param {SetupRow[]} options.narrow                  fields of the bar
 * @param {(time: number) => void} options.tap         called with the times of taps
 * @returns {SetupRow[]}
 */
export function samplerSetup({ session: { state, commands, history, tiles }, narrow, tap }) {
  return [
    actionRow({ label: "Redo", run: commands.redo, canRun: () => history.canRedo, narrowOnly: true }),
    actionRow({ label: "Tap the tempo", run: (event) => tap(event.timeStamp), narrowOnly: true }),
    ...narrow,
    choiceRow({
      state,
      trait: "launch_quantization",
      label: "Change at",
      title: "When another tile takes over",
      choices: [
        ["step", "next step"],
        ["beat", "next beat"],
        ["bar", "next bar"],
        ["loop", "loop’s end"],
      ],
    }),
    choiceRow({
      state: { get: () => tiles.drawing.best_of, set: ({ best_of }) => tiles.redraw({ best_of: Number(best_of) }) },
      trait: "best_of",
      label: "Each tile is",
      title: "The model draws so many samples for each tile and keeps the one that sounds most like a loop. Ranges choose for themselves.",
      choices: [
        ["1", "a sample as it comes"],
        ["2", "the better of 2"],
        ["4", "the best of 4"],
        ["8", "the best of 8"],
        ["16", "the best of 16"],
      ],
    }),
    dividerRow(),
  ];
}
