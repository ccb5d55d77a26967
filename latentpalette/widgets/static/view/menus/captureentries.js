// The entry of the Keep menu for what was just played.
/** @import { Core, MenuAction, Stream } from "../../types.js" */

import { saveFile } from "../savefile.js";
import { midiFile } from "../../files/smf.js";

/**
 * @param {{ capture: Core["capture"], streams: () => Stream[] }} options
 * @returns {MenuAction[]}
 */
export function captureEntries({ capture, streams }) {
  const countBars = () => (capture.bars === 1 ? "1 bar" : `${capture.bars} bars`);
  return [
    {
      label: "What I just played",
      title: "The last bars as they sounded, with every move, as MIDI",
      unavailable: () => (capture.bars ? "" : "Play something first"),
      detail: () => (capture.bars ? `MIDI, ${countBars()}` : ""),
      run() {
        const music = capture.music();
        if (!music) return;
        const bytes = midiFile({ ...music, streams: streams(), name: "latentpalette, as it was played" });
        saveFile({ name: "played.mid", type: "audio/midi", bytes });
      },
    },
  ];
}
