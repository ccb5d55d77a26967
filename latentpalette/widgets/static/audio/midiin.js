// MIDI in: the notes and the knobs of a controller, as they come.
/** @import { MidiEvent } from "../types.js" */
/** @import { MidiNavigator } from "./midiports.js" */

import { createMidiPorts } from "./midiports.js";

const MODES = 120; // controllers from here on are no knobs: all notes off and the like

/**
 * What a message says; null for what is neither a note nor a knob, such as a clock.
 * @param {ArrayLike<number>} data
 * @param {number} time   on the page's clock [milliseconds]
 * @returns {MidiEvent | null}
 */
export function readMidiMessage(data, time) {
  const [status, first = 0, second = 0] = Array.from(data);
  const channel = (status & 15) + 1;
  const kind = status & 0xf0;
  if (kind === 0x90 || kind === 0x80) {
    return { kind: "note", id: `note ${channel}.${first}`, pitch: first, velocity: kind === 0x90 ? second : 0, time };
  }
  if (kind === 0xb0 && first < MODES) return { kind: "knob", id: `knob ${channel}.${first}`, value: second, time };
  if (kind === 0xe0) return { kind: "knob", id: `bend ${channel}`, value: second + first / 128, time };
  return null;
}

/**
 * @param {object} options
 * @param {MidiNavigator} options.navigator
 * @param {(event: MidiEvent) => void} options.onEvent
 * @param {() => void} [options.onChange]   called when `ports`, `port` or `message` have changed
 * @param {string} [options.keptAs]         see midiports.js
 */
export function createMidiIn({ navigator, onEvent, onChange = () => {}, keptAs }) {
  /** @type {MIDIInput | null} */
  let listening = null;
  const ports = createMidiPorts({
    navigator,
    kind: "inputs",
    keptAs,
    onPorts() {
      listen();
      onChange();
    },
  });
  /** @param {Event} event */
  const onMessage = (event) => {
    const { data, timeStamp } = /** @type {MIDIMessageEvent} */ (event);
    const read = data?.length ? readMidiMessage(data, timeStamp) : null;
    if (read) onEvent(read);
  };
  /** Listen to the chosen port, as long as it is there; others may listen to it, too. */
  function listen() {
    const input = ports.chosen;
    if (input === listening) return;
    listening?.removeEventListener("midimessage", onMessage);
    listening = input;
    input?.addEventListener("midimessage", onMessage);
    void input?.open?.(); // browsers that wait for `onmidimessage` otherwise
  }

  return {
    get ports() {
      return ports.list;
    },
    /** The chosen one, also while it is unplugged. */
    get port() {
      return ports.port;
    },
    /** What is missing, or "". */
    get message() {
      return ports.message;
    },
    ask: ports.ask,
    choose: ports.choose,
    restore: ports.restore,
    dispose() {
      ports.dispose();
      listen();
    },
  };
}
