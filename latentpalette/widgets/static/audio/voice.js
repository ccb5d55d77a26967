// One segment of the timeline as sound: a buffer, a looping source and a gain that fades in and out.
//
// The buffer holds the music without gaps: it begins a fade's length before the take-over, with what still rings
// of earlier segments, and goes on for as long as anything rings and one loop more. That last loop's length repeats.
// So a change cuts no tail off, and where old and new overlap in the cross-fade they agree on what has been.
/** @import { Kit, Mix, Segment, SegmentMix, Voice } from "../types.js" */

import { maxTail } from "./kit.js";
import { mixSpan } from "./mixer.js";
import { notesBetween } from "./timeline.js";

export const FADE_SECONDS = 0.01;

/**
 * Length of a cross-fade.
 * @param {number} rate   [frames per second]
 * @returns {number}      [frames]
 */
export function fadeFrames(rate) {
  return Math.round(FADE_SECONDS * rate);
}

/**
 * Mix the last of `segments`.
 * @param {Segment[]} segments   it, and those before it that may still ring
 * @param {Kit} kit
 * @returns {SegmentMix}
 */
export function mixSegment(segments, kit) {
  const segment = segments[segments.length - 1];
  const tail = maxTail(kit);
  const first = segment.frame - (segments.length > 1 ? fadeFrames(kit.rate) : 0);
  const end = segment.frame + tail + segment.grid.frames;
  const notes = notesBetween(segments, first - tail, end + 1, kit); // the frame after the end decides which hats ring on
  return {
    ...mixSpan({ notes, from: first, frames: end - first, kit }),
    first,
    loopFrom: end - segment.grid.frames - first,
  };
}

/**
 * Put samples on the audio clock. They then loop for ever; nothing has to happen afterwards.
 * @param {{ context: BaseAudioContext, output: AudioNode, mix: SegmentMix, fadesIn: boolean }} voice
 * @returns {Voice}
 */
export function startVoice({ context, output, mix, fadesIn }) {
  const { rate, left, first, loopFrom } = mix;
  const source = context.createBufferSource();
  const gain = context.createGain();
  source.buffer = bufferOf(context, mix);
  source.loop = true;
  source.loopStart = loopFrom / rate;
  source.loopEnd = left.length / rate;
  const start = first / rate;
  if (fadesIn) {
    gain.gain.value = 0; // from before the start: the event below may fall a hair's breadth after it
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(1, start + FADE_SECONDS);
  }
  source.connect(gain).connect(output);
  source.start(start);
  return { source, gain };
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
 * Fade a voice so that it is silent at `frame`. Old and new together are never louder than one of them, as their gains
 * add up to 1; and the beat that begins at `frame` keeps its attack, as the fade is over by then.
 * @param {Voice} voice
 * @param {number} frame
 * @param {number} rate   [frames per second]
 */
export function fadeOutVoice({ gain }, frame, rate) {
  const silent = frame / rate;
  gain.gain.setValueAtTime(1, silent - FADE_SECONDS);
  gain.gain.linearRampToValueAtTime(0, silent);
}

/**
 * Cancel the fade that ends at `frame`, if it has not begun.
 * @param {Voice} voice
 * @param {number} frame
 * @param {number} rate   [frames per second]
 */
export function cancelFade({ gain }, frame, rate) {
  gain.gain.cancelScheduledValues(frame / rate - FADE_SECONDS);
}

/**
 * Stop a voice and disconnect it. Later calls change nothing.
 * @param {Voice} voice
 * @param {number} [time]   on the context's clock [seconds]; 0 is at once
 */
export function stopVoice(voice, time = 0) {
  if (voice.stopped) return;
  voice.stopped = true;
  voice.source.onended = () => {
    voice.source.disconnect();
    voice.gain.disconnect();
  };
  voice.source.stop(time);
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
