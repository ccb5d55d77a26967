// Session of a group of instruments: a transport that plays them all, and what they have in common.
/** @import { InstrumentHandle, Model, OpenEngine } from "../types.js" */

import { startTogether } from "../audio/audiocontext.js";
import { STEPS_PER_BAR } from "../audio/clock.js";
import { writeClips } from "./cliptable.js";
import { createEmitter } from "./emitter.js";
import { setSessionVolume } from "./ensemble.js";
import { createGroupCommands } from "./groupcommands.js";
import { OF_EACH, createGroupState } from "./groupstate.js";
import { createGroupVersions } from "./groupversions.js";
import { KERNEL_LOST, KERNEL_LOST_PAGE_DECODES, linkKernel } from "./kernellink.js";
import { createRequester } from "./requests.js";
import { shareSessions } from "./sharing.js";
import { createTake } from "./take.js";

const SENT_BARS = 4; // of what is played, after which Python gets it while it goes on

/** Open a view's share in a session. */
export const openGroup = shareSessions(createGroup);

/** @param {Model} unsafeModel */
function createGroup(unsafeModel) {
  const link = linkKernel(unsafeModel, () => {
    if (model.get("has_kernel")) model.set("has_kernel", false);
    requester.abandon(new Error(KERNEL_LOST));
    const decoding = instruments().filter(({ useEngine }) => useEngine); // rolls play what they have
    const goesOn = decoding.length && decoding.every(({ state: own }) => own.get("page_requests")?.length);
    onError(new Error(goesOn ? KERNEL_LOST_PAGE_DECODES : KERNEL_LOST));
  });
  const { model } = link;
  const requester = createRequester(model);
  const emitter = createEmitter();
  const changed = () => emitter.emit("change");
  const state = createGroupState(model);
  const { members, instruments } = state;
  let error = "";
  /** @type {OpenEngine | null} */
  let openEngine = null;
  /** @param {any} problem */
  function onError(problem) {
    error = problem ? (problem.message ?? String(problem)) : "";
    changed();
  }

  const isSounding = () => instruments().some(({ transport }) => transport.sounding);
  const transport = {
    player: null,
    ensurePlayer: () => null,
    get sounding() {
      return isSounding();
    },
    refresh() {},
    start() {
      const members = instruments();
      for (const { transport: own } of members) if (!own.sounding) own.prepare();
      // The first one begins, and the others join it in phase.
      startTogether(members.length, () => {
        for (const { state: own, allowSound } of members) {
          allowSound();
          own.set({ playing: true });
        }
      });
      state.set({ playing: true });
      if (!instruments().length) onError(new Error("No instrument of this session is shown. Show them, then play."));
    },
    stop() {
      for (const { state: own } of instruments()) own.set({ playing: false });
      state.set({ playing: false });
    },
    toggle: () => (isSounding() ? transport.stop() : transport.start()),
  };
  const { commands, history } = createGroupCommands({ state, onChange: changed });
  const { versions, edits } = createGroupVersions({ state, model, onChange: changed });

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
    offs = instruments().flatMap(({ state: own, on }) => [
      ...["playing", "silenced", "volume", "locks", "sounds", ...OF_EACH].map((name) => own.on(name, changed)),
      own.on("qpm", () => own.get("qpm") !== state.get("qpm") && state.set({ qpm: own.get("qpm") })),
      on("change", onInstrument),
    ]);
    members.forEach((_, lane) => record(lane, state.instrument(lane)));
    startEngines();
    changed();
  };
  function startEngines() {
    if (openEngine) for (const { useEngine } of instruments()) useEngine?.(openEngine);
  }
  /** Its history has changed, or its music has come. */
  function onInstrument() {
    versions.refresh();
    changed();
  }
  const shareTempo = () => {
    for (const { state: own } of instruments()) if (own.get("qpm") !== state.get("qpm")) own.set({ qpm: state.get("qpm") });
  };
  const shareVolume = () => setSessionVolume(model.get("widget_id"), state.get("volume"));
  const offTraits = [state.on("qpm", shareTempo), state.on("volume", shareVolume), state.on("instruments", watch)];
  watch();
  shareVolume();

  return {
    members,
    instruments,
    take,
    sendTake,
    /** The audible step, counted from the first that any of them played; -1 while nothing plays. */
    step() {
      const sounding = instruments().find((handle) => handle.transport.sounding);
      return sounding?.transport.player?.position().step ?? -1;
    },
    state,
    history,
    versions,
    edits,
    transport,
    commands,
    request: requester.request,
    on: emitter.on,
    onError,
    get error() {
      return error;
    },
    /**
     * Let the pages of all instruments decode as well: who uses one of them goes on to the others.
     * @param {OpenEngine} open
     */
    useEngine(open) {
      openEngine = open;
      startEngines();
    },
    needsClick: false,
    allowSound() {
      for (const instrument of instruments()) instrument.allowSound();
    },
    midiOut: null,
    openMidiOut: () => null,
    dispose() {
      [...offs, ...offTraits].forEach((off) => off());
      members.forEach((_, lane) => record(lane));
      versions.dispose();
      state.dispose();
      requester.dispose();
      link.dispose();
    },
  };
}
