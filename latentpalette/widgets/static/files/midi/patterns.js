// The patterns of a MIDI file of type 2, which are played one after the other, as tracks.
/** @import { ChannelEvent, MidiTrack } from "../../types.js" */

import { parseTimeSignature } from "./clock.js";
import { TIME_SIGNATURE } from "./events.js";

/**
 * Patterns end to end, each beginning on the bar line at or after the end of the one before.
 * @param {MidiTrack[]} patterns
 * @param {number} ticksPerQuarter
 * @returns {MidiTrack[]}
 */
export function layEndToEnd(patterns, ticksPerQuarter) {
  let start = 0;
  let barTicks = ticksPerQuarter * 4;
  return patterns.map((pattern) => {
    const track = {
      events: pattern.events.map(
        ([tick, ...event]) => /** @type {ChannelEvent} */ ([start + tick, ...event]),
      ),
      metaEvents: pattern.metaEvents.map((event) => ({ ...event, tick: start + event.tick })),
    };
    let meterStart = start;
    for (const { tick, type, data } of track.metaEvents) {
      const meter = type === TIME_SIGNATURE ? parseTimeSignature(data) : null;
      if (!meter) continue;
      meterStart = tick;
      barTicks = Math.max(Math.floor((ticksPerQuarter * 4 * meter[0]) / meter[1]), 1);
    }
    // Many programs end a track a tick after its last bar line.
    const ticks = endTick(track) - meterStart - Math.max(Math.floor(ticksPerQuarter / 48), 1);
    start = meterStart + Math.max(Math.ceil(ticks / barTicks), track.events.length ? 1 : 0) * barTicks;
    return track;
  });
}

/**
 * The tick at which a track ends: that of its last event, the end of the track included.
 * @param {MidiTrack} track
 */
export const endTick = ({ events, metaEvents }) => Math.max(events.at(-1)?.[0] ?? 0, metaEvents.at(-1)?.tick ?? 0);
