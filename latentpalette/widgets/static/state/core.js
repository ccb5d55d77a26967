// Core of the session of an instrument, however many views show it: the link to Python, its sounds, its problem, MIDI out.
/** @import { Loop, Model, OnError, OpenEngine, PlayerState, Stream, Transport } from "../types.js" */

import { wakeContext } from "../audio/audiocontext.js";
import { STEPS_PER_BAR } from "../audio/clock.js";
import { loopGain } from "../audio/loudness.js";
import { createMidiOut } from "../audio/midiout.js";
import { createPlayer } from "../audio/player.js";
import { createCapture } from "./capture.js";
import { writeClips } from "./cliptable.js";
import { createEmitter } from "./emitter.js";
import { slotOf } from "./ensemble.js";
import { KERNEL_LOST, KERNEL_LOST_PAGE_DECODES, linkKernel } from "./kernellink.js";
import { createRequester } from "./requests.js";
import { createResponders } from "./responders.js";
import { createSounds } from "./sounds.js";

const SENT_BARS = 4; // of what is played, after which Python gets it while it goes on

/** @param {Model} unsafeModel */
export function createCore(unsafeModel) {
  const emitter = createEmitter();
  const link = linkKernel(unsafeModel, () => {
    if (!model.get("has_kernel")) return;
    model.set("has_kernel", false);
    abandon(new Error(KERNEL_LOST));
    if (slotOf(model.get("widget_id"))) return; // its session says so for all
    onError(new Error(responders.pageRequests.length ? KERNEL_LOST_PAGE_DECODES : KERNEL_LOST));
  });
  const { model } = link;
  const { request: askPython, abandon, dispose: disposeRequester } = createRequester(model);
  const responders = createResponders({
    askPython,
    hasPython: () => model.get("has_kernel"),
    onChange() {
      link.keep("page_requests", responders.pageRequests);
      changed();
    },
    onError: (problem) => onError(problem),
  });
  const { request } = responders;
  let error = "";
  const changed = () => emitter.emit("change");
  /** @type {OnError} */
  const onError = (problem) => {
    error = problem ? (problem.message ?? String(problem)) : "";
    changed();
  };
  // A value of ours that Python refused.
  const onMessage = (/** @type {any} */ message) => {
    if (message?.type === "problem") onError(new Error(message.error));
  };
  model.on("msg:custom", onMessage);

  /** @type {ReturnType<typeof createPlayer> | null} */
  let player = null;
  /** @type {OpenEngine | null} */
  let openEngine = null; // until the sounds are there, which come first
  let isAsked = false;
  let isGone = false;
  async function startEngine() {
    const open = openEngine;
    if (!open || sounds.pending || !model.get("has_kernel")) return;
    openEngine = null;
    const responder = await open({ model, request: askPython }).catch(() => null); // then Python goes on to respond
    if (!responder) return;
    if (isGone) responder.release();
    else responders.open(responder);
  }
  /** @type {Transport | null} */
  let clicked = null; // the one that a click has allowed to sound
  const sounds = createSounds({
    model,
    request,
    onReady() {
      player?.setKit(sounds.kit);
      if (model.get("playing")) clicked?.refresh();
      changed();
      void startEngine();
    },
    onChange: changed,
    onError,
  });
  /** @type {ReturnType<typeof createMidiOut> | null} */
  let midiOut = null;
  const capture = createCapture();
  let sent = 0; // the step up to which Python knows what was played
  const sendCapture = () => {
    if (!model.get("has_kernel") || capture.end === sent) return;
    const music = capture.music();
    if (!music) return;
    sent = capture.end;
    const tempos = music.tempos.map(({ step, qpm }) => [step, qpm]);
    request("captured", { tempos }, [writeClips([music]).buffer]).catch(() => {}); // the next one may get there
  };

  return {
    model,
    request,
    /** Show a problem; null clears it. */
    onError,
    /**
     * Listen to "change": anything but the state has changed; "midi": MIDI out has; "heard": again and again what sounds,
     * as capture.js takes note of it; "rest": nothing does any more.
     */
    on: emitter.on,
    changed,
    /** What was played last. */
    capture,
    /** The sounds of all streams. An error is thrown while they are being decoded. */
    kit: () => sounds.kit,
    /** True while Python renders other sounds than those that are played. */
    get soundsLoading() {
      return sounds.loading;
    },
    /** @param {Pick<Loop, "notes" | "steps" | "qpm">} loop */
    gainOf: (loop) => loopGain(loop, sounds.kit),
    /**
     * @param {(state: PlayerState) => void} onChange
     * @returns {ReturnType<typeof createPlayer> | null}   null before a gesture, which browsers require first, and the sounds
     */
    makePlayer(onChange) {
      if (!clicked || sounds.pending) return null;
      const onState = (/** @type {PlayerState} */ state) => {
        if (state === "stopped") {
          capture.pause();
          emitter.emit("rest");
          sendCapture();
        }
        onChange(state);
      };
      player = createPlayer({
        kit: sounds.kit,
        group: () => model.get("session_id") ?? "",
        onChange: onState,
        onHeard(begun, step) {
          capture.hear(begun, step);
          emitter.emit("heard", begun, step);
          if (capture.end - sent >= SENT_BARS * STEPS_PER_BAR) sendCapture();
        },
      });
      return player;
    },
    /**
     * Let the page decode as well, from when it can; asked again, it does nothing.
     * @param {OpenEngine} open
     */
    useEngine(open) {
      if (isAsked || !model.get("decode_in_page")) return;
      isAsked = true;
      openEngine = open;
      void startEngine();
    },
    /** The problem to show, or "". */
    get error() {
      return error;
    },
    /** MIDI out of all views, where one has opened it; "midi" is emitted when it changes. */
    get midiOut() {
      return midiOut;
    },
    /**
     * @param {Transport} transport
     * @param {Stream[]} streams
     * @param {string} [keptAs]   the name under which the port is kept
     * @returns {ReturnType<typeof createMidiOut> | null}   null before a click allows sound
     */
    openMidiOut(transport, streams, keptAs) {
      const player = transport.ensurePlayer();
      if (!player) return null;
      return (midiOut ??= createMidiOut({
        navigator,
        player,
        streams,
        keptAs,
        onChange: () => emitter.emit("midi"),
        isHidden: () => document.hidden,
      }));
    },
    /**
     * Allow sound from here on: call it inside a click or key handler of one of the views.
     * @param {Transport} transport
     */
    allowSound(transport) {
      clicked = transport;
      if (sounds.pending) wakeContext(model.get("kit_rate")); // later would not be in the click
      if (!model.get("playing")) return;
      if (transport.player?.state === "waiting") transport.player.resume();
      else if (!transport.sounding) transport.refresh();
    },
    /**
     * True if it should play, but the browser requires a click first.
     * @param {Transport} transport
     */
    needsClick: (transport) => model.get("playing") && transport.player?.state !== "playing",
    dispose() {
      isGone = true;
      responders.dispose();
      midiOut?.dispose();
      sounds.dispose();
      model.off("msg:custom", onMessage);
      disposeRequester();
      link.dispose();
    },
  };
}
