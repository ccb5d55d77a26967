// MIDI channels: drums on the tenth, each other stream on one of its own.
/** @import { Stream } from "../types.js" */

export const DRUM_CHANNEL = 9; // the tenth, counted from 0
const NUM_CHANNELS = 16;

/**
 * The channel of each stream, counted from 0. Beyond fifteen, streams share them.
 * @param {Pick<Stream, "is_drum">[]} streams
 * @returns {number[]}
 */
export function channelsOf(streams) {
  let pitched = 0;
  return streams.map(({ is_drum }) => {
    if (is_drum) return DRUM_CHANNEL;
    const channel = pitched++ % (NUM_CHANNELS - 1);
    return channel < DRUM_CHANNEL ? channel : channel + 1;
  });
}
