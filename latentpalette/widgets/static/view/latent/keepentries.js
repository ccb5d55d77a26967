// What latent sliders let you take away: the music as it is and as it was, as MIDI and sound.
/** @import { LatentSession, MenuAction, MenuEntry } from "../../types.js" */

import { clipsMidi, clipsWav } from "../../files/clipfiles.js";
import { playedSettings } from "../../state/loop.js";
import { saveFile } from "../savefile.js";

/**
 * @param {LatentSession} session
 * @returns {MenuEntry[]}
 */
export function latentEntries(session) {
  const { state, kit } = session;
  /**
   * @param {"moved" | "music"} what
   * @param {string} format
   * @returns {MenuAction}
   */
  const file = (what, format) => ({
    label: what === "moved" ? "B, moved" : "A, as it was",
    name: `${what === "moved" ? "B, moved" : "A, as it was"}, as ${format}`,
    run() {
      const [label] = state.get("labels");
      const clips = [{ clip: what === "moved" ? session.moved() : session.music(), label: what === "moved" ? `${label}, moved` : label }];
      const name = what === "moved" ? "moved" : "as_it_was";
      saveFile(format === "MIDI" ? clipsMidi(name, clips, playedSettings(state)) : clipsWav(name, clips, playedSettings(state), kit()));
    },
  });
  return ["MIDI", "WAV"].map((format) => ({ label: format, actions: [file("moved", format), file("music", format)] }));
}
