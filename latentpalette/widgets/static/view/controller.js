// A MIDI controller in an instrument: knobs move controls, those that were learned or the one that has the focus; keys play.
/** @import { Disposables, InstrumentSession, Loop, MidiEvent, KnobTurn } from "../types.js" */
/** @import { Parts } from "./shell.js" */

import { createMidiIn } from "../audio/midiin.js";
import { createKeyRecorder } from "../state/keyrecorder.js";
import { createBindings, createKnobReader } from "../state/knobs.js";
import { el, setText } from "./dom.js";
import { icon } from "./icons.js";
import { createKnobControls } from "./knobcontrols.js";

const LAST_USED = Symbol.for("latentpalette.keys"); // keys go to the instrument with a port that was used last
const LIT = 120; // [milliseconds]
const WAY = "Learn: choose a control, then turn a knob or press a pad.";

/**
 * @param {object} options
 * @param {string} options.name             of the instrument
 * @param {InstrumentSession} options.session
 * @param {Parts} options.parts
 * @param {HTMLElement} options.root
 * @param {Disposables} options.disposables
 * @param {() => void} options.onChange
 * @param {any} [options.scope]
 */
export function createController({ name, session, parts, root, disposables, onChange, scope = globalThis }) {
  const { state, transport } = session;
  const self = {};
  const read = createKnobReader();
  const bindings = createBindings(name);
  const controls = createKnobControls({ root, own: parts.knobs ?? [] });
  let isLearning = false;
  const midiIn = createMidiIn({ navigator, onEvent, onChange, keptAs: name });
  const keys = state.streams.length
    ? createKeyRecorder({
        state,
        position: () => (transport.sounding ? (transport.player?.position() ?? null) : null),
        start: () => transport.start(),
        target: parts.keys ?? null,
        play: (note) => transport.ensurePlayer()?.tap({ ...note, gain: gainNow() }),
      })
    : null;
  /** That of what plays, so that keys are as loud. */
  function gainNow() {
    try {
      return /** @type {{ loop?: () => Loop | null }} */ (transport).loop?.()?.gain ?? 1;
    } catch {
      return 1; // its sounds are still to come
    }
  }
  const words = el("span", { role: "status" });
  const done = el("button", { class: "lp-control", type: "button", text: "Done", on: { click: () => learn(false) } });
  const line = el("div", { class: "lp-offer lp-learning", hidden: true }, words, done);
  const lamp = el("i", { class: "lp-lamp", aria: { hidden: true } });
  const chip = el("button", { class: "lp-control lp-square lp-midi", type: "button", hidden: true, aria: { label: "MIDI" } }, icon("midi"), lamp);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let dark;

  /** @param {boolean} to */
  function learn(to) {
    isLearning = to;
    line.hidden = !to;
    setText(words, WAY);
    onChange();
  }
  /** @param {MidiEvent} event */
  function onEvent(event) {
    lamp.dataset.lit = "true";
    clearTimeout(dark);
    dark = setTimeout(() => delete lamp.dataset.lit, LIT);
    const isPress = event.kind === "note";
    const turn = isPress ? { position: event.velocity ? 1 : 0 } : read(event.id, event.value);
    if (isLearning && (!isPress || event.velocity)) {
      const names = controls.learnable();
      const control = names.find((each) => !bindings.list.some(({ control }) => control === each)) ?? names[0];
      if (!control) return;
      if (bindings.controlOf(event.id) !== control && !names.includes(bindings.controlOf(event.id) ?? "")) {
        bindings.bind(event.id, control);
        setText(words, `${formatKnob(event.id)} moves ${control}. ${names.length > 1 ? "Another knob moves it the other way; or go" : "Go"} on with another, or press Done.`);
        onChange();
      }
    }
    if (!turn) return;
    const bound = bindings.controlOf(event.id);
    if (bound) controls.turn(bound, turn);
    else if (isPress) playKey(event);
    else controls.turnFocused(/** @type {KnobTurn} */ (turn));
  }
  /** @param {Extract<MidiEvent, { kind: "note" }>} event */
  function playKey(event) {
    if (scope[LAST_USED] && scope[LAST_USED] !== self) return;
    if (!parts.onNote?.(event)) keys?.onNote(event);
  }
  void midiIn.restore().then((isThere) => isThere && (scope[LAST_USED] ??= self));
  const use = () => {
    if (midiIn.port) scope[LAST_USED] = self;
  };
  for (const type of ["pointerdown", "focusin"]) root.addEventListener(type, use);
  disposables.add(() => {
    if (scope[LAST_USED] === self) scope[LAST_USED] = null;
    clearTimeout(dark);
    keys?.dispose();
    midiIn.dispose();
  });
  return {
    midiIn,
    bindings,
    chip,
    line,
    get isLearning() {
      return isLearning;
    },
    learn,
    /** @param {string | null} id   of a port */
    choose(id) {
      midiIn.choose(id);
      scope[LAST_USED] = midiIn.port ? self : scope[LAST_USED] === self ? null : scope[LAST_USED];
      if (!midiIn.port) learn(false);
    },
    /** @param {string} out   the instrument that plays, or "" */
    show(out) {
      const port = midiIn.port?.name ?? "";
      chip.hidden = !port && !out;
      chip.title = `MIDI in: ${port ? `${port}${midiIn.message ? ", not connected" : ""}` : "none"}. MIDI out: ${out || "none"}.`;
      chip.setAttribute("aria-description", chip.title);
      chip.classList.toggle("lp-gone", Boolean(port && midiIn.message));
      return port;
    },
  };
}

/**
 * A knob or a key in words: "Knob 74", "Pad 36", "Pitch bend"; of other channels than the first with the channel.
 * @param {string} id
 */
export function formatKnob(id) {
  const [, kind, channel, number] = /^(\w+) (\d+)(?:\.(\d+))?$/.exec(id) ?? [];
  if (!kind) return id;
  const name = kind === "bend" ? "Pitch bend" : `${kind === "note" ? "Pad" : "Knob"} ${number}`;
  return channel === "1" ? name : `${name}, channel ${channel}`;
}
