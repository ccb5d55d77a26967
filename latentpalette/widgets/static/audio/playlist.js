// Sounds one after the other on the audio clock: each begins at the exact frame at which the one before it is over, and
// what still rings goes on beneath it. A loop is a sound that comes after itself.
//
// Everything that begins within the next seconds is on the clock already, so a page that is busy makes no note late.
/** @import { ListSound, ListVoice, MakeTimer, Scope } from "../types.js" */

import { audibleTime } from "./clock.js";
import { FILE_RATE, startSound } from "./soundfile.js";
import { createWorkerTimer } from "./workertimer.js";

const AHEAD_SECONDS = 5;
const DELAY_SECONDS = 0.03; // between a click and its sound
const STOP_SECONDS = 0.01; // a fade, or it would click
const TICK_MILLISECONDS = 50;

/**
 * @param {object} options
 * @param {AudioContext} options.context
 * @param {(index: number) => Promise<ListSound>} options.loadSound   rejects where there is none; then the next one follows
 * @param {(index: number) => number} options.secondsOf               the length of its music
 * @param {(index: number) => number | null} options.nextOf           what comes after it; null: nothing
 * @param {() => void} options.onTurn                                 called when another one sounds
 * @param {() => void} options.onEnd                                  called when the music is over; it may ring on
 * @param {(problem: any) => void} options.onError
 * @param {number} [options.aheadSeconds]   what begins later is not on the clock yet
 * @param {MakeTimer} [options.makeTimer]
 * @param {Scope} [options.scope]
 */
export function createPlaylist({
  context,
  loadSound,
  secondsOf,
  nextOf,
  onTurn,
  onEnd,
  onError,
  aheadSeconds = AHEAD_SECONDS,
  makeTimer = createWorkerTimer,
  scope = globalThis,
}) {
  const output = context.createGain();
  output.connect(context.destination);
  /** @type {ListVoice[]} */
  let voices = []; // in the order of their beginnings, without those that have long been over
  /** @type {{ index: number, from: number, frame: number } | null} */
  let next = null;
  let filling = false;
  let stopped = false;
  /** @type {ListVoice | undefined} */
  let audible;
  const { sampleRate: rate } = context;
  const frameNow = () => Math.ceil(context.currentTime * rate);

  /** Put on the clock what begins soon. */
  async function fill() {
    if (filling) return;
    filling = true;
    while (next && !stopped && next.frame < frameNow() + aheadSeconds * rate) {
      const wanted = next;
      const sound = await loadSound(wanted.index).catch((problem) => void onError(problem));
      if (stopped) break;
      if (next !== wanted) continue; // planned anew meanwhile
      if (sound) begin(wanted, sound);
      else follow(wanted.index, wanted.frame);
    }
    filling = false;
  }

  /**
   * @param {{ index: number, from: number, frame: number }} place
   * @param {ListSound} sound
   */
  function begin({ index, from, frame }, sound) {
    const lead = Math.ceil(sound.lead * rate);
    const start = Math.max(frame, frameNow() + Math.ceil(DELAY_SECONDS * rate) + lead);
    /** @type {ListVoice} */
    const voice = { index, from, start, begins: start - lead, end: start + framesOf(index, from), silent: false, stop() {} };
    const onVoiceEnd = () => {
      voice.silent = true;
      if (stopped && voices.every(({ silent }) => silent)) output.disconnect();
    };
    voice.stop = startSound({ context, output, sound, time: start / rate, from, onEnd: onVoiceEnd }).stop;
    voices.push(voice);
    follow(index, voice.end);
  }

  /**
   * @param {number} index   what comes before
   * @param {number} frame   where that is over
   */
  function follow(index, frame) {
    const after = nextOf(index);
    next = after === null ? null : { index: after, from: 0, frame };
  }

  // Whole frames at the rate of all music, so that a loop here is as long as its file.
  const framesOf = (/** @type {number} */ index, /** @type {number} */ from) =>
    Math.round(Math.round((secondsOf(index) - from) * FILE_RATE) * (rate / FILE_RATE));

  /** The voice whose music sounds now, or whose music was the last to sound. */
  function lastBegun() {
    const frame = Math.max(0, audibleTime(context)) * rate;
    return voices.findLast((voice) => voice.start <= frame) ?? voices[0];
  }

  function tick() {
    const now = lastBegun();
    if (now && now !== audible) {
      audible = now;
      onTurn();
    }
    voices = voices.filter((voice) => !voice.silent || voice === now);
    void fill();
    const last = voices.at(-1);
    if (next || filling || (last && audibleTime(context) * rate < last.end)) return;
    stopped = true;
    timer.dispose();
    onEnd();
  }
  const timer = makeTimer(tick, { milliseconds: TICK_MILLISECONDS, scope });

  return {
    /**
     * @param {number} index
     * @param {number} from   where in its music to begin [seconds]
     */
    start(index, from) {
      next = { index, from, frame: 0 };
      timer.start();
      void fill();
    },

    /** Ask again for what comes after that which sounds. */
    replan() {
      const now = context.currentTime * rate;
      const kept = voices.filter((voice) => voice.begins <= now || voice === voices[0]);
      voices.filter((voice) => !kept.includes(voice)).forEach((voice) => voice.stop());
      voices = kept;
      const last = kept.at(-1);
      if (!last) return; // the first has not come yet
      follow(last.index, last.end);
      void fill();
    },

    /**
     * What sounds, and where.
     * @returns {{ index: number, seconds: number } | null}   null before the first sounds
     */
    position() {
      const voice = lastBegun();
      if (!voice) return null;
      const passed = audibleTime(context) - voice.start / rate;
      return { index: voice.index, seconds: Math.min(secondsOf(voice.index), voice.from + Math.max(0, passed)) };
    },

    /** Fall silent. */
    stop() {
      stopped = true;
      timer.dispose();
      const now = context.currentTime;
      output.gain.setValueAtTime(1, now);
      output.gain.linearRampToValueAtTime(0, now + STOP_SECONDS);
      voices.forEach((voice) => voice.stop(now + STOP_SECONDS));
    },
  };
}
