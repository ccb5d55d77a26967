// What the tests share: a kit of synthesised drums, and an audio context whose clock the test turns.

import { kitOf } from "../../latentpalette/widgets/static/audio/kit.js";

export const RATE = 44100;
export const PITCHES = [36, 38, 42, 46, 45, 48, 50, 49, 51];
export const STREAMS = [
  { name: "drums", is_drum: true, program: 0, instrument: "Standard Kit", low: 36, high: 51 },
];
export const NAMES = ["kick", "snare", "closed hat", "open hat", "low tom", "mid tom", "high tom", "crash", "ride"];

const toFloats = (samples) => Float32Array.from(samples, (sample) => Math.trunc(sample) / 32768);

// Nine clicks: full at the first sample, then fading in a straight line. The crash (7) rings for `ring` frames.
export function clicks({ rate = RATE, ...options } = {}) {
  const { samples, index } = clickSounds(options);
  return kitOf([toFloats(samples)], index, rate);
}
function clickSounds({ length = 200, ring = 2 * length, pans = [] }) {
  const lengths = PITCHES.map((_, drum) => (drum === 7 ? ring : length));
  const samples = lengths.flatMap((frames) =>
    Array.from({ length: frames }, (_, at) => Math.round(20000 * (1 - at / frames))),
  );
  let start = 0;
  const index = lengths.map((frames, drum) => {
    const entry = { name: NAMES[drum], pitch: PITCHES[drum], start, length: frames, pan: pans[drum] ?? 0, gain: 1 };
    start += frames;
    return entry;
  });
  return { samples, index };
}

// The bytes of a kit, a file for each stream: samples as WAV, or a text that stands for a compressed file.
export function kitBytes(files) {
  const encoded = files.map((samples) => {
    if (typeof samples === "string") return new TextEncoder().encode(samples);
    const bytes = new Uint8Array(44 + 2 * samples.length);
    bytes.set(new TextEncoder().encode("RIFF"));
    bytes.set(new Uint8Array(Int16Array.from(samples).buffer), 44);
    return bytes;
  });
  const table = new Uint8Array(Uint32Array.from([files.length, ...encoded.map(({ length }) => length)]).buffer);
  return Uint8Array.from([...table, ...encoded.flatMap((file) => [...file])]);
}

// Nine decaying sines, from 60 Hz to 6 kHz: drums with the peaks and tails of real ones.
export function tones({ rate = RATE } = {}) {
  const frames = Math.round(0.4 * rate);
  const samples = PITCHES.flatMap((_, drum) => {
    const radians = (2 * Math.PI * 60 * 100 ** (drum / 8)) / rate;
    return Array.from({ length: frames }, (_, at) => 20000 * Math.sin(radians * at) * Math.exp((-12 * at) / frames));
  });
  const index = PITCHES.map((pitch, drum) => ({ name: NAMES[drum], pitch, start: drum * frames, length: frames }));
  return kitOf([toFloats(samples)], index, rate);
}

// A clip of drum tokens, as traits have it: bit k of a token is set where drum k is hit.
export function clipJson(tokens, accents = []) {
  const notes = [...tokens].flatMap((token, step) =>
    PITCHES.flatMap((pitch, drum) =>
      (token >> drum) & 1 ? [[step, pitch, 1, accents[drum]?.[step % 16] ?? 100, 0, 0]] : [],
    ),
  );
  notes.sort(([step, pitch], [other, otherPitch]) => step - other || pitch - otherPitch);
  return { steps: tokens.length, notes };
}

// The drum tokens of a clip.
export function tokensOf({ steps, notes }) {
  const tokens = Array(steps).fill(0);
  for (const { step, pitch } of notes) tokens[step] |= 1 << PITCHES.indexOf(pitch);
  return tokens;
}

// Clips in one piece of bytes, as Python sends them; null is not decoded.
export function clipBytes(clips) {
  const notes = clips.map((clip) => clip?.notes ?? []);
  const view = new DataView(new ArrayBuffer(8 + 8 * clips.length + 8 * notes.flat().length));
  view.setUint32(0, clips.length, true);
  clips.forEach((clip, index) => {
    view.setUint32(8 + 8 * index, clip?.steps ?? 0, true);
    view.setUint32(12 + 8 * index, notes[index].length, true);
  });
  notes.flat().forEach(([step, pitch, length, velocity, offset, stream], index) => {
    const at = 8 + 8 * clips.length + 8 * index;
    view.setUint16(at, step, true);
    view.setUint16(at + 2, length, true);
    [pitch, velocity].forEach((value, k) => view.setUint8(at + 4 + k, value));
    view.setInt8(at + 6, Math.round(offset * 254));
    view.setUint8(at + 7, stream);
  });
  return view;
}

// Held sounds, an octave and more of sines: a tenth of a second, a loop of about as long, a release.
const HELD_PITCHES = [57, 60, 63, 66, 69];
export const frequencyOf = (pitch) => 440 * 2 ** ((pitch - 69) / 12);
export function sines({ rate = RATE, release = 0.1, decay = 1, loops = true, stream = 0, length = 0.2, gain = 1 } = {}) {
  const sounds = HELD_PITCHES.map((pitch) => {
    const periods = Math.round((length / 2) * frequencyOf(pitch));
    const loop = Math.round((periods * rate) / frequencyOf(pitch)); // whole periods, so that it is seamless
    const perFrame = decay ** (1 / loop);
    const at = (frame) => 12000 * Math.sin((2 * Math.PI * periods * frame) / loop) * perFrame ** frame;
    return { pitch, loop, samples: Array.from({ length: 2 * loop }, (_, frame) => Math.round(at(frame))) };
  });
  let start = 0;
  const index = sounds.map(({ pitch, loop, samples: { length: frames } }) => {
    const looped = loops ? { loop_start: frames - loop, decay } : {};
    const entry = { name: `${pitch}`, stream, pitch, start, length: frames, gain, release, ...looped };
    start += frames;
    return entry;
  });
  return { samples: sounds.flatMap(({ samples }) => samples), index };
}
export function sineKit(options) {
  const { samples, index } = sines(options);
  return kitOf([toFloats(samples)], index, options?.rate ?? RATE);
}

// Clicks of drums as stream 0 and sines as stream 1.
export function bandKit({ length = 200, ring = 2 * length, ...options } = {}) {
  const drums = clickSounds({ length, ring });
  const held = sines({ ...options, stream: 1 });
  return kitOf([toFloats(drums.samples), toFloats(held.samples)], [...drums.index, ...held.index], RATE);
}
export const BAND = [
  ...STREAMS,
  { name: "melody", is_drum: false, program: 73, instrument: "Flute", low: 48, high: 83 },
  { name: "bass", is_drum: false, program: 33, instrument: "Electric Bass (finger)", low: 28, high: 52 },
];

// A held note.
export const note = (step, pitch, length, { stream = 0, velocity = 127, offset = 0 } = {}) => ({
  step, offset, length, pitch, velocity, stream,
});

// Frequency of a signal [Hz], by the lag at which it is most like itself.
export function frequencyIn(samples, rate = RATE) {
  const like = (lag) => {
    let [product, one, other] = [0, 0, 0];
    for (let at = 0; at + lag < samples.length; at++) {
      product += samples[at] * samples[at + lag];
      one += samples[at] ** 2;
      other += samples[at + lag] ** 2;
    }
    return product / Math.sqrt(one * other || 1);
  };
  let best = Math.floor(rate / 2000);
  const likes = Array.from({ length: Math.ceil(rate / 60) }, (_, lag) => (lag < best ? -1 : like(lag)));
  const most = Math.max(...likes);
  best = likes.findIndex((value, lag) => value > 0.98 * most && value >= likes[lag - 1] && value >= likes[lag + 1]);
  const [before, at, after] = [likes[best - 1], likes[best], likes[best + 1]];
  return rate / (best + (before - after) / (2 * (before - 2 * at + after))); // the top of a parabola
}
export const cents = (frequency, pitch) => 1200 * Math.log2(frequency / frequencyOf(pitch));
export const biggestJump = (samples) =>
  samples.reduce((most, sample, at) => Math.max(most, at ? Math.abs(sample - samples[at - 1]) : 0), 0);

// A hit of a drum, at full velocity.
export const hit = (step, drum = 0, velocity = 127) => ({
  step, offset: 0, length: 1, pitch: PITCHES[drum], velocity, stream: 0,
});

// A loop of hits of a drum.
export function loopOf(steps, { drum = 0, qpm = 120, length = 32, velocity = 127, key = steps.join() } = {}) {
  return { notes: steps.map((step) => hit(step, drum, velocity)), steps: length, qpm, key };
}

// A kit's sound of a drum.
export const soundOfDrum = (kit, drum) => kit.streams[0].sounds[drum];

// Where a signal jumps up: the frames of its onsets.
export function onsets(samples, threshold = 0.05) {
  const frames = [];
  for (let at = 0; at < samples.length; at++) if (samples[at] - (samples[at - 1] ?? 0) > threshold) frames.push(at);
  return frames;
}

// Enough of an AudioContext for the player. `calls` lists what was started and stopped, and when.
export function fakeContext({ rate = RATE, state = "running", outputLatency = 0 } = {}) {
  const listeners = new Set();
  const node = (extra = {}) => {
    const audioNode = { to: null, connect: (to) => (audioNode.to = to), disconnect: () => (audioNode.to = null) };
    return Object.assign(audioNode, extra);
  };
  const param = () => {
    const events = [];
    return {
      value: 1,
      events,
      setValueAtTime: (value, time) => events.push({ value, time }),
      linearRampToValueAtTime: (value, time) => events.push({ value, time, ramp: true }),
      cancelScheduledValues: (from) => events.splice(0, events.length, ...events.filter(({ time }) => time < from)),
    };
  };
  const context = {
    sampleRate: rate,
    state,
    currentTime: 0,
    outputLatency,
    destination: node(),
    sources: [],
    resumed: 0,
    closed: false,
    addEventListener: (_, listener) => listeners.add(listener),
    removeEventListener: (_, listener) => listeners.delete(listener),
    resume: () => Promise.resolve(void context.resumed++),
    close: () => Promise.resolve((context.closed = true)).then(() => context.turn("closed")),
    turn(to) {
      context.state = to;
      listeners.forEach((listener) => listener());
    },
    createGain: () => node({ gain: param() }),
    createWaveShaper: () => node(),
    createConstantSource: () => node({ start() {}, stop() {} }),
    createBuffer: (channels, length, sampleRate) => {
      const data = Array.from({ length: channels }, () => new Float32Array(length));
      return {
        length,
        sampleRate,
        duration: length / sampleRate,
        data,
        getChannelData: (channel) => data[channel],
        copyToChannel: (from, to, at = 0) => data[to].set(from, at),
      };
    },
    createBufferSource() {
      const source = node({
        started: null,
        stopped: null,
        start(time = context.currentTime, offset = 0) {
          source.started = time;
          source.offset = offset;
          source.chain = [source.to, source.to?.to].filter((target) => target?.gain); // its own gain, and the bus
        },
        stop: (time = 0) => (source.stopped = Math.max(time, context.currentTime)),
      });
      context.sources.push(source);
      return source;
    },
  };
  return context;
}

// What came out of a fake context's sources on the left, from 0 to `seconds`, gains applied (the limiter is not there).
export function rendered(context, seconds) {
  const rate = context.sampleRate;
  const out = new Float32Array(Math.round(seconds * rate));
  for (const { buffer, started, offset, stopped, loop, loopStart, loopEnd, chain } of context.sources) {
    if (started === null || (stopped !== null && stopped <= started)) continue;
    const first = Math.round(started * rate);
    const last = Math.min(out.length, stopped === null ? Infinity : Math.round(stopped * rate));
    const [from, to] = [Math.round(loopStart * rate), Math.round(loopEnd * rate)];
    for (let at = Math.max(first, 0); at < last; at++) {
      let place = at - first + Math.round(offset * rate);
      if (loop && place >= to) place = from + ((place - from) % (to - from));
      if (place >= buffer.length) break;
      out[at] += buffer.data[0][place] * chain.reduce((product, node) => product * gainAt(node.gain.events, at / rate), 1);
    }
  }
  return out;
}

function gainAt(events, time) {
  let value = 1;
  for (let at = 0; at < events.length; at++) {
    const { value: target, time: when, ramp } = events[at];
    if (when <= time) value = target;
    else if (ramp) {
      const since = events[at - 1].time;
      return value + ((target - value) * Math.max(0, time - since)) / (when - since);
    } else break;
  }
  return value;
}

// A timer that the test lets tick, and the surroundings that a player asks for.
export function bench(options = {}) {
  const context = fakeContext(options);
  const scope = { performance: { time: 0, now: () => scope.performance.time } };
  const callbacks = new Set(); // of all timers
  const running = new Set();
  const clocks = {
    context,
    scope,
    get ticking() {
      return running.size > 0;
    },
  };
  const tick = () => [...running].forEach((callback) => callback());
  clocks.makeTimer = (callback) => {
    callbacks.add(callback);
    const stop = () => void running.delete(callback);
    return { start: () => void running.add(callback), stop, dispose: stop };
  };
  // Lets the clocks run on to `time` [seconds]; without `asleep` the timer ticks every 25 ms on the way.
  clocks.runTo = (time, { asleep = false } = {}) => {
    const turn = (now) => {
      context.currentTime = now;
      scope.performance.time = now * 1000;
    };
    while (!asleep && context.currentTime + 0.025 < time) {
      turn(context.currentTime + 0.025);
      tick();
    }
    turn(time);
    tick();
  };
  clocks.tick = () => [...callbacks].forEach((callback) => callback());
  return clocks;
}
