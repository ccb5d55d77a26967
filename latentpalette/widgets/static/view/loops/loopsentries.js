// What Latent Loops let you take away: the loop that is heard, and the song, as MIDI and as sound.
/** @import { LoopsSession, MenuAction, MenuEntry } from "../../types.js" */

import { clipsMidi, clipsWav } from "../../files/clipfiles.js";
import { playedSettings } from "../../state/loop.js";
import { placeLabel } from "../../state/song.js";
import { saveFile } from "../savefile.js";

/**
 * @param {LoopsSession} session
 * @returns {MenuEntry[]}
 */
export function loopsEntries(session) {
  const { state, kit } = session;
  const settings = () => playedSettings(state);
  const loop = () => {
    const where = session.focused();
    const clip = session.clipAt(where);
    const label = where.kind === "place" ? state.get("places")[where.index].label : (session.actions.itemOf(where)?.label ?? "");
    if (!clip) throw new Error("This loop is still being decoded. Try again in a moment.");
    return { name: "loop", clips: [{ clip, label }] };
  };
  const song = () => ({
    name: "song",
    clips: session.songTurns().map(({ clip, place, turn }) => ({ clip, label: turn ? "" : placeLabel(state.get("places")[place].label, place) })),
  });
  /**
   * @param {"loop" | "song"} what
   * @param {string} format
   * @returns {MenuAction}
   */
  const file = (what, format) => ({
    label: what,
    name: `${what === "song" ? "Song" : "Loop"} as ${format}`,
    title: what === "song" ? "All places, one after the other, with their drums" : "The loop that is chosen",
    unavailable: () => (what === "song" && !state.get("places").length ? "Put a loop into the song first" : ""),
    run() {
      const { name, clips } = what === "song" ? song() : loop();
      saveFile(format === "MIDI" ? clipsMidi(name, clips, settings()) : clipsWav(name, clips, settings(), kit()));
    },
  });
  return [
    { label: "MIDI", actions: [file("loop", "MIDI"), file("song", "MIDI")] },
    { label: "WAV", actions: [file("loop", "WAV"), file("song", "WAV")] },
  ];
}
