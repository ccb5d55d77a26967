// The timeline made audible: segments, each with its voice on the audio clock. What is so near that the audio thread may
// already have it stays; what lies further ahead can be taken back and replaced.

import { frameOfStep, gridThrough, audibleTime } from "./clock.js";
import { longestTail } from "./mixer.js";
import { disconnectAt, stopVoice, fadeFrames, fadeOutVoice, cancelFade, mixSegment, startVoice } from "./voice.js";

const START_SECONDS = 0.05; // from the click to the first beat
const LEAD_SECONDS = 0.025; // how far ahead of now the nearest fade may begin
const SAFE_SECONDS = 0.01; // and how much of that must be left when its samples are mixed

// `input` is where the voices go.
export function createSchedule({ context, kit, input }) {
  const { rate } = kit;
  const fade = fadeFrames(rate);
  const bus = context.createGain();
  bus.connect(input);
  let segments = [];

  const frameNow = () => Math.ceil(context.currentTime * rate);
  const last = () => segments[segments.length - 1];
  // Puts a segment on the audio clock; false if mixing took so long that its moment is gone.
  const place = (loop, facts, step, frame) => {
    const grid = gridThrough({ step, frame, steps: loop.steps, qpm: loop.qpm, rate });
    const segment = { ...facts, step, frame, grid, loop };
    const mix = mixSegment([...segments, segment], kit);
    if (mix.first < frameNow() + SAFE_SECONDS * rate) return false;
    if (last()) fadeOutVoice(last().voice, frame, rate);
    segment.voice = startVoice({ context, output: bus, mix, fadesIn: segments.length > 0 });
    segments.push(segment);
    return true;
  };

  const end = (time) => {
    for (const { voice } of segments) stopVoice(voice, time);
    segments = [];
    disconnectAt(context, time, [bus]);
  };

  return {
    rate,
    frameNow,
    audibleFrame: () => audibleTime(context) * rate,
    get segments() {
      return segments;
    },
    get last() {
      return last();
    },
    // Whether the first sound is still to come.
    get notYetHeard() {
      return segments.length === 1 && last().frame > frameNow() + SAFE_SECONDS * rate;
    },

    // The first segment of all, at once. `facts` are kept with it; a `step` among them is where it begins.
    start(loop, { step = 0, ...facts } = {}) {
      for (let lead = START_SECONDS; !place(loop, facts, step, frameNow() + Math.ceil(lead * rate)); lead *= 2);
    },

    // A segment that takes over at the step that `stepFrom(frame)` answers for the nearest frame that can be had. It may be
    // asked again for a later one. A take-over at frame `before` or later does not happen.
    append(loop, facts, stepFrom, before = Infinity) {
      const { grid, frame: since } = last();
      for (let lead = LEAD_SECONDS; ; lead *= 2) {
        const step = stepFrom(Math.max(frameNow() + Math.ceil(lead * rate), since) + fade);
        const frame = frameOfStep(grid, step);
        if (frame >= before || place(loop, facts, step, frame)) return;
      }
    },

    // Takes back every segment whose cross-fade is not about to begin.
    cancelPending() {
      const committed = frameNow() + LEAD_SECONDS * rate + fade;
      while (segments.length > 1 && last().frame > committed) {
        const { voice, frame } = segments.pop();
        stopVoice(voice);
        cancelFade(last().voice, frame, rate);
      }
    },

    // Lets go of what is not heard any more. A segment stays on the list for as long as a later one may need its tails.
    prune() {
      const now = frameNow();
      segments.forEach(({ voice }, at) => {
        if (segments[at + 1]?.frame < now) stopVoice(voice);
      });
      const needed = Math.min(now - longestTail(kit) - fade, this.audibleFrame());
      while (segments.length > 1 && segments[1].frame < needed) segments.shift();
    },

    // Silence, within a fade's length.
    stop() {
      const now = context.currentTime;
      bus.gain.setValueAtTime(1, now);
      bus.gain.linearRampToValueAtTime(0, now + fade / rate);
      end(now + (2 * fade) / rate);
    },

    // The last segment is silent: what still rings rings out.
    letRing() {
      end((last().frame + longestTail(kit)) / rate);
    },
  };
}
