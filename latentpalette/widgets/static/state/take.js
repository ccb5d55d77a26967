// The take of a session: what its instruments have played, in one lane each, and the bars of it that are chosen to be kept.
/** @import { Clip, InstrumentHandle, RecordedSpan, Tempo } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { createRecording } from "./recording.js";

export const MAX_BARS = 32;

/** @typedef {{ from: number, to: number }} Frame   [steps], of whole bars */

/** @param {{ lanes: number, onChange: () => void, maxBars?: number }} options */
export function createTake({ lanes, onChange, maxBars = MAX_BARS }) {
  const recording = createRecording({ lanes, maxBars });
  /** @type {Frame | null} */
  let chosen = null; // null: all bars
  let follows = false; // true if the chosen bars end with the last one, however many there are

  const take = {
    maxBars,
    /** The bars that there are. */
    get reach() {
      return recording.reach;
    },
    /** The chosen bars. */
    get frame() {
      const { from, to } = recording.reach;
      if (!chosen) return { from, to };
      const length = chosen.to - chosen.from;
      const end = Math.min(to, follows ? to : Math.max(chosen.to, from + STEPS_PER_BAR));
      return { from: Math.max(from, Math.min(follows ? end - length : chosen.from, end - STEPS_PER_BAR)), to: end };
    },
    /** Number of the chosen bars. */
    get bars() {
      const { from, to } = take.frame;
      return (to - from) / STEPS_PER_BAR;
    },
    /**
     * Choose bars; null: all, those to come as well.
     * @param {Frame | null} frame
     */
    choose(frame) {
      const { from, to } = recording.reach;
      const isAll = !frame || (frame.from <= from && frame.to >= to);
      chosen = isAll ? null : { from: Math.max(from, frame.from), to: Math.min(to, frame.to) };
      follows = chosen !== null && chosen.to === to;
      onChange();
    },
    /**
     * What sounded in a lane.
     * @param {number} lane
     * @returns {readonly RecordedSpan[]}
     */
    spans: (lane) => recording.spans(lane),
    /** The step that is known last. */
    get end() {
      return recording.end;
    },
    /** The tempos of the chosen bars, each with the step of them that it begins at. */
    tempos: () => recording.tempos(take.frame),
    /**
     * The chosen bars: for each lane its music, and the tempos. Null before anything was played.
     * @returns {{ lanes: Clip[], steps: number, tempos: Tempo[] } | null}
     */
    music() {
      const { frame } = take;
      if (frame.to === frame.from) return null;
      const clips = Array.from({ length: lanes }, (_, lane) => recording.music(lane, frame));
      return { lanes: clips, steps: frame.to - frame.from, tempos: take.tempos() };
    },
    /**
     * Record an instrument in a lane.
     * @param {number} lane
     * @param {InstrumentHandle} instrument
     * @returns {() => void}   no longer
     */
    record(lane, { state, on }) {
      const offs = [
        on("heard", (begun, step) => {
          const { to } = recording.reach;
          recording.hear(lane, begun, step, state.get("silenced") ? 0 : state.get("volume"));
          if (recording.reach.to !== to) onChange();
        }),
        on("rest", () => {
          recording.pause(lane);
          onChange();
        }),
      ];
      return () => {
        offs.forEach((off) => off());
        recording.pause(lane);
      };
    },
  };
  return take;
}
