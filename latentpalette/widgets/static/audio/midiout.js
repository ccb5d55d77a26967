// MIDI out: what is played goes to an instrument, drums on channel 10, each other stream on a channel of its own, each
// note with its velocity and the time it is due.
//
// Notes are sent a little ahead, with time stamps, so that a busy page does not make them late. What has been sent
// cannot always be cancelled: a change of the beat may reach the instrument that much later than the loudspeakers.
/** @import { MakeTimer, Player, Stream, TapNote, TimedNote } from "../types.js" */
/** @import { MidiNavigator } from "./midiports.js" */

import { channelsOf } from "./channels.js";
import { performanceTimeOf } from "./clock.js";
import { createMidiPorts } from "./midiports.js";
import { createWorkerTimer } from "./workertimer.js";

const LOOKAHEAD_SECONDS = 0.2;
const HIDDEN_LOOKAHEAD_SECONDS = 1.2; // hidden pages may be called only once a second
const GATE_SECONDS = 0.06; // drums do not mind how long a note is, but it has to end before the next
const TAP_SECONDS = 0.4; // how long a held note is that is played at once
const TICK_MILLISECONDS = 25;
const ALL_NOTES_OFF = 123;

/**
 * @param {object} options
 * @param {MidiNavigator} options.navigator
 * @param {Pick<Player, "state" | "context" | "notesBetween" | "setSilent">} options.player   silent while a port plays
 * @param {Stream[]} options.streams
 * @param {() => void} [options.onChange]         called when `ports`, `port` or `message` have changed
 * @param {string} [options.keptAs]              see midiports.js
 * @param {MakeTimer} [options.makeTimer]
 * @param {() => boolean} [options.isHidden]
 * @param {Pick<Performance, "now">} [options.clock]
 */
export function createMidiOut({
  navigator,
  player,
  streams,
  onChange = () => {},
  keptAs,
  makeTimer = createWorkerTimer,
  isHidden = () => false,
  clock = performance,
}) {
  let sentUntil = -Infinity; // on the audio context's clock
  /** @type {AudioContext | null} */
  let clockContext = null; // whose clock that is; the player may have to take another
  let lastDue = -Infinity; // the last note sent, on the page's clock
  const channels = channelsOf(streams);
  /** @type {Set<number>} */
  const held = new Set(); // held notes that have begun, by `keyOf`
  /** @type {Set<number>} */
  const sent = new Set(); // all notes since the beginning

  const keyOf = (/** @type {{ stream: number, pitch: number }} */ { stream, pitch }) => channels[stream] * 128 + pitch;
  const ports = createMidiPorts({ navigator, kind: "outputs", keptAs, onPorts });
  const output = () => ports.chosen;

  /**
   * @param {MIDIOutput} to
   * @param {number} key
   * @param {number} velocity   0 ends the note
   * @param {number} due        on the page's clock [milliseconds]
   */
  const send = (to, key, velocity, due) => {
    to.send([(velocity ? 0x90 : 0x80) | (key >> 7), key & 127, velocity], due);
    sent.add(key);
  };

  /**
   * Send a note whose end is known.
   * @param {MIDIOutput} to
   * @param {Pick<TapNote, "stream" | "pitch" | "velocity">} note
   * @param {number} due       on the page's clock [milliseconds]
   * @param {number} seconds
   */
  const sendWhole = (to, note, due, seconds) => {
    send(to, keyOf(note), note.velocity, due);
    send(to, keyOf(note), 0, due + seconds * 1000);
  };

  /** @param {TapNote} note */
  const sendNote = (note) => {
    const to = output();
    const { is_drum } = streams[note.stream] ?? {};
    if (to) sendWhole(to, note, clock.now(), is_drum ? GATE_SECONDS : (note.seconds ?? TAP_SECONDS));
  };

  /**
   * Send what begins and ends from `from` up to `until` on the context's clock. A change of the music may have come
   * after its notes were sent: what sounds at `from` and should not ends there, what should and does not begins there.
   * @param {MIDIOutput} to
   * @param {TimedNote[]} notes   that sound in this time
   * @param {number} from
   * @param {number} until
   * @param {(time: number) => number} dueAt
   */
  const sendNotes = (to, notes, from, until, dueAt) => {
    const drums = notes.filter(({ stream }) => streams[stream]?.is_drum);
    const others = notes.filter(({ stream }) => streams[stream] && !streams[stream].is_drum);
    const sounding = new Set(others.filter(({ time }) => time < from).map(keyOf));
    const begin = others.filter((note) => note.time >= from || !held.has(keyOf(note)));
    const events = [
      ...[...held].filter((key) => !sounding.has(key)).map((key) => ({ time: from, key, velocity: 0 })),
      ...others.filter(({ end }) => end < until).map((note) => ({ time: note.end, key: keyOf(note), velocity: 0 })),
      ...begin.map((note) => ({ time: Math.max(note.time, from), key: keyOf(note), velocity: note.velocity })),
    ];
    for (const { time, key, velocity } of events.sort((one, other) => one.time - other.time)) {
      if (velocity) held.add(key);
      else if (!held.delete(key)) continue;
      send(to, key, velocity, dueAt(time));
    }
    for (const note of drums) sendWhole(to, note, dueAt(note.time), GATE_SECONDS);
    lastDue = Math.max(lastDue, ...[...events, ...drums].map(({ time }) => dueAt(time)));
  };

  const sendPrograms = () => {
    streams.forEach(({ is_drum, program }, stream) => {
      if (!is_drum) output()?.send([0xc0 | channels[stream], program]);
    });
  };

  const silence = () => {
    const to = /** @type {(MIDIOutput & { clear?(): void }) | undefined} */ (output());
    if (!to || sentUntil === -Infinity) return;
    to.clear?.(); // cancels what is still waiting, where browsers can
    for (const time of [clock.now(), Math.max(clock.now(), lastDue)]) {
      for (const key of sent) to.send([0x80 | (key >> 7), key & 127, 0], time);
      for (const channel of new Set(channels)) to.send([0xb0 | channel, ALL_NOTES_OFF, 0], time);
    }
    sent.clear();
    held.clear();
    sentUntil = -Infinity;
  };

  const tick = () => {
    const to = output();
    const { context } = player;
    if (!to || !context || player.state !== "playing") return silence();
    if (context !== clockContext) sentUntil = -Infinity;
    clockContext = context;
    const now = context.currentTime;
    const from = Math.max(sentUntil, now);
    const until = now + (isHidden() ? HIDDEN_LOOKAHEAD_SECONDS : LOOKAHEAD_SECONDS);
    if (until <= from) return;
    sendNotes(to, player.notesBetween(from, until), from, until, (time) => performanceTimeOf(context, time, clock.now()));
    sentUntil = until;
  };
  const timer = makeTimer(tick, { milliseconds: TICK_MILLISECONDS });

  function onPorts() {
    player.setSilent(output() !== null, sendNote); // while unplugged, the loudspeakers take over
    sendPrograms();
    if (ports.port) timer.start();
    else timer.stop();
    onChange();
  }

  return {
    /** True if the browser has MIDI. */
    get supported() {
      return ports.supported;
    },
    get ports() {
      return ports.list;
    },
    get port() {
      return ports.port;
    },
    get message() {
      return ports.message;
    },

    /**
     * Ask the browser for access; call it from a click.
     * @returns {Promise<{ id: string, name: string }[]>}   the ports; none if it refused, and `message` says so
     */
    async ask() {
      await ports.ask();
      return ports.list;
    },

    /**
     * Choose an instrument.
     * @param {string | null} id   of its port; null: none, the loudspeakers play
     */
    choose(id) {
      silence();
      ports.choose(id);
    },
    restore: ports.restore,

    dispose() {
      silence();
      ports.dispose();
      player.setSilent(false);
      timer.dispose();
    },
  };
}
