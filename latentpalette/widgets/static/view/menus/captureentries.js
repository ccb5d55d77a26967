// The row of the Keep menu for what was just played.
/** @import { Core, Kit, MenuAction, MenuEntry, Stream } from "../../types.js" */

import { saveFile } from "../savefile.js";
import { mixSong } from "../../audio/mixer.js";
import { midiFile } from "../../files/smf.js";
import { wavFile } from "../../files/wav.js";

/**
 * @param {{ capture: Core["capture"], streams: () => Stream[], kit?: () => Kit }} options   without `kit` there is no sound
 * @returns {MenuEntry[]}
 */
export function captureEntries({ capture, streams, kit }) {
  /** @typedef {NonNullable<ReturnType<typeof capture.music>>} Music */
  /**
   * @param {string} format
   * @param {(music: Music) => { name: string, type: string, bytes: Uint8Array<ArrayBuffer> }} make
   * @returns {MenuAction}
   */
  const file = (format, make) => ({
    label: format,
    name: `What I just played as ${format}`,
    get title() {
      const bars = capture.bars === 1 ? "bar" : `${capture.bars} bars`;
      return `The last ${bars} as they sounded, with every move and change of tempo, as ${format}`;
    },
    unavailable: () => (capture.bars ? "" : "Play something first"),
    run() {
      const music = capture.music();
      if (music) saveFile(make(music));
    },
  });
  const midi = file("MIDI", (music) => ({
    name: "played.mid",
    type: "audio/midi",
    bytes: midiFile({ ...music, streams: streams(), name: "latentpalette, as it was played" }),
  }));
  const wav = file("WAV", (music) => ({
    name: "played.wav",
    type: "audio/wav",
    bytes: wavFile(mixSong({ ...music, kit: /** @type {() => Kit} */ (kit)() })),
  }));
  return [{ label: "What I just played", actions: kit ? [midi, wav] : [midi] }];
}
