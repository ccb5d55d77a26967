// MIDI out: what is played goes to an instrument on channel 10, each note with its velocity and the time it is due.
//
// Notes are sent a little ahead, with time stamps, so that a busy page does not make them late. What has been sent
// cannot always be called back: a change of the beat reaches the instrument up to that much later than the ear.

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

// `player` is asked for its hits; while a port is chosen it keeps silent itself. `onChange()` is called whenever `ports`,
// `port` or `message` differ.
export function createMidiOut({
  navigator,
  player,
  pitches,
  onChange = () => {},
  makeTimer = createWorkerTimer,
  isHidden = () => false,
  clock = performance,
}) {
  let access = null;
  let port = null; // {id, name}
  let message = "";
  let sentUntil = -Infinity; // on the audio context's clock
  let clockOf = null; // that context; the player may have to take another
  let lastDue = -Infinity; // the last note sent, on the page's clock

  const outputs = () => (access ? [...access.outputs.values()].filter(({ state }) => state !== "disconnected") : []);
  const output = () => outputs().find(({ id }) => id === port?.id);

  const setMessage = (text) => {
    message = text;
    onChange();
  };

  const sendNote = (to, drum, velocity, due) => {
    to.send([0x90 | CHANNEL, pitches[drum], velocity], due);
    to.send([0x80 | CHANNEL, pitches[drum], 0], due + GATE_SECONDS * 1000);
  };

  const sendHit = (drum, velocity) => {
    if (output()) sendNote(output(), drum, velocity, clock.now());
  };

  const silence = () => {
    const to = output();
    if (!to || sentUntil === -Infinity) return;
    to.clear?.(); // takes back what is still waiting, where browsers can
    for (const time of [clock.now(), Math.max(clock.now(), lastDue)]) {
      for (const pitch of pitches) to.send([0x80 | CHANNEL, pitch, 0], time);
      to.send([0xb0 | CHANNEL, ALL_NOTES_OFF, 0], time);
    }
    sentUntil = -Infinity;
  };

  const tick = () => {
    const to = output();
    if (!to || player.state !== "playing") return silence();
    const { context } = player;
    if (context !== clockOf) sentUntil = -Infinity;
    clockOf = context;
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
    player.setSilent(output() !== undefined, sendHit); // pulled out, the speakers take over; plugged in again, it goes on
    if (port && !output()) setMessage(`"${port.name}" is not connected any more.`);
    else setMessage(outputs().length ? "" : MIDI_NO_PORTS);
  };

  return {
    // Whether there is anything to ask for.
    get supported() {
      return typeof navigator?.requestMIDIAccess === "function";
    },
    get ports() {
      return outputs().map(({ id, name }) => ({ id, name: name || id }));
    },
    get port() {
      return port;
    },
    get message() {
      return message;
    },

    // Asks the browser; call it from a click. Answers with the ports, none if it refused (then `message` says so).
    async ask() {
      if (!this.supported) return (setMessage(MIDI_UNSUPPORTED), []);
      try {
        access ??= await navigator.requestMIDIAccess();
        access.onstatechange = onPorts;
        onPorts();
      } catch {
        setMessage(MIDI_DENIED);
      }
      return this.ports;
    },

    // Chooses an instrument by the id of its port; null: none, the speakers play.
    choose(id) {
      silence();
      port = this.ports.find((each) => each.id === id) ?? null;
      player.setSilent(port !== null, sendHit);
      if (port) timer.start();
      else timer.stop();
      onChange();
    },

    // Brings the instrument up to date at once: call it when the player has stopped.
    refresh: tick,

    dispose() {
      silence();
      if (access) access.onstatechange = null;
      player.setSilent(false);
      timer.dispose();
    },
  };
}
