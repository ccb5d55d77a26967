// The notes of one track: the first note-on of a pitch is paired with the first note-off.
/** @import { ChannelEvent, MidiInstrument, MidiTrack } from "../../types.js" */
/** @import { ChannelPrograms, OwnChange } from "./channelprograms.js" */
/** @import { RhythmParts } from "./rhythmparts.js" */

import { decodeText } from "./bytes.js";
import { BANK_SELECT, channelOffset } from "./channelprograms.js";
import { CONTROL_CHANGE, PROGRAM_CHANGE, TRACK_NAME } from "./events.js";
import { isNoteOn } from "./noteoffs.js";
import { countUpTo } from "./search.js";

const DRUM_BANKS = [120, 127]; // of General MIDI 2 and Yamaha's XG: their programs are drum kits, on any channel
const SUSTAIN_PEDAL = 64; // number of the controller
const CHANNELS = 16;

/** @typedef {{ start: number, velocity: number, instrument: MidiInstrument }} OpenNote */
/** @typedef {{ notes: OpenNote[], next: number }} Queue */

/**
 * @typedef {object} TrackPairing
 * @property {number} number
 * @property {MidiTrack} track
 * @property {number} offset                  of its channels
 * @property {MidiInstrument[]} instruments   in the order of their first note-off
 * @property {Map<number, OpenNote>} open     notes that have not ended, by key
 * @property {{ tick: number, key: number }[]} unpairedOffs
 * @property {Map<number, number>} pedal      movements of the sustain pedal, by channel
 */

/**
 * Pair the notes of a track.
 * @param {number} number
 * @param {MidiTrack} track
 * @param {{ programs: Map<number, ChannelPrograms>, banks: Map<number, ChannelPrograms>, parts: RhythmParts }} file
 * @param {number} ticksPerStep        the length of a note that ends where it begins
 * @param {ChannelEvent[]} [events]       by default its own
 * @returns {TrackPairing}
 */
export function pairTrack(number, track, { programs, banks, parts }, ticksPerStep, events = track.events) {
  const offset = channelOffset(track);
  const names = track.metaEvents.filter(({ type }) => type === TRACK_NAME);
  /** @type {TrackPairing} */
  const pairing = { number, track, offset, instruments: [], open: new Map(), unpairedOffs: [], pedal: new Map() };
  const { open } = pairing;
  /** @type {Map<number, Queue>} */
  const waiting = new Map(); // notes that began while an earlier one of their pitch sounded
  /** @type {Map<number, MidiInstrument>} */
  const instruments = new Map(); // by program, channel and whether they are drums
  const noChanges = () => /** @type {OwnChange[]} */ (Array(CHANNELS).fill({ tick: -1, program: 0 }));
  const [ownPrograms, ownBanks] = [noChanges(), noChanges()];
  /** @type {{ instrument: MidiInstrument, until: number }[]} */
  const playing = []; // by channel, up to the tick at which it has to be looked up again

  const shared = (/** @type {Map<number, ChannelPrograms>} */ values, /** @type {number} */ channel) => {
    const own = values.get(offset + channel);
    return own && (own.tracks.size > 1 || !own.tracks.has(number)) ? own : undefined; // other tracks set it, too
  };
  const instrumentAt = (/** @type {number} */ channel, /** @type {number} */ tick) => {
    const [sharedPrograms, sharedBanks] = [shared(programs, channel), shared(banks, channel)];
    const program = sharedPrograms?.find(tick, number, ownPrograms[channel]) ?? ownPrograms[channel].program;
    const bank = sharedBanks?.find(tick, number, ownBanks[channel]) ?? ownBanks[channel].program;
    const isDrum = DRUM_BANKS.includes(bank) || parts.isDrum(offset + channel, tick);
    const key = (program * CHANNELS + channel) * 2 + Number(isDrum);
    let instrument = instruments.get(key);
    if (!instrument) {
      const last = countUpTo(names, tick, (event) => event.tick) - 1; // the last name up to there, or else the first
      const name = names.length ? decodeText(names[Math.max(last, 0)].data).trim() : "";
      instruments.set(key, (instrument = { name, program, channel, track: number, isDrum, notes: [] }));
    }
    const until = Math.min(
      parts.nextChange(offset + channel, tick),
      sharedPrograms?.nextChange(tick) ?? Infinity,
      sharedBanks?.nextChange(tick) ?? Infinity,
    );
    playing[channel] = { instrument, until };
    return instrument;
  };

  for (const event of events) {
    const [tick, status, first, second] = event;
    const channel = status & 15;
    if (isNoteOn(event)) {
      const key = (channel << 7) | first;
      const now = playing[channel];
      const instrument = now && tick < now.until ? now.instrument : instrumentAt(channel, tick);
      const note = { start: tick, velocity: second, instrument };
      if (!open.has(key)) open.set(key, note);
      else if (waiting.has(key)) waiting.get(key)?.notes.push(note);
      else waiting.set(key, { notes: [note], next: 0 });
    } else if (status < 0xa0) {
      endNote(pairing, waiting, tick, (channel << 7) | first, ticksPerStep);
    } else if ((status & 0xf0) === PROGRAM_CHANGE) {
      ownPrograms[channel] = { tick, program: first };
      delete playing[channel];
    } else if ((status & 0xf0) === CONTROL_CHANGE && first === SUSTAIN_PEDAL) {
      pairing.pedal.set(channel, (pairing.pedal.get(channel) ?? 0) + 1);
    } else if ((status & 0xf0) === CONTROL_CHANGE && first === BANK_SELECT) {
      ownBanks[channel] = { tick, program: second };
      delete playing[channel];
    }
  }
  return pairing;
}

/**
 * End the first note of a key that sounds; the next one that waits sounds then.
 * @param {TrackPairing} pairing
 * @param {Map<number, Queue>} waiting
 * @param {number} tick
 * @param {number} key
 * @param {number} ticksPerStep
 */
function endNote({ open, instruments, unpairedOffs }, waiting, tick, key, ticksPerStep) {
  const ended = open.get(key);
  if (!ended) {
    unpairedOffs.push({ tick, key });
    return;
  }
  open.delete(key);
  const queue = waiting.get(key);
  if (queue) {
    open.set(key, queue.notes[queue.next++]);
    if (queue.next === queue.notes.length) waiting.delete(key);
  }
  const { start, velocity, instrument } = ended;
  if (!instrument.notes.length) instruments.push(instrument);
  instrument.notes.push({ start, end: tick > start ? tick : start + ticksPerStep, pitch: key & 127, velocity });
}
