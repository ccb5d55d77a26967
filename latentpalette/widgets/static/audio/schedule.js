// Scheduling: segments, each with its voice on the audio clock. What is so near that the audio thread may already have
// it stays; what lies further ahead can be cancelled and replaced.
/** @import { CompanionPhase, Kit, Loop, ScheduledSegment, TimeGrid, Turn } from "../types.js" */

import { audibleTime, frameOfStep, gridThrough, nextBoundary, sameTempo } from "./clock.js";
import { maxTail } from "./kit.js";
import { enteringNotes, sameLoop } from "./timeline.js";
import { createVoice, disconnectAt, fadeFrames } from "./voice.js";

const START_SECONDS = 0.05; // from the click to the first beat
const MEMBER_SECONDS = 0.04; // and for each other that starts with it
const LEAD_SECONDS = 0.025; // how far ahead of now the nearest fade may begin
const AHEAD_SECONDS = 2; // how far ahead of now music is mixed in any case
const REST_SECONDS = 0.25; // after a change: if none has followed by then, the rest of its music is mixed, too
const SAFE_SECONDS = 0.01; // and how much of that must be left when its samples are mixed

/**
 * @param {object} options
 * @param {AudioContext} options.context
 * @param {Kit} options.kit
 * @param {AudioNode} options.input                     where the voices go
 * @param {number} [options.starting]                   how many start together
 * @param {() => CompanionPhase[]} [options.companions]   where those are that play together with this
 */
export function createSchedule({ context, kit, input, starting = 1, companions = () => [] }) {
  const { rate } = kit;
  const fade = fadeFrames(rate);
  const bus = context.createGain();
  bus.connect(input);
  /** @type {ScheduledSegment[]} */
  let segments = [];

  const frameNow = () => Math.ceil(context.currentTime * rate);
  const audibleFrame = () => audibleTime(context) * rate;
  const last = () => segments[segments.length - 1];

  /**
   * Put a segment on the audio clock.
   * @param {Loop} loop
   * @param {Partial<Turn>} turn   kept with the segment
   * @param {number} step
   * @param {number} frame
   * @returns {boolean}            false if mixing took so long that `frame` has passed
   */
  const place = (loop, turn, step, frame) => {
    const grid = gridThrough({ step, frame, steps: loop.steps, qpm: loop.qpm, rate });
    const entering = enteringNotes({ step, frame, grid, loop }, segments, kit);
    const segment = { ...turn, step, frame, grid, loop, entering };
    const voice = createVoice({ context, output: bus, segments: [...segments, segment], kit });
    if (voice.first < frameNow() + SAFE_SECONDS * rate) return false;
    last()?.voice.fadeOut(frame);
    segments.push({ ...segment, voice, kit, placed: frameNow() });
    voice.start();
    return true;
  };

  /**
   * The grid on which a loop takes over, and the frame from which on: the last one's; but where the tempo changes, and
   * one that plays together with this has changed to it already, that one's, so that both stay in phase.
   * @param {Loop} loop
   */
  const gridFor = ({ steps, qpm }) => {
    const { grid, frame } = last();
    const wanted = gridThrough({ step: 0, frame: 0, steps, qpm, rate });
    const ahead = sameTempo(grid, wanted) ? undefined : companions().find((other) => sameTempo(other.grid, wanted));
    return ahead ? { grid: ahead.grid, since: Math.max(frame, ahead.frame - fade) } : { grid, since: frame };
  };

  /** @param {number} time   [seconds] */
  const end = (time) => {
    for (const { voice } of segments) voice.stop(time);
    segments = [];
    disconnectAt(context, time, [bus]);
  };

  return {
    rate,
    frameNow,
    audibleFrame,
    get segments() {
      return segments;
    },
    get last() {
      return last();
    },
    /** True if the first sound is still to come. */
    get notYetHeard() {
      return segments.length === 1 && last().frame > frameNow() + SAFE_SECONDS * rate;
    },

    /**
     * Play with other sounds from the next segment on.
     * @param {Kit} to   of the same rate
     */
    setKit(to) {
      kit = to;
    },
    /**
     * True if the last segment sounds as a loop does.
     * @param {Loop} loop
     */
    plays: (loop) => last().kit === kit && sameLoop(last().loop, loop),

    /**
     * Start the first segment, at once, or with the next step of another grid that runs already, or is about to.
     * @param {Loop} loop
     * @param {Partial<Turn> & { step?: number }} [turn]   kept with the segment; `step` is the one to start from
     * @param {TimeGrid | null} [running]
     * @param {number} [quantum]                           [steps] of the other grid
     */
    start(loop, { step = 0, ...turn } = {}, running = null, quantum = 1) {
      const first = running ? LEAD_SECONDS : START_SECONDS + (starting - 1) * MEMBER_SECONDS;
      for (let lead = first; ; lead *= 2) {
        const frame = frameNow() + Math.ceil(lead * rate);
        const next = running ? nextBoundary(running, frame, quantum) : step;
        if (turn.turnStart !== undefined && running) turn.turnStart = next;
        if (place(loop, turn, next, running ? frameOfStep(running, next) : frame)) return;
      }
    },

    /**
     * Append a segment that takes over at a step.
     * @param {Loop} loop
     * @param {Partial<Turn>} turn                   kept with the segment
     * @param {(frame: number, grid: TimeGrid) => number} stepFrom   given the nearest possible frame, and the grid on
     *   which it takes over; asked again if it is missed
     * @param {number} [before]                      nothing is appended if it would take over at this frame or later
     */
    append(loop, turn, stepFrom, before = Infinity) {
      const { grid, since } = gridFor(loop);
      for (let lead = LEAD_SECONDS; ; lead *= 2) {
        const step = stepFrom(Math.max(frameNow() + Math.ceil(lead * rate), since) + fade, grid);
        const frame = frameOfStep(grid, step);
        if (frame >= before || place(loop, turn, step, frame)) return;
      }
    },

    /** Cancel every segment whose cross-fade is not about to begin. */
    cancelPending() {
      const committed = frameNow() + LEAD_SECONDS * rate + fade;
      while (segments.length > 1 && last().frame > committed) {
        const { voice, frame } = last();
        segments.pop();
        voice.stop();
        last().voice.cancelFade(frame);
      }
    },

    /** Stop voices that have faded out. A segment stays on the list for as long as a later one may need its tails. */
    prune() {
      const now = frameNow();
      segments.forEach(({ voice }, i) => {
        if (segments[i + 1]?.frame < now) voice.stop();
      });
      const needed = Math.min(now - maxTail(kit) - fade, audibleFrame());
      while (segments.length > 1 && segments[1].frame < needed) segments.shift();
    },

    /**
     * Mix one piece more of what is on the audio clock, where that is not all mixed yet. While the music changes again
     * and again that is what is needed soon; once it rests, all of it.
     */
    mixAhead() {
      const now = frameNow();
      const rests = last() && now > last().placed + REST_SECONDS * rate;
      const horizon = rests ? Infinity : now + AHEAD_SECONDS * rate;
      segments.some(({ voice }, i) => {
        const until = Math.min(segments[i + 1]?.frame ?? Infinity, horizon);
        if (!voice.extend(until)) return false;
        while (voice.mixedUntil < now + SAFE_SECONDS * rate && voice.extend(until)); // the page was busy for too long
        return true;
      });
    },

    /** Fall silent within a fade's length. */
    stop() {
      const now = context.currentTime;
      bus.gain.setValueAtTime(1, now);
      bus.gain.linearRampToValueAtTime(0, now + fade / rate);
      end(now + (2 * fade) / rate);
    },

    /** End after the tails of a last segment that is silent itself. */
    letRing() {
      end((last().frame + maxTail(kit)) / rate);
    },
  };
}
