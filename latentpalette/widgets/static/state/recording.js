// Recording: which clip, with its locks and mutes, sounded from which step on, in one lane or in several that play together.
/** @import { Clip, Loop, Note, RecordedSpan, Tempo } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { joinSpans, scaleVelocities } from "./clip.js";

/** @param {number} step */
const barAfter = (step) => Math.ceil(step / STEPS_PER_BAR) * STEPS_PER_BAR;

/** @param {{ lanes?: number, maxBars: number }} options */
export function createRecording({ lanes: count = 1, maxBars }) {
  /** @type {RecordedSpan[][]} */
  let lanes = Array.from({ length: count }, () => []); // steps count on from take to take
  const known = new Array(count).fill(-Infinity); // for each lane the step of the take up to which all is known
  /** @type {Set<number>} */
  const running = new Set(); // the lanes that play
  let origin = NaN; // the step of ours that is step 0 of the present take; NaN between two takes

  const end = () => Math.max(0, ...lanes.map((spans) => spans.at(-1)?.to ?? 0));

  /** What lies further back than the bars that are kept. */
  const forget = () => {
    const kept = end() - maxBars * STEPS_PER_BAR;
    lanes = lanes.map((spans) => spans.filter(({ to }) => to > kept));
  };

  const recording = {
    /**
     * Take note of what sounds in a lane.
     * @param {number} lane
     * @param {{ step: number, loop: Loop }[]} begun   in order of time: all that have begun of late
     * @param {number} step                            the one that is audible
     * @param {number} [level]                         how loud the lane is beside the others, 0 to 1
     */
    hear(lane, begun, step, level = 1) {
      if (Number.isNaN(origin)) {
        const first = begun[0].step;
        const phase = ((first % STEPS_PER_BAR) + STEPS_PER_BAR) % STEPS_PER_BAR;
        origin = barAfter(end()) - (first - phase); // bars stay bars
        known.fill(-Infinity);
      }
      let goesOn = running.has(lane); // it has played since then, however long nobody took note
      running.add(lane);
      const spans = lanes[lane];
      for (const { step: from, loop } of begun) {
        if (from <= known[lane]) continue;
        known[lane] = from;
        const last = spans.at(-1);
        if (last && (goesOn || last.to > origin + from)) last.to = origin + from;
        goesOn = true;
        spans.push({ clip: loop, from: origin + from, to: origin + from, origin, qpm: loop.qpm, level });
      }
      const last = spans[spans.length - 1];
      last.to = Math.max(last.to, origin + Math.max(step, begun[begun.length - 1].step));
      if (last.level !== level) {
        const from = Math.max(last.from, Math.round(last.to));
        if (from === last.from) last.level = level;
        else {
          last.to = from;
          spans.push({ ...last, from, to: from, level });
        }
      }
      forget();
    },
    /**
     * A lane has stopped. When the last one has, what is played next is another take, from the next bar line on.
     * @param {number} lane
     */
    pause(lane) {
      running.delete(lane);
      if (!running.size) origin = NaN;
    },
    /** The step that is known last, counted on from take to take. */
    get end() {
      return end();
    },
    /** The whole bars that it has [steps]. */
    get reach() {
      const begins = lanes.flatMap(([first]) => (first ? [first.from] : []));
      if (!begins.length) return { from: 0, to: 0 };
      const to = barAfter(Math.ceil(end()));
      const first = Math.floor(Math.min(...begins) / STEPS_PER_BAR) * STEPS_PER_BAR;
      return { from: Math.max(first, to - maxBars * STEPS_PER_BAR), to };
    },
    /**
     * What sounded in a lane, in order of time.
     * @param {number} lane
     * @returns {readonly RecordedSpan[]}
     */
    spans: (lane) => lanes[lane],
    /**
     * What sounded in a lane between two steps, as loud as its level was; its notes have the gains of their clips.
     * @param {number} lane
     * @param {{ from: number, to: number }} part
     * @returns {Clip}
     */
    music(lane, { from: start, to: end }) {
      const inside = lanes[lane].filter(({ from, to }) => to > start && from < end && to > from);
      const spans = inside.map(({ clip, from, to, origin, level }) => ({
        clip: level === 1 ? clip : { ...clip, notes: scaleVelocities(clip.notes, everyStream(clip, level)) },
        from: Math.max(from, start) - start,
        to: Math.min(Math.ceil(to), end) - start,
        origin: origin - start,
      }));
      const withGain = (/** @type {Note} */ note, /** @type {number} */ turn) => ({ ...note, gain: inside[turn].clip.gain });
      return { ...joinSpans(spans, withGain), steps: end - start };
    },
    /**
     * The tempos at which a part was played, each with the step of the part that it begins at.
     * @param {{ from: number, to: number }} part
     * @returns {Tempo[]}
     */
    tempos({ from: start, to: end }) {
      const inside = lanes.flat().filter(({ from, to }) => to > start && from < end && to > from);
      const ordered = inside.sort((one, other) => one.from - other.from);
      const tempos = ordered.map(({ from, qpm }, turn) => ({ step: turn ? Math.max(0, from - start) : 0, qpm }));
      return tempos.filter(({ qpm }, turn) => qpm !== tempos[turn - 1]?.qpm);
    },
  };
  return recording;
}

/**
 * The same volume for each stream of a clip.
 * @param {Clip} clip
 * @param {number} level
 */
const everyStream = ({ notes }, level) => new Array(1 + Math.max(0, ...notes.map(({ stream }) => stream))).fill(level);
