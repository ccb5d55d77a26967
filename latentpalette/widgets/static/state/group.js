// Session of a group of instruments: a transport that plays them all, and what they have in common.
/** @import { InstrumentHandle, Model } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { writeClips } from "./cliptable.js";
import { createEmitter } from "./emitter.js";
import { createHistory } from "./history.js";
import { instrumentsOf, onPageChange, setSessionVolume } from "./ensemble.js";
import { KERNEL_LOST, linkKernel } from "./kernellink.js";
import { createRequester } from "./requests.js";
import { shareSessions } from "./sharing.js";
import { createTake } from "./take.js";

/** @typedef {{ id: string, name: string }} Member */

export const TRAITS = ["qpm", "volume", "playing"];
const SENT_BARS = 4; // of what is played, after which Python gets it while it goes on
const OF_EACH = ["launch_quantization"]; // the instruments have it, all the same when it is set here

/** Open a view's share in a session. */
export const openGroup = shareSessions(createGroup);

/** @param {Model} unsafeModel */
function createGroup(unsafeModel) {
  const link = linkKernel(unsafeModel, () => requester.abandon(new Error(KERNEL_LOST)));
  const { model } = link;
  const requester = createRequester(model);
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
    get: (/** @type {string} */ name) => (OF_EACH.includes(name) ? instruments()[0]?.state.get(name) : model.get(name)),
    /** @param {Record<string, any>} values */
    set(values) {
      for (const [name, value] of Object.entries(values)) {
        if (OF_EACH.includes(name)) for (const { state: own } of instruments()) own.set({ [name]: value });
        else model.set(name, value);
      }
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

  /** @type {ReturnType<typeof createHistory<Record<string, any>>>} */
  const history = createHistory({ onChange: changed });
  /** @param {Record<string, any>} values */
  const presentOf = (values) => Object.fromEntries(Object.keys(values).map((name) => [name, state.get(name)]));
  const commands = {
    /**
     * @param {Record<string, any>} values
     * @param {boolean} [isFurther]   true if it goes on with a change that undo takes back as one
     */
    change(values, isFurther = false) {
      if (!isFurther) history.push(presentOf(values));
      state.set(values);
    },
    undo: () => state.set(history.undo(presentOf) ?? {}),
    redo: () => state.set(history.redo(presentOf) ?? {}),
    restoreEdits() {},
  };

  const take = createTake({
    lanes: members.length,
    onChange() {
      changed();
      if (!isSounding() || take.end - sent >= SENT_BARS * STEPS_PER_BAR) sendTake();
    },
  });
  let sent = 0; // the step up to which Python has it
  /** Let Python have the chosen bars. */
  function sendTake() {
    const music = model.get("has_kernel") ? take.music() : null;
    if (!music) return;
    sent = take.end;
    const tempos = music.tempos.map(({ step, qpm }) => [step, qpm]);
    requester.request("captured", { tempos }, [writeClips(music.lanes).buffer]).catch(() => {}); // the next one may get there
  }
  /** @type {{ instrument: InstrumentHandle | undefined, stop: () => void }[]} */
  const recorded = [];
  /**
   * @param {number} lane
   * @param {InstrumentHandle} [instrument]   none: it is gone
   */
  const record = (lane, instrument) => {
    if (recorded[lane]?.instrument === instrument) return;
    recorded[lane]?.stop();
    recorded[lane] = { instrument, stop: instrument ? take.record(lane, instrument) : () => {} };
  };

  // What the instruments do, the bar shows; its tempo is theirs, its volume a factor of theirs.
  /** @type {(() => void)[]} */
  let offs = [];
  const watch = () => {
    offs.forEach((off) => off());
    offs = instruments().flatMap(({ state: own }) => [
      ...["playing", "silenced", "volume", "locks", "sounds", ...OF_EACH].map((name) => own.on(name, changed)),
      own.on("qpm", () => own.get("qpm") !== state.get("qpm") && state.set({ qpm: own.get("qpm") })),
    ]);
    members.forEach(({ id }, lane) => record(lane, instrumentsOf([id])[0]));
    changed();
  };
  const offPage = onPageChange(watch);
  const shareTempo = () => {
    for (const { state: own } of instruments()) if (own.get("qpm") !== state.get("qpm")) own.set({ qpm: state.get("qpm") });
  };
  const shareVolume = () => setSessionVolume(model.get("widget_id"), state.get("volume"));
  const offTraits = [traits.on("qpm", shareTempo), traits.on("volume", shareVolume)];
  watch();
  shareVolume();

  return {
    members,
    instruments,
    take,
    /** The audible step, counted from the first that any of them played; -1 while nothing plays. */
    step() {
      const sounding = instruments().find((handle) => handle.transport.sounding);
      return sounding?.transport.player?.position().step ?? -1;
    },
    state,
    history,
    transport,
    commands,
    edits: { offered: null, withdraw() {} },
    on: emitter.on,
    onError,
    get error() {
      return error;
    },
    needsClick: false,
    sendTake,
    allowSound() {
      for (const instrument of instruments()) instrument.allowSound();
    },
    midiOut: null,
    openMidiOut: () => null,
    dispose() {
      offPage();
      [...offs, ...offTraits].forEach((off) => off());
      members.forEach((_, lane) => record(lane));
      requester.dispose();
      link.dispose();
      for (const [type, handler] of handlers) model.off(type, handler);
    },
  };
}
