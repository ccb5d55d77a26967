// Channels that a MIDI file makes drums, or no drums, by system exclusive events of Roland's GS and Yamaha's XG.
/** @import { MidiTrack } from "../../types.js" */

import { DRUM_CHANNEL } from "../../audio/channels.js";
import { latin1 } from "./bytes.js";
import { channelOffset } from "./channelprograms.js";
import { SYSTEM_EXCLUSIVE } from "./events.js";
import { countUpTo } from "./search.js";

const GS_PART = /^A[\x00-\x7f]B\x12@([\x10-\x1f])\x15([\x00-\x02])/; // "use for rhythm part"
const XG_PART = /^C[\x10-\x1f]L\x08([\x00-\x0f])\x07([\x00-\x7f])/; // "part mode"
const RESETS = // those of GS, XG and General MIDI
  /^(?:A[\x00-\x7f]B\x12(?:@\x00\x7f|\x00\x00\x7f)|C[\x10-\x1f]L\x00\x00[\x7e\x7f]|~[\x00-\x7f]\x09[\x01-\x03])/;
const MAX_EVENT_BYTES = 8; // bytes of such an event

/** @typedef {ReturnType<typeof findRhythmParts>} RhythmParts */

/**
 * The channels that are drums, over time: channel 10, except where a system exclusive event says otherwise. It holds from
 * its tick on, for the notes at that tick, too.
 * @param {MidiTrack[]} tracks
 */
export function findRhythmParts(tracks) {
  const events = tracks
    .flatMap((track) => {
      const offset = channelOffset(track);
      return track.metaEvents
        .filter(({ type }) => type === SYSTEM_EXCLUSIVE)
        .map(({ tick, data }) => ({ tick, offset, text: latin1(data.subarray(0, MAX_EVENT_BYTES)) }));
    })
    .sort((one, other) => one.tick - other.tick);
  /** @type {Map<number, { tick: number, isDrum: boolean }[]>} */
  const changes = new Map();
  for (const { tick, offset, text } of events) {
    const part = parsePart(text);
    if (part) {
      const channel = offset + part.channel;
      if (!changes.has(channel)) changes.set(channel, []);
      changes.get(channel)?.push({ tick, isDrum: part.isDrum });
    } else if (RESETS.test(text)) {
      for (const [channel, own] of changes) {
        if (offset <= channel && channel < offset + 16) own.push({ tick, isDrum: channel % 16 === DRUM_CHANNEL });
      }
    }
  }
  const after = (/** @type {number} */ channel, /** @type {number} */ tick) => {
    const own = changes.get(channel) ?? [];
    return { own, next: countUpTo(own, tick, (change) => change.tick) };
  };
  return {
    /**
     * True if a channel is drums at a tick.
     * @param {number} channel
     * @param {number} tick
     */
    isDrum(channel, tick) {
      const { own, next } = after(channel, tick);
      return next ? own[next - 1].isDrum : channel % 16 === DRUM_CHANNEL;
    },
    /**
     * The tick of the first change of a channel after a tick; infinity if there is none.
     * @param {number} channel
     * @param {number} tick
     */
    nextChange(channel, tick) {
      const { own, next } = after(channel, tick);
      return own[next]?.tick ?? Infinity;
    },
  };
}

/**
 * A channel and whether it is made drums by a system exclusive event; null if the event is another one.
 * @param {string} text
 */
function parsePart(text) {
  const gs = GS_PART.exec(text);
  if (gs) {
    const part = gs[1].charCodeAt(0) & 15;
    // The parts of GS are those of channel 10, of channels 1 to 9, and of channels 11 to 16.
    const channel = part > DRUM_CHANNEL ? part : (part + DRUM_CHANNEL) % (DRUM_CHANNEL + 1);
    return { channel, isDrum: gs[2] > "\0" };
  }
  const xg = XG_PART.exec(text);
  return xg && { channel: xg[1].charCodeAt(0), isDrum: xg[2] > "\0" };
}
