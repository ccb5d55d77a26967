// The way to the ear, from the first click on: the audio context, the kit at its rate, the master bus. Survives a new context.

import { createMasterBus } from "./masterbus.js";
import { kitAt } from "./resample.js";
import { sharedContext } from "./audiocontext.js";

// `given` is an audio context, or a function that makes one at the first click. `onState()` hears that its state changed.
export function createOutput({ given, destination, kit: givenKit, onState, scope }) {
  let context = null;
  let kit = null;
  let masterBus = null;
  let volume = 1;
  let silent = false;
  let sendHit = null;

  const connect = (to, through) => {
    masterBus?.dispose();
    context?.removeEventListener("statechange", onState);
    context = to;
    kit = kitAt(givenKit, context.sampleRate);
    masterBus = createMasterBus({ context, destination: through, kit, volume, silent });
    context.addEventListener("statechange", onState);
  };

  // Only inside a click or key handler may a context be made, or woken.
  const wake = () => {
    if (!context) connect(typeof given === "function" ? given(scope) : given, destination);
    if (context.state === "closed") connect(sharedContext(scope)); // another palette has replaced it
    if (context.state !== "running") context.resume().catch(() => {}); // refused: the state says so
  };

  return {
    wake,
    get context() {
      return context;
    },
    get kit() {
      return kit;
    },
    // Where voices go.
    get input() {
      return masterBus.input;
    },
    get running() {
      return context?.state === "running";
    },

    replace(fresh) {
      connect(fresh);
      wake();
    },

    setVolume(to) {
      volume = to;
      masterBus?.setVolume(to);
    },

    setSilent(to, instead) {
      silent = to;
      sendHit = to ? instead : null;
      masterBus?.setSilent(to);
    },

    tap(drum, velocity) {
      if (sendHit) return sendHit(drum, velocity);
      wake();
      masterBus.tap(drum, velocity);
    },

    dispose() {
      context?.removeEventListener("statechange", onState);
      masterBus?.dispose();
      context = masterBus = null;
    },
  };
}
