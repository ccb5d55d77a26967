// Editor of a corner of drums: a step grid.
/** @import { Commands, Note, Playback, State } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { isInLane } from "../../state/clip.js";
import { laneGrid } from "../../state/lanegrid.js";
import { connectBrush } from "../stepbrush.js";
import { createStepGrid } from "../stepgrid.js";
import { connectKeys } from "../stepkeys.js";

/** @param {{ state: State, playback: Playback, commands: Commands }} options */
export function createDrumEditor({ state, playback, commands }) {
  const { lanes } = state;
  const hasVelocity = state.get("has_velocity");
  let corner = 0;
  const grid = createStepGrid({ lanes, label: "Steps of the corner", editable: true, hasVelocity });
  const editor = {
    hasVelocity,
    onBegin() {
      commands.beginEdit(corner);
      playback.playCorner(corner);
    },
    onSet(/** @type {number} */ lane, /** @type {number} */ step, /** @type {number} */ loudness) {
      const { notes } = state.cornerClip(corner);
      const isHere = (/** @type {Note} */ note) => note.step === step && isInLane(lanes[lane], note);
      const present = notes.find(isHere);
      if (loudness ? present && (!hasVelocity || present.velocity === loudness) : !present) return;
      const { stream, pitches } = lanes[lane];
      const pitch = pitches?.[0] ?? 0;
      const velocity = hasVelocity ? loudness : (state.get("accents")[lane]?.[step % STEPS_PER_BAR] ?? loudness);
      const note = present ? { ...present, velocity } : { step, offset: 0, length: 1, pitch, velocity, stream };
      const others = notes.filter((other) => !isHere(other));
      commands.editNotes(corner, loudness ? [...others, note] : others);
      if (loudness && !present) playback.audition({ stream, pitch, velocity });
    },
    onLeave() {},
  };
  connectBrush(grid, editor);
  const keys = connectKeys(grid, editor);
  return {
    element: grid.element,
    /**
     * @param {number} which   corner
     * @param {string} color
     */
    show(which, color) {
      corner = which;
      grid.show(laneGrid(state.cornerClip(corner), lanes), { color });
      keys.show();
    },
    movePlayhead: grid.movePlayhead,
  };
}
