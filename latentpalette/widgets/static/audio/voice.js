// One segment of the timeline as sound: buffers, sources, and a gain that fades in and out.
//
// The samples hold the music without gaps: they begin a fade's length before the take-over, with what still sounds of
// earlier segments, and go on until all of that has rung out and for one loop more (several, where one is no whole
// number of frames). That last loop's length repeats. So
// a change cuts no tail off, and where old and new overlap in the cross-fade they agree on what has been.
//
// The beginning is mixed at once, the rest in pieces, ahead of time: mixing all of it at once would hold up the page, and
// while someone drags most of it is never heard. Music that ends with its beginning is one buffer.
/** @import { Kit, Mix, Segment } from "../types.js" */

import { wholeLaps } from "./clock.js";
import { maxTail } from "./kit.js";
import { mixSpan } from "./mixer.js";
import { notesBetween } from "./timeline.js";

const FADE_SECONDS = 0.01;
const BEGINNING_SECONDS = 2; // mixed at once: enough for a page that is busy
const PIECE_SECONDS = 1; // mixed within milliseconds
const SAFE_SECONDS = 0.01; // how far ahead of now a piece that comes late may begin

/**
 * Length of a cross-fade.
 * @param {number} rate   [frames per second]
 * @returns {number}      [frames]
 */
export function fadeFrames(rate) {
  return Math.round(FADE_SECONDS * rate);
}

/**
 * The voice of the last of `segments`. Its beginning is mixed at once; nothing sounds before `start`.
 * @param {object} options
 * @param {BaseAudioContext} options.context
 * @param {AudioNode} options.output
 * @param {Segment[]} options.segments   it, and those before it that may still sound
 * @param {Kit} options.kit
 */
export function createVoice({ context, output, segments: given, kit }) {
  const { rate } = kit;
  const tail = maxTail(kit);
  // Without their own voices, which would keep all that has ever played in memory.
  const segments = given.map(({ step, frame, grid, loop, entering }) => ({ step, frame, grid, loop, entering }));
  const { frame, grid, entering } = segments[segments.length - 1];
  const fadesIn = segments.length > 1;
  const first = frame - (fadesIn ? fadeFrames(rate) : 0);
  const settled = entering.reduce((latest, { end }) => Math.max(latest, end), frame) + tail; // laps are equal from here
  const repeated = wholeLaps(grid) * grid.frames;
  const end = settled + repeated;
  const isWhole = end - first <= BEGINNING_SECONDS * rate;
  const piece = Math.round(PIECE_SECONDS * rate);
  const gain = context.createGain();
  /** @type {Set<AudioBufferSourceNode>} */
  const sources = new Set();
  /** @type {AudioBuffer | null} */
  let lap = null; // what repeats, while it fills
  let stopTime = Infinity;
  let mixedUntil = first;

  /** @param {number} to */
  const mixUpTo = (to) => {
    const from = mixedUntil;
    const notes = notesBetween(segments, from - tail, to + 1, kit); // the frame after decides which hats ring on
    mixedUntil = to;
    const buffer = context.createBuffer(2, to - from, rate);
    const [left, right] = [buffer.getChannelData(0), buffer.getChannelData(1)];
    mixSpan({ notes, from, frames: to - from, kit, left, right });
    return buffer;
  };
  const beginning = mixUpTo(Math.min(first + Math.round(BEGINNING_SECONDS * rate), end));

  /**
   * Copy what repeats of a mixed buffer, which begins at frame `from`.
   * @param {AudioBuffer} buffer
   * @param {number} from
   */
  const fillLap = (buffer, from) => {
    if (from + buffer.length <= settled) return;
    lap ??= context.createBuffer(2, repeated, rate);
    const skipped = Math.max(0, settled - from);
    for (const channel of [0, 1]) lap.copyToChannel(buffer.getChannelData(channel).subarray(skipped), channel, from + skipped - settled);
  };

  /**
   * @param {AudioBuffer} buffer
   * @param {number} at           [frames]
   * @param {number} [loopFrom]   [seconds]
   */
  const play = (buffer, at, loopFrom) => {
    const source = context.createBufferSource();
    source.buffer = buffer;
    const late = Math.max(0, context.currentTime + SAFE_SECONDS - at / rate); // the page was busy for too long
    if (loopFrom !== undefined) {
      source.loop = true;
      source.loopStart = loopFrom;
      source.loopEnd = buffer.length / rate;
    } else if (late >= buffer.length / rate) return;
    source.connect(gain);
    sources.add(source);
    source.onended = () => {
      source.disconnect();
      sources.delete(source);
      if (stopTime < Infinity && !sources.size) gain.disconnect();
    };
    if (late) source.start(at / rate + late, loopFrom === undefined ? late : late % (buffer.length / rate));
    else source.start(at / rate);
  };

  return {
    /** Where its samples begin [frames]. */
    first,

    /** Up to where it is mixed [frames]. */
    get mixedUntil() {
      return mixedUntil;
    },

    start() {
      if (fadesIn) {
        const start = first / rate;
        gain.gain.value = 0; // from before the start: the event below may fall a hair's breadth after it
        gain.gain.setValueAtTime(0, start);
        gain.gain.linearRampToValueAtTime(1, start + FADE_SECONDS);
      }
      gain.connect(output);
      // What is one buffer loops for ever; nothing has to happen afterwards.
      play(beginning, first, isWhole ? (settled - first) / rate : undefined);
      if (!isWhole) fillLap(beginning, first);
    },

    /**
     * Mix the next piece and put it on the audio clock.
     * @param {number} until   what is later will not be heard [frames]
     * @returns {boolean}      false if there is none to mix
     */
    extend(until) {
      if (stopTime < Infinity || mixedUntil >= Math.min(until, end)) return false;
      const from = mixedUntil;
      const buffer = mixUpTo(Math.min(from + piece, end));
      play(buffer, from);
      fillLap(buffer, from);
      if (mixedUntil === end && lap) {
        play(lap, end, 0);
        lap = null;
      }
      return true;
    },

    /**
     * Fade so that it is silent at a frame. Old and new together are never louder than one of them, as their gains add
     * up to 1; and the beat that begins at the frame keeps its attack, as the fade is over by then.
     * @param {number} silent
     */
    fadeOut(silent) {
      gain.gain.setValueAtTime(1, silent / rate - FADE_SECONDS);
      gain.gain.linearRampToValueAtTime(0, silent / rate);
    },

    /**
     * Cancel the fade that ends at a frame, if it has not begun.
     * @param {number} silent
     */
    cancelFade(silent) {
      gain.gain.cancelScheduledValues(silent / rate - FADE_SECONDS);
    },

    /**
     * Stop and disconnect. Later calls change nothing.
     * @param {number} [time]   on the context's clock [seconds]; 0 is at once
     */
    stop(time = 0) {
      if (stopTime < Infinity) return;
      stopTime = time;
      lap = null;
      sources.forEach((source) => source.stop(time));
      if (!sources.size) gain.disconnect();
    },
  };
}

/**
 * Copy samples into an audio buffer.
 * @param {BaseAudioContext} context
 * @param {Mix} mix
 * @returns {AudioBuffer}
 */
export function bufferOf(context, { rate, left, right }) {
  const buffer = context.createBuffer(2, left.length, rate);
  buffer.copyToChannel(left, 0);
  buffer.copyToChannel(right, 1);
  return buffer;
}

/**
 * Disconnect nodes when the context's clock reaches `time`.
 * @param {BaseAudioContext} context
 * @param {number} time   [seconds]
 * @param {AudioNode[]} nodes
 */
export function disconnectAt(context, time, nodes) {
  const clock = context.createConstantSource();
  clock.onended = () => nodes.forEach((node) => node.disconnect());
  clock.start();
  clock.stop(time);
}
