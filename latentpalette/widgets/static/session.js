// Session: a bar that plays several instruments together, and a row for each of them.
/** @import { InstrumentHandle, Model, Parts, Surroundings } from "./types.js" */

import { mixMidi, mixWav } from "./files/mix.js";
import { createEmitter } from "./state/emitter.js";
import { instrumentsOf, onPageChange } from "./state/ensemble.js";
import { keepInNotebook } from "./state/notebook.js";
import { shareModel, shareSessions } from "./state/sharing.js";
import { el, setText } from "./view/dom.js";
import { icon } from "./view/icons.js";
import { saveFile } from "./view/savefile.js";
import { createShell } from "./view/shell.js";

/** @typedef {{ id: string, name: string }} Member */

/**
 * @param {{ model: Model }} widget
 * @returns {() => void}   called when the widget is gone
 */
function initialize({ model }) {
  keepInNotebook(model);
  return shareModel(model);
}

const TRAITS = ["qpm", "volume", "playing"];

/** Open a view's share in a session. */
const openSession = shareSessions(createSession);

/** @param {Model} model */
function createSession(model) {
  const emitter = createEmitter();
  const traits = createEmitter();
  const handlers = TRAITS.map((name) => /** @type {[string, () => void]} */ ([`change:${name}`, () => traits.emit(name)]));
  for (const [type, handler] of handlers) model.on(type, handler);
  let error = "";
  const changed = () => emitter.emit("change");
  /** @type {Member[]} */
  const members = model.get("members");
  const instruments = () => instrumentsOf(members.map(({ id }) => id));

  const state = {
    get: (/** @type {string} */ name) => model.get(name),
    /** @param {Record<string, any>} values */
    set(values) {
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      model.save_changes();
    },
    on: traits.on,
    streams: [],
    lanes: [],
  };
  const isSounding = () => instruments().some(({ transport }) => transport.sounding);
  const transport = {
    player: null,
    ensurePlayer: () => null,
    get sounding() {
      return isSounding();
    },
    refresh() {},
    start() {
      // The first one begins, and the others join it in phase.
      for (const { state: own, allowSound } of instruments()) {
        allowSound();
        own.set({ playing: true });
      }
      state.set({ playing: true });
      if (!instruments().length) onError(new Error("No instrument of this session is shown. Show them, then play."));
    },
    stop() {
      for (const { state: own } of instruments()) own.set({ playing: false });
      state.set({ playing: false });
    },
    toggle: () => (isSounding() ? transport.stop() : transport.start()),
  };
  /** @param {any} problem */
  function onError(problem) {
    error = problem ? (problem.message ?? String(problem)) : "";
    changed();
  }

  // What the instruments do, the bar shows; tempo and volume of the bar are theirs.
  /** @type {(() => void)[]} */
  let offs = [];
  const watch = () => {
    offs.forEach((off) => off());
    offs = instruments().flatMap(({ state: own }) => [
      ...["playing", "silenced", "volume"].map((name) => own.on(name, changed)),
      own.on("qpm", () => own.get("qpm") !== state.get("qpm") && state.set({ qpm: own.get("qpm") })),
    ]);
    changed();
  };
  const offPage = onPageChange(watch);
  const toAll = (/** @type {string} */ name) => () => {
    for (const { state: own } of instruments()) {
      if (own.get(name) !== state.get(name)) own.set({ [name]: state.get(name) });
    }
  };
  const offTraits = ["qpm", "volume"].map((name) => traits.on(name, toAll(name)));
  watch();

  return {
    members,
    instruments,
    state,
    history: { canUndo: false, canRedo: false },
    transport,
    commands: { undo() {}, redo() {}, restoreEdits() {}, change() {} },
    edits: { offered: null, withdraw() {} },
    on: emitter.on,
    onError,
    get error() {
      return error;
    },
    needsClick: false,
    allowSound() {
      for (const instrument of instruments()) instrument.allowSound();
    },
    midiOut: null,
    openMidiOut: () => null,
    dispose() {
      offPage();
      [...offs, ...offTraits].forEach((off) => off());
      for (const [type, handler] of handlers) model.off(type, handler);
    },
  };
}

/**
 * Show a session.
 * @param {{ model: Model, el: HTMLElement }} widget
 * @returns {() => void}   closes the view
 */
function render({ model, el: host }) {
  const { session, close } = openSession(model);
  return createShell({ host, name: "Session", session, close, shown: TRAITS, build: (around) => buildSession(session, around) });
}

/**
 * @param {ReturnType<typeof createSession>} session
 * @param {Surroundings} around
 * @returns {Parts}
 */
function buildSession(session, { mark }) {
  const rows = session.members.map((member) => createRow(session, member, mark));
  const spoken = el("span", { class: "lp-spoken", role: "status", aria: { live: "polite" } });
  const news = el("span", { class: "lp-news" });
  const parts = () =>
    session.instruments().flatMap(({ state, transport, kit }) => {
      const loop = state.get("silenced") ? null : transport.loop();
      return loop ? [{ loop, streams: state.streams, kit: kit() }] : [];
    });
  const unavailable = () => (parts().length ? "" : "No instrument of this session is shown");
  return {
    middle: [],
    setup: [],
    playsNothing: true,
    keep: [
      { label: "MIDI", actions: [{ label: "mix", name: "Mix as MIDI", title: "What all play now", unavailable, run: () => saveFile(mixMidi(parts())) }] },
      { label: "WAV", actions: [{ label: "mix", name: "Mix as WAV", title: "What all play now", unavailable, run: () => saveFile(mixWav(parts())) }] },
    ],
    help: [
      ["Play", "plays all instruments in phase; the Play of an instrument joins the others."],
      ["Mute, solo", "leave an instrument out, or hear it alone; volumes mix them."],
    ],
    body: [el("ul", { class: "lp-members" }, ...rows.map(({ element }) => element)), el("div", { class: "lp-status" }, news, spoken)],
    show() {
      rows.forEach((row) => row.show());
      const count = session.instruments().filter(({ transport }) => transport.sounding).length;
      setText(spoken, count ? `${count} of ${rows.length} play.` : "");
    },
    showNotice(text) {
      setText(news, text);
      setText(spoken, text);
    },
    clearNotice: () => setText(news, ""),
  };
}

/**
 * The row of an instrument.
 * @param {ReturnType<typeof createSession>} session
 * @param {Member} member
 * @param {() => void} mark
 */
function createRow(session, { id, name }, mark) {
  /** @returns {InstrumentHandle | undefined} */
  const instrument = () => session.instruments().find((handle) => handle.id === id);
  /**
   * @param {string} label
   * @param {(Element | string)[]} pictures
   * @param {(found: InstrumentHandle) => void} act
   */
  const button = (label, pictures, act) => {
    const made = el("button", { class: "lp-mini", type: "button", title: `${label} ${name}`, aria: { label: `${label} ${name}`, pressed: false } });
    made.append(...pictures);
    made.addEventListener("click", () => {
      const found = instrument();
      if (found) act(found);
      mark();
    });
    return made;
  };
  const others = () => session.instruments().filter((handle) => handle.id !== id);
  const isSolo = () => others().length > 0 && !instrument()?.state.get("silenced") && others().every(({ state }) => state.get("silenced"));
  const mute = button("Mute", [icon("muted")], ({ state }) => state.set({ silenced: !state.get("silenced") }));
  const solo = button("Solo", ["S"], ({ state }) => {
    const alone = isSolo();
    state.set({ silenced: false });
    for (const other of others()) other.state.set({ silenced: !alone });
  });
  const volume = el("input", { type: "range", min: 0, max: 1, step: 0.01, aria: { label: `Volume of ${name}` } });
  volume.addEventListener("input", () => instrument()?.state.set({ volume: Number(volume.value) }));
  const playing = el("span", { class: "lp-dim" });
  const element = el("li", { class: "lp-member" }, el("span", { class: "lp-member-name", text: name, title: name }), playing, solo, mute, volume);
  return {
    element,
    show() {
      const found = instrument();
      const off = Boolean(found?.state.get("silenced"));
      element.classList.toggle("lp-member-off", off);
      mute.setAttribute("aria-pressed", String(off));
      solo.setAttribute("aria-pressed", String(isSolo()));
      for (const control of [mute, solo, volume]) control.disabled = !found;
      if (found) volume.value = String(found.state.get("volume"));
      setText(playing, !found ? "not shown on this page" : found.transport.sounding ? "plays" : "");
    },
  };
}

export default { initialize, render };
