// What a slider lets you take away: the model's music at its place, the cross-fade there, and the steps, as MIDI and sound.
/** @import { Clip, MenuAction, MenuEntry, SliderSession } from "../../types.js" */

import { clipsMidi, clipsWav } from "../../files/clipfiles.js";
import { crossfadeClip } from "../../state/crossfade.js";
import { playedSettings } from "../../state/loop.js";
import { saveFile } from "../savefile.js";
import { formatPlace } from "./words.js";

/**
 * @param {SliderSession} session
 * @returns {MenuEntry[]}
 */
export function sliderEntries(session) {
  const { state, ends, kit } = session;
  const label = (/** @type {number} */ t) => formatPlace(t).replace(" · ", " ");
  const percent = (/** @type {number} */ t) => String(Math.round(100 * t)).padStart(3, "0");
  /** @type {{ text: string, name: string, title: string, part: () => { name: string, clips: { clip: Clip, label: string }[] } }[]} */
  const parts = [
    {
      text: "model",
      name: "Model",
      title: "What the model plays where the slider stands",
      part() {
        const t = state.get("t");
        return { name: `between_${percent(t)}`, clips: [{ clip: session.clipAt(t), label: label(t) }] };
      },
    },
    {
      text: "cross-fade",
      name: "Cross-fade",
      title: "Both ends at once, as loud as the slider says",
      part() {
        const t = state.get("t");
        return { name: `crossfade_${percent(t)}`, clips: [{ clip: crossfadeClip(ends.clip(0), ends.clip(1), t), label: `cross-fade ${label(t)}` }] };
      },
    },
    {
      text: "steps",
      name: "Steps",
      title: "All steps, one after the other",
      part: () => ({ name: "steps", clips: session.steps().map((t) => ({ clip: session.clipAt(t), label: label(t) })) }),
    },
  ];
  /**
   * @param {string} format
   * @returns {MenuAction[]}
   */
  const actions = (format) =>
    parts.map(({ text, name, title, part }) => ({
      label: text,
      name: `${name} as ${format}`,
      title,
      run() {
        const { name, clips } = part();
        const settings = playedSettings(state);
        saveFile(format === "MIDI" ? clipsMidi(name, clips, settings) : clipsWav(name, clips, settings, kit()));
      },
    }));
  return ["MIDI", "WAV"].map((format) => ({ label: format, actions: actions(format) }));
}
