// Hits and a kit become samples. Everything here is a sum of samples at whole frames: no clock, no audio context.

import { loopFrames, stepSeconds } from "./clock.js";
import { limitSamples } from "./limiter.js";

// Where the loudest drum alone peaks, hit as hard as it goes: so an ordinary beat stays below the limiter's knee.
const KIT_PEAK = 0.6;
// General MIDI's hi-hats share one pair of cymbals: a hit silences the one that rings.
const HATS = new Set([42, 44, 46]);
const CHOKE_SECONDS = 0.02;

// How loud a velocity is: (v / 127) squared, the curve that General MIDI's DLS recommends and FluidSynth follows.
export function velocityGain(velocity) {
  return (velocity / 127) ** 2;
}

// A kit as it came over the wire: signed 16-bit samples, little endian, and an index of where each drum lies in them.
// Each drum: {samples, pan, gain, left, right, hat}; `left` and `right` are its gains at velocity 127.
export function decodeKit(bytes, index, rate) {
  const { buffer, byteOffset, byteLength } = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  const view = new DataView(buffer, byteOffset, byteLength); // unlike an Int16Array it may begin at an odd offset
  const drums = index.map(({ name, pitch, start, length, pan = 0, gain = 1 }) => {
    if (2 * (start + length) > view.byteLength) {
      throw new RangeError(
        `The kit is cut short: "${name}" ends at sample ${start + length} of ${view.byteLength / 2}.`,
      );
    }
    const samples = Float32Array.from({ length }, (_, at) => view.getInt16(2 * (start + at), true) / 32768);
    return { samples, pan, gain, hat: HATS.has(pitch), ...panGains(pan, gain) };
  });
  const loudest = Math.max(0, ...drums.map((drum) => peakOf(drum.samples) * Math.max(drum.left, drum.right)));
  const scale = loudest > 0 ? KIT_PEAK / loudest : 1;
  return { rate, drums: drums.map((drum) => ({ ...drum, left: drum.left * scale, right: drum.right * scale })) };
}

// Equal power: as loud at the sides as in the middle.
function panGains(pan, gain) {
  const angle = ((Math.min(1, Math.max(-1, pan)) + 1) * Math.PI) / 4;
  return { left: gain * Math.cos(angle), right: gain * Math.sin(angle) };
}

function peakOf(samples) {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

// How long the longest drum rings [frames].
export function longestTail(kit) {
  return kit.drums.reduce((most, drum) => Math.max(most, drum.samples.length), 0);
}

// The heart of it: what sounds in the frames from 0 up to `frames`, given hits {frame, drum, velocity}. A hit before
// frame 0 is heard by what is left of its tail; one at or after `frames` only silences a hat. Not limited.
export function mixSpan({ hits, frames, kit }) {
  const left = new Float32Array(frames);
  const right = new Float32Array(frames);
  const fade = Math.round(CHOKE_SECONDS * kit.rate);
  const ordered = [...hits].sort((one, other) => one.frame - other.frame);
  let choke = Infinity; // where the next hat begins, reading from the end
  let sounding = Infinity; // the same for hats of this very frame, which do not silence each other
  for (let at = ordered.length - 1; at >= 0; at--) {
    const { frame, drum, velocity } = ordered[at];
    const voice = kit.drums[drum];
    if (!voice) continue;
    if (voice.hat && frame !== sounding) {
      choke = sounding;
      sounding = frame;
    }
    const gain = velocityGain(velocity);
    addVoice({ left, right, frame, voice, gain, end: voice.hat ? choke : Infinity, fade });
  }
  return { rate: kit.rate, left, right };
}

// `end`: the frame from which the voice fades, over `fade` frames.
function addVoice({ left, right, frame, voice, gain, end, fade }) {
  const { samples } = voice;
  const toLeft = voice.left * gain;
  const toRight = voice.right * gain;
  const last = Math.min(left.length, frame + samples.length, end + fade);
  const whole = Math.min(last, end);
  let at = Math.max(0, frame);
  for (; at < whole; at++) {
    const sample = samples[at - frame];
    left[at] += sample * toLeft;
    right[at] += sample * toRight;
  }
  for (; at < last; at++) {
    const sample = samples[at - frame] * (1 - (at - end) / fade);
    left[at] += sample * toLeft;
    right[at] += sample * toRight;
  }
}

// A loop, exactly `steps` long: what rings past its end is heard at its beginning, as in every lap but the first.
export function mixLoop({ hits, steps, qpm, kit }) {
  const frames = loopFrames(steps, qpm, kit.rate);
  const lap = hits.map((hit) => ({ ...hit, frame: Math.round((hit.step * frames) / steps) }));
  const laps = Math.ceil(longestTail(kit) / frames); // a crash may outlast several short loops
  const all = [];
  for (let past = -laps; past <= 1; past++) {
    for (const hit of lap) all.push({ ...hit, frame: hit.frame + past * frames });
  }
  return limitMix(mixSpan({ hits: all, frames, kit }));
}

// A song from its first step to its end, and on until the last drum has rung out.
export function mixSong({ hits, steps, qpm, kit }) {
  const frameAt = (step) => Math.round(step * stepSeconds(qpm) * kit.rate);
  const placed = hits.map((hit) => ({ ...hit, frame: frameAt(hit.step) }));
  const rungOut = ({ frame, drum }) => frame + (kit.drums[drum]?.samples.length ?? 0);
  const end = placed.reduce((latest, hit) => Math.max(latest, rungOut(hit)), frameAt(steps));
  return limitMix(mixSpan({ hits: placed, frames: end, kit }));
}

function limitMix({ rate, left, right }) {
  return { rate, left: limitSamples(left), right: limitSamples(right) };
}
