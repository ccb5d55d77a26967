// The loop of a groove panel: what plays is copied, and a clip that is pasted is played by the drummer.
/** @import { GrooveSession, Spot } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { canAsk } from "../../state/requests.js";
import { pasteClip } from "../pasting.js";

/**
 * @param {GrooveSession} session
 * @returns {Spot}
 */
export const grooveSpot = (session) => ({
  name: "the loop",
  copy: () => ({ clip: session.clip(), label: session.state.get("label") }),
  paste(copied) {
    const { state, actions } = session;
    if (!canAsk(state, "humanize")) {
      throw new Error(`A drummer for another loop needs Python: ${state.get("origin") ? "run the cell again" : "open the panel in a notebook"}.`);
    }
    return pasteClip(copied, {
      state,
      steps: Math.ceil(copied.clip.steps / STEPS_PER_BAR) * STEPS_PER_BAR, // any number of bars
      put: (clip, label) => actions.setPreset(clip, label),
      async load(file) {
        await actions.load(file);
        return !session.error;
      },
    });
  },
});
