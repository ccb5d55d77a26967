// MIDI out: what is played goes to an instrument on channel 10, each note with its velocity and the time it is due.
//
// Notes are sent a little ahead, with time stamps, so that a busy page does not make them late. What has been sent
// cannot always be cancelled: a change of the beat may reach the instrument that much later than the loudspeakers.
/** @import { MakeTimer, Player } from "../types.js" */

import { performanceTimeOf } from "./clock.js";
import { createWorkerTimer } from "./workertimer.js";

const CHANNEL = 9; // the tenth, counted from 0
const LOOKAHEAD_SECONDS = 0.2;
const HIDDEN_LOOKAHEAD_SECONDS = 1.2; // hidden pages may be called only once a second
const GATE_SECONDS = 0.06; // drums do not mind how long a note is, but it has to end before the next
const TICK_MILLISECONDS = 25;
const ALL_NOTES_OFF = 123;

export const MIDI_UNSUPPORTED =
  "This browser has no MIDI out. Chrome, Edge, Opera and Firefox have it, on secure pages and on those of this computer.";
export const MIDI_DENIED =
  "The browser did not allow MIDI. Allow it in the page's settings (the icon left of the address) and try again.";
export const MIDI_NO_PORTS =
  "No MIDI instrument is connected. Connect one, or start a virtual port, and it appears here.";

/**
 * @param {object} options
 * @param {Partial<Pick<Navigator, "requestMIDIAccess">>} options.navigator
 * @param {Pick<Player, "state" | "context" | "hitsBetween" | "setSilent">} options.player   silent while a port plays
 * @param {number[]} options.pitches              of the drums
 * @param {() => void} [options.onChange]         called when `ports`, `port` or `message` have changed
 * @param {MakeTimer} [options.makeTimer]
 * @param {() => boolean} [options.isHidden]
 * @param {Pick<Performance, "now">} [options.clock]
 */
export function createMidiOut({
  navigator,
  player,
  pitches,
  onChange = () => {},
  makeTimer = createWorkerTimer,
  isHidden = () => false,
  clock = performance,
}) {
  /** @type {MIDIAccess | null} */
  let access = null;
  /** @type {{ id: string, name: string } | null} */
  let port = null;
  let message = "";
  let sentUntil = -Infinity; // on the audio context's clock
  /** @type {AudioContext | null} */
  let clockContext = null; // whose clock that is; the player may have to take another
  let lastDue = -Infinity; // the last note sent, on the page's clock

  const outputs = () => (access ? [...access.outputs.values()].filter(({ state }) => state !== "disconnected") : []);
  const output = () => outputs().find(({ id }) => id === port?.id);
  const listPorts = () => outputs().map(({ id, name }) => ({ id, name: name || id }));

  /** @param {string} text */
  const setMessage = (text) => {
    message = text;
    onChange();
  };

  /**
   * @param {MIDIOutput} to
   * @param {number} drum
   * @param {number} velocity
   * @param {number} due   on the page's clock [milliseconds]
   */
  const sendNote = (to, drum, velocity, due) => {
    to.send([0x90 | CHANNEL, pitches[drum], velocity], due);
    to.send([0x80 | CHANNEL, pitches[drum], 0], due + GATE_SECONDS * 1000);
  };

  /**
   * @param {number} drum
   * @param {number} velocity
   */
  const sendHit = (drum, velocity) => {
    const to = output();
    if (to) sendNote(to, drum, velocity, clock.now());
  };

  const silence = () => {
    const to = /** @type {(MIDIOutput & { clear?(): void }) | undefined} */ (output());
    if (!to || sentUntil === -Infinity) return;
    to.clear?.(); // cancels what is still waiting, where browsers can
    for (const time of [clock.now(), Math.max(clock.now(), lastDue)]) {
      for (const pitch of pitches) to.send([0x80 | CHANNEL, pitch, 0], time);
      to.send([0xb0 | CHANNEL, ALL_NOTES_OFF, 0], time);
    }
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
    for (const { time, drum, velocity } of player.hitsBetween(from, until)) {
      const due = performanceTimeOf(context, time, clock.now());
      sendNote(to, drum, velocity, due);
      lastDue = due;
    }
    sentUntil = until;
  };
  const timer = makeTimer(tick, { milliseconds: TICK_MILLISECONDS });

  const onPorts = () => {
    player.setSilent(output() !== undefined, sendHit); // while unplugged, the loudspeakers take over
    if (port && !output()) setMessage(`"${port.name}" is not connected any more.`);
    else setMessage(outputs().length ? "" : MIDI_NO_PORTS);
  };

  return {
    /** True if the browser has MIDI. */
    get supported() {
      return typeof navigator?.requestMIDIAccess === "function";
    },
    get ports() {
      return listPorts();
    },
    get port() {
      return port;
    },
    get message() {
      return message;
    },

    /**
     * Ask the browser for access; call it from a click.
     * @returns {Promise<{ id: string, name: string }[]>}   the ports; none if it refused, and `message` says so
     */
    async ask() {
      if (!navigator?.requestMIDIAccess) {
        setMessage(MIDI_UNSUPPORTED);
        return [];
      }
      try {
        access ??= await navigator.requestMIDIAccess();
        access.onstatechange = onPorts;
        onPorts();
      } catch {
        setMessage(MIDI_DENIED);
      }
      return listPorts();
    },

    /**
     * Choose an instrument.
     * @param {string | null} id   of its port; null: none, the loudspeakers play
     */
    choose(id) {
      silence();
      port = listPorts().find((one) => one.id === id) ?? null;
      player.setSilent(port !== null, sendHit);
      if (port) timer.start();
      else timer.stop();
      onChange();
    },

    dispose() {
      silence();
      if (access) access.onstatechange = null;
      player.setSilent(false);
      timer.dispose();
    },
  };
}
