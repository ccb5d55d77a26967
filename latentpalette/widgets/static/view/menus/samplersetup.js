// What is set up once in a sampler.
/** @import { SamplerSession, SetupPage, SetupRow } from "../../types.js" */

import { samplesPages } from "./samplespage.js";
import { choiceRow, launchRow } from "./setuprows.js";
import { createStarredPage } from "./starredpage.js";

const COUNTS = [4, 6, 8, 9, 12, 16, 20, 24, 32, 48, 64];

/**
 * @param {object} options
 * @param {SamplerSession} options.session
 * @param {SetupRow[]} options.narrow                  fields of the bar
 * @param {(text: string) => void} options.onNotice
 * @returns {(SetupRow | SetupPage)[]}
 */
export function samplerSetup({ session: { state, tiles, onError }, narrow, onNotice }) {
  const counts = [...new Set([...COUNTS, tiles.count])].sort((one, other) => one - other);
  return [
    ...narrow,
    choiceRow({
      state: { get: () => String(tiles.count), set: ({ n }) => tiles.setCount(Number(n)) },
      trait: "n",
      label: "Tiles",
      title: "More are rolled; of fewer the last ones go, starred or not. Undo brings them back.",
      choices: counts.map((count) => [String(count), String(count)]),
    }),
    launchRow({ state, title: "When another tile takes over", step: "next step" }),
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
    createStarredPage({ state, tiles, onNotice, onError }),
    ...samplesPages({ state, get: () => tiles.drawing.conditions, set: (conditions) => tiles.redraw({ conditions }) }),
  ];
}
