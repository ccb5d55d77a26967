// Capture: what was played last, always on: which clip, with its locks and mutes, sounded from which step on.
/** @import { Clip, ClipSpan, Loop, Note, Tempo } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { joinSpans } from "./clip.js";

const MAX_BARS = 64;

/** @param {number} step */
const barAfter = (step) => Math.ceil(step / STEPS_PER_BAR) * STEPS_PER_BAR;

/** @param {{ maxBars?: number }} [options] */
export function createCapture({ maxBars = MAX_BARS } = {}) {
  /** @type {(Required<ClipSpan> & { clip: Loop, qpm: number })[]} */
  let spans = []; // steps count on from take to take
  let origin = NaN; // the step of ours that is step 0 of the present take; NaN between two takes
  let known = -Infinity; // the step of the take up to which all is known

  /** What lies further back than the bars that are kept. */
  const forget = () => {
    const end = spans.at(-1)?.to ?? 0;
    spans = spans.filter(({ to }) => to > end - maxBars * STEPS_PER_BAR);
  };

  return {
    /**
     * Take note of what sounds.
     * @param {{ step: number, loop: Loop }[]} begun   in order of time: all that have begun of late
     * @param {number} step                            the one that is audible
     */
    hear(begun, step) {
      if (Number.isNaN(origin)) {
        const first = begun[0].step;
        const phase = ((first % STEPS_PER_BAR) + STEPS_PER_BAR) % STEPS_PER_BAR;
        origin = barAfter(spans.at(-1)?.to ?? 0) - (first - phase); // bars stay bars
        known = -Infinity;
      }
      for (const { step: from, loop } of begun) {
        if (from <= known) continue;
        known = from;
        const last = spans.at(-1);
        if (last && last.to > origin + from) last.to = origin + from;
        spans.push({ clip: loop, from: origin + from, to: origin + from, origin, qpm: loop.qpm });
      }
      const last = spans[spans.length - 1];
      last.to = Math.max(last.to, origin + Math.max(step, begun[begun.length - 1].step));
      forget();
    },
    /** The music has stopped: what is played next is another take, from the next bar line on. */
    pause() {
      origin = NaN;
    },
    /** The step that is known last, counted on from take to take. */
    get end() {
      return spans.at(-1)?.to ?? 0;
    },
    /** Number of bars that it has. */
    get bars() {
      const { from, to } = reach(spans, maxBars);
      return (to - from) / STEPS_PER_BAR;
    },
    /**
     * The last bars as music, whole bars, with the tempos at which they were played; `qpm` is that of the last of them.
     * Null before anything was played.
     * @returns {(Clip & { qpm: number, tempos: Tempo[] }) | null}
     */
    music() {
      if (!spans.length) return null;
      const { from: start, to: end } = reach(spans, maxBars);
      const inside = spans.filter(({ from, to }) => to > start && to > from);
      const whole = inside.map(({ clip, from, to, origin }) => ({
        clip,
        from: Math.max(from, start) - start,
        to: Math.ceil(to) - start,
        origin: origin - start,
      }));
      const withGain = (/** @type {Note} */ note, /** @type {number} */ turn) => ({ ...note, gain: inside[turn].clip.gain });
      const tempos = inside.map(({ qpm }, turn) => ({ step: turn ? whole[turn].from : 0, qpm }));
      return {
        ...joinSpans(whole, withGain),
        steps: end - start,
        qpm: spans[spans.length - 1].qpm,
        tempos: tempos.filter(({ qpm }, turn) => qpm !== tempos[turn - 1]?.qpm),
      };
    },
  };
}

/**
 * The whole bars that spans reach over, the last ones of them.
 * @param {ClipSpan[]} spans
 * @param {number} maxBars
 */
function reach(spans, maxBars) {
  if (!spans.length) return { from: 0, to: 0 };
  const to = barAfter(Math.ceil(spans[spans.length - 1].to));
  const first = Math.floor(spans[0].from / STEPS_PER_BAR) * STEPS_PER_BAR;
  return { from: Math.max(first, to - maxBars * STEPS_PER_BAR), to };
}
