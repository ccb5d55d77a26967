// The way to the ear, from the first click on: the audio context, the kit at its rate, the desk. Survives a new context.

import { createDesk } from "./masterbus.js";
import { kitAt } from "./resample.js";
import { sharedContext } from "./audiocontext.js";

// `given` is an audio context, or a function that makes one at the first click. `onState()` hears that its state changed.
export function createSpeakers({ given, destination, kit: givenKit, onState, scope }) {
  let context = null;
  let kit = null;
  let desk = null;
  let volume = 1;
  let silent = false;
  let tapElsewhere = null;

  const connect = (to, through) => {
    desk?.dispose();
    context?.removeEventListener("statechange", onState);
    context = to;
    kit = kitAt(givenKit, context.sampleRate);
    desk = createDesk({ context, destination: through, kit, volume, silent });
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
      return desk.input;
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
      desk?.setVolume(to);
    },

    setSilent(to, tapThere) {
      silent = to;
      tapElsewhere = to ? tapThere : null;
      desk?.setSilent(to);
    },

    tap(drum, velocity) {
      if (tapElsewhere) return tapElsewhere(drum, velocity);
      wake();
      desk.tap(drum, velocity);
    },

    dispose() {
      context?.removeEventListener("statechange", onState);
      desk?.dispose();
      context = desk = null;
    },
  };
}
