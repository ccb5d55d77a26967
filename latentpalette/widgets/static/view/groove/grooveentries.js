// What a groove panel lets you take away: the loop as played and as written, and the whole song that it is from.
/** @import { GrooveSession, MenuAction, MenuEntry } from "../../types.js" */

import { clipsMidi, clipsWav } from "../../files/clipfiles.js";
import { playedSettings } from "../../state/loop.js";
import { saveFile } from "../savefile.js";

/**
 * @param {GrooveSession} session
 * @returns {MenuEntry[]}
 */
export function grooveEntries(session) {
  const { state, kit } = session;
  const settings = () => ({ ...playedSettings(state), locks: [] });
  /**
   * @param {"played" | "written"} what
   * @param {string} format
   * @returns {MenuAction}
   */
  const file = (what, format) => ({
    label: what,
    name: `${what === "played" ? "As played" : "As written"}, as ${format}`,
    run() {
      const clips = [{ clip: what === "played" ? session.felt() : session.written(), label: state.get("label") }];
      saveFile(format === "MIDI" ? clipsMidi(`drums_${what}`, clips, settings()) : clipsWav(`drums_${what}`, clips, settings(), kit()));
    },
  });
  return [
    { label: "MIDI", actions: [file("played", "MIDI"), file("written", "MIDI")] },
    { label: "WAV", actions: [file("played", "WAV"), file("written", "WAV")] },
    {
      label: "Song as MIDI",
      title: "The file that the loop is from, with these drums and all else as it was",
      unavailable: session.noSong,
      async run() {
        const bytes = await session.actions.songFile();
        const name = `${state.get("label").replace(/\.midi?( \+ hats)?$/i, "")}_groove.mid`;
        saveFile({ name, type: "audio/midi", bytes });
      },
    },
  ];
}
