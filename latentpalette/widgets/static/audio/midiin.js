// MIDI in: the notes and the knobs of a controller, as they come.
/** @import { MidiEvent } from "../types.js" */

import { MIDI_DENIED, MIDI_NO_PORTS, MIDI_UNSUPPORTED } from "./midiout.js";

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
 * @param {Partial<Pick<Navigator, "requestMIDIAccess">>} options.navigator
 * @param {(event: MidiEvent) => void} options.onEvent
 * @param {() => void} [options.onChange]   called when `ports`, `port` or `message` have changed
 */
export function createMidiIn({ navigator, onEvent, onChange = () => {} }) {
  /** @type {MIDIAccess | null} */
  let access = null;
  /** @type {{ id: string, name: string } | null} */
  let port = null;
  /** @type {MIDIInput | null} */
  let listening = null;
  let message = "";
  const inputs = () => (access ? [...access.inputs.values()].filter(({ state }) => state !== "disconnected") : []);
  const listPorts = () => inputs().map(({ id, name }) => ({ id, name: name || id }));
  /** @param {Event} event */
  const onMessage = (event) => {
    const { data, timeStamp } = /** @type {MIDIMessageEvent} */ (event);
    const read = data?.length ? readMidiMessage(data, timeStamp) : null;
    if (read) onEvent(read);
  };
  /** Listen to the chosen port, as long as it is there; others may listen to it, too. */
  const listen = () => {
    const input = inputs().find(({ id }) => id === port?.id) ?? null;
    if (input === listening) return;
    listening?.removeEventListener("midimessage", onMessage);
    listening = input;
    input?.addEventListener("midimessage", onMessage);
    void input?.open?.(); // browsers that wait for `onmidimessage` otherwise
  };
  const onPorts = () => {
    listen();
    if (port && !listening) message = `"${port.name}" is not connected any more.`;
    else message = inputs().length ? "" : MIDI_NO_PORTS;
    onChange();
  };

  return {
    get ports() {
      return listPorts();
    },
    /** The chosen one, also while it is unplugged. */
    get port() {
      return port;
    },
    /** What is missing, or "". */
    get message() {
      return message;
    },
    /** Ask the browser for access; call it from a click. If it refuses, `message` says so. */
    async ask() {
      try {
        if (!navigator?.requestMIDIAccess) throw new Error(MIDI_UNSUPPORTED);
        access ??= await navigator.requestMIDIAccess();
        access.addEventListener("statechange", onPorts);
        onPorts();
      } catch {
        message = navigator?.requestMIDIAccess ? MIDI_DENIED : MIDI_UNSUPPORTED;
        onChange();
      }
    },
    /** @param {string | null} id   of a port; null: none */
    choose(id) {
      port = listPorts().find((one) => one.id === id) ?? null;
      onPorts();
    },
    dispose() {
      port = null;
      listen();
      access?.removeEventListener("statechange", onPorts);
    },
  };
}
