// The programs and banks of MIDI channels, where several tracks set them.
/** @import { MidiTrack } from "../../types.js" */

import { CONTROL_CHANGE, MIDI_PORT, PROGRAM_CHANGE } from "./events.js";
import { countUpTo } from "./search.js";

export const BANK_SELECT = 0; // number of the controller
const CHANNELS = 16; // of a port

/** @typedef {{ tick: number, program: number }} OwnChange   the last one of a track; tick -1 if there is none */
/** @typedef {ReturnType<typeof channelPrograms>} ChannelPrograms */

/**
 * The programs of one channel over time, or its banks. A program holds from where it is set until the next one, whichever
 * track sets it. Of several at the same tick, a track plays its own.
 * @param {{ tick: number, track: number, program: number }[]} changes   in the order of ticks, tracks and the file
 */
function channelPrograms(changes) {
  /** @type {{ tick: number, track: number, program: number, other: number | null }[]} */
  const last = []; // at each tick, and the last program of another track there
  for (const { tick, track, program } of changes) {
    const before = last.at(-1);
    const isSameTick = before?.tick === tick;
    if (isSameTick) last.pop();
    const other = !before || !isSameTick ? null : before.track === track ? before.other : before.program;
    last.push({ tick, track, program, other });
  }
  return {
    tracks: new Set(changes.map(({ track }) => track)),
    /**
     * The program of a note-on of a track.
     * @param {number} tick
     * @param {number} track
     * @param {OwnChange} own   the last change before the note-on in its own track
     */
    find(tick, track, own) {
      let index = countUpTo(last, tick, (change) => change.tick) - 1;
      for (; index >= 0 && last[index].tick > own.tick; index--) { // a second time only at the tick itself
        if (last[index].track !== track) return last[index].program;
        const { other } = last[index];
        if (other !== null) return other;
      }
      return own.program;
    },
    /**
     * The tick of the first change after a tick; infinity if there is none.
     * @param {number} tick
     */
    nextChange: (tick) => last[countUpTo(last, tick, (change) => change.tick)]?.tick ?? Infinity,
  };
}

/**
 * The programs and the banks of the channels of a file, by the number of the channel in all ports.
 * @param {MidiTrack[]} tracks
 */
export function findChannelPrograms(tracks) {
  /** @type {Map<number, { tick: number, track: number, program: number }[]>[]} */
  const [programs, banks] = [new Map(), new Map()];
  tracks.forEach((track, number) => {
    const offset = channelOffset(track);
    for (const [tick, status, first, second] of track.events) {
      const kind = status & 0xf0;
      const isBank = kind === CONTROL_CHANGE && first === BANK_SELECT;
      if (kind !== PROGRAM_CHANGE && !isBank) continue;
      const found = isBank ? banks : programs;
      const channel = offset + (status & 15);
      if (!found.has(channel)) found.set(channel, []);
      found.get(channel)?.push({ tick, track: number, program: isBank ? second : first });
    }
  });
  const sorted = (/** @type {typeof programs} */ found) =>
    new Map(
      Array.from(found, ([channel, changes]) => [
        channel,
        channelPrograms(changes.sort((one, other) => one.tick - other.tick || one.track - other.track)),
      ]),
    );
  return { programs: sorted(programs), banks: sorted(banks) };
}

/**
 * What to add to the channels of a track: files for more than 16 channels have several ports.
 * @param {MidiTrack} track
 */
export const channelOffset = ({ metaEvents }) =>
  CHANNELS * (metaEvents.find(({ type, data }) => type === MIDI_PORT && data.length)?.data[0] ?? 0);
