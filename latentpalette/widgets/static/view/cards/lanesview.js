// The lanes of a drum clip, as they play: steps, and at each lane its mute and its lock.
/** @import { Clip, LaneCommands, MusicSource, MusicState } from "../../types.js" */

import { laneGrid } from "../../state/lanegrid.js";
import { createLaneControls, openLanesOnTap } from "../lanecontrols.js";
import { createStepGrid } from "../stepgrid.js";

/** @param {{ state: MusicState, playback: MusicSource, commands: LaneCommands }} options */
export function createLanesView({ state, playback, commands }) {
  const { lanes } = state;
  const controls = lanes.map((_, lane) => createLaneControls({ state, playback, commands, lane }));
  const grid = createStepGrid({ lanes, label: "What is playing", laneControls: (lane) => controls[lane].element });
  openLanesOnTap(grid.element);
  return {
    element: grid.element,
    /**
     * @param {Clip} clip
     * @param {{ color: string, mutes: boolean[] }} look
     */
    show(clip, look) {
      grid.show(laneGrid(clip, lanes), look);
      controls.forEach((control) => control.show());
    },
    movePlayhead: grid.movePlayhead,
  };
}
