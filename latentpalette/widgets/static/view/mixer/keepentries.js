// What a mixer lets you take away: the step that plays and the whole row, as MIDI and as sound.
/** @import { MenuAction, MenuEntry, MixerSession } from "../../types.js" */

import { playbackOrder } from "../../audio/pathorder.js";
import { clipsMidi, clipsWav } from "../../files/clipfiles.js";
import { playedSettings } from "../../state/loop.js";
import { saveFile } from "../savefile.js";
import { formatShares } from "./steps.js";

/**
 * @param {MixerSession} session
 * @returns {MenuEntry[]}
 */
export function mixerEntries(session) {
  const { state, kit } = session;
  /** @param {number[]} indices */
  const named = (indices) =>
    indices.map((index) => {
      const clip = session.clipAt(index);
      if (!clip) throw new Error(`Step ${index + 1} is still being decoded. Try again in a moment.`);
      return { clip, label: `step ${index + 1} · ${formatShares(index, session.rows.table.length).replace(" · ", " ")}` };
    });
  const settings = () => playedSettings(state);
  const tile = () => ({ name: `step_${String(session.audibleIndex() + 1).padStart(2, "0")}`, clips: named([session.audibleIndex()]) });
  const row = () => ({ name: "row", clips: named(playbackOrder(session.rows.table.length, state.get("row_mode"))) });
  /**
   * @param {string} label
   * @param {string} format
   * @param {() => { name: string, clips: ReturnType<typeof named> }} part
   * @returns {MenuAction}
   */
  const file = (label, format, part) => ({
    label,
    name: `${label === "step" ? "Step" : "Row"} as ${format}`,
    title: label === "step" ? "The step that plays" : "All steps, one after the other",
    run() {
      const { name, clips } = part();
      saveFile(format === "MIDI" ? clipsMidi(name, clips, settings()) : clipsWav(name, clips, settings(), kit()));
    },
  });
  return [
    { label: "MIDI", actions: [file("step", "MIDI", tile), file("row", "MIDI", row)] },
    { label: "WAV", actions: [file("step", "WAV", tile), file("row", "WAV", row)] },
  ];
}
