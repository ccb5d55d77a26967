// One segment of the timeline as sound: a buffer, a looping source and a gain that fades in and out.
//
// The buffer holds the music as it really goes: it begins a fade's length before the take-over, with what still rings
// of earlier segments, and goes on for as long as any drum rings and one loop more. That last loop's length repeats.
// So a change cuts no tail off, and where old and new overlap in the cross-fade they agree on what has been.

import { longestTail, mixSpan } from "./mixer.js";
import { hitsBetween } from "./timeline.js";

export const FADE_SECONDS = 0.01;

export function fadeFrames(rate) {
  return Math.round(FADE_SECONDS * rate);
}

// The samples of the last of `segments`. They begin at frame `first`; from `loopFrom` on (counted from there) they repeat.
export function mixSegment(segments, kit) {
  const segment = segments[segments.length - 1];
  const tail = longestTail(kit);
  const first = segment.frame - (segments.length > 1 ? fadeFrames(kit.rate) : 0);
  const end = segment.frame + tail + segment.grid.frames;
  const heard = hitsBetween(segments, first - tail, end + 1); // the frame after the end decides which hats ring on
  const hits = heard.map((hit) => ({ ...hit, frame: hit.frame - first }));
  return { ...mixSpan({ hits, frames: end - first, kit }), first, loopFrom: end - segment.grid.frames - first };
}

// Puts them on the audio clock. Nothing has to happen afterwards for them to sound on for ever.
export function startVoice({ context, output, mix, fadesIn }) {
  const { rate, left, right, first, loopFrom } = mix;
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

export function bufferOf(context, { rate, left, right }) {
  const buffer = context.createBuffer(2, left.length, rate);
  buffer.copyToChannel(left, 0);
  buffer.copyToChannel(right, 1);
  return buffer;
}

// Fades a voice so that it is silent at `frame`. Old and new together are never louder than one of them, as their gains
// add up to 1; and the beat that begins at `frame` keeps its attack, as the fade is over by then.
export function fadeOutVoice({ gain }, frame, rate) {
  const silent = frame / rate;
  gain.gain.setValueAtTime(1, silent - FADE_SECONDS);
  gain.gain.linearRampToValueAtTime(0, silent);
}

// Takes such a fade back, if it has not begun.
export function cancelFade({ gain }, frame, rate) {
  gain.gain.cancelScheduledValues(frame / rate - FADE_SECONDS);
}

// Ends a voice and lets go of it. Once is enough: later calls change nothing.
export function stopVoice(voice, time = 0) {
  if (voice.dropped) return;
  voice.dropped = true;
  voice.source.onended = () => {
    voice.source.disconnect();
    voice.gain.disconnect();
  };
  voice.source.stop(time);
}

// Lets go of nodes when the context's clock reaches `time`.
export function disconnectAt(context, time, nodes) {
  const clock = context.createConstantSource();
  clock.onended = () => nodes.forEach((node) => node.disconnect());
  clock.start();
  clock.stop(time);
}
