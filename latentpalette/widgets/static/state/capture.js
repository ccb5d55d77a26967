// Capture: what was played last, always on.
/** @import { Clip, Loop, Tempo } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { createRecording } from "./recording.js";

const MAX_BARS = 64;

/** @param {{ maxBars?: number }} [options] */
export function createCapture({ maxBars = MAX_BARS } = {}) {
  const recording = createRecording({ maxBars });
  return {
    /**
     * Take note of what sounds; see `createRecording`.
     * @param {{ step: number, loop: Loop }[]} begun
     * @param {number} step
     */
    hear: (begun, step) => recording.hear(0, begun, step),
    /** The music has stopped: what is played next is another take, from the next bar line on. */
    pause: () => recording.pause(0),
    /** The step that is known last, counted on from take to take. */
    get end() {
      return recording.end;
    },
    /** Number of bars that it has. */
    get bars() {
      const { from, to } = recording.reach;
      return (to - from) / STEPS_PER_BAR;
    },
    /**
     * The last bars as music, whole bars, with the tempos at which they were played; `qpm` is that of the last of them.
     * Null before anything was played.
     * @returns {(Clip & { qpm: number, tempos: Tempo[] }) | null}
     */
    music() {
      const last = recording.spans(0).at(-1);
      if (!last) return null;
      const part = recording.reach;
      return { ...recording.music(0, part), qpm: last.qpm, tempos: recording.tempos(part) };
    },
  };
}
