// For tests in a browser: a player on an OfflineAudioContext, a recorder on the audio thread, and bytes as text.

import { cellAt, cellsAlong } from "../../latentpalette/widgets/static/state/geometry.js";
import { limitSamples } from "../../latentpalette/widgets/static/audio/limiter.js";
import { loopGain } from "../../latentpalette/widgets/static/audio/loudness.js";
import * as kitfile from "../../latentpalette/widgets/static/audio/kitfile.js";
import { mixLoop, mixSpan } from "../../latentpalette/widgets/static/audio/mixer.js";
import { loopOfClip } from "../../latentpalette/widgets/static/state/loop.js";
import { createPlayer } from "../../latentpalette/widgets/static/audio/player.js";
import { clicks } from "./helpers.mjs";

const QUANTUM = 128; // an OfflineAudioContext can pause at whole render quanta

// A player whose timer ticks, and whose user acts, at moments of the rendering.
export function offline(context, { kit = clicks() } = {}) {
  const moments = [];
  const scope = { performance: { now: () => context.currentTime * 1000 } };
  let tick = () => {};
  const makeTimer = (callback) => {
    tick = callback;
    return { start() {}, stop() {}, dispose() {} };
  };
  const player = createPlayer({ context, kit, makeTimer, scope });
  const at = (time, act) => moments.push({ time, act });
  const seconds = context.length / context.sampleRate;
  return {
    player,
    at,
    every(interval, act) {
      for (let count = 1; count * interval < seconds - 0.05; count++) at(count * interval, () => act(count));
    },
    async render() {
      return (await this.renderBuffer()).getChannelData(0);
    },
    async renderBuffer() {
      const ticks = Array.from({ length: Math.floor(seconds / 0.05) }, (_, count) => ({
        time: 0.05 * (count + 1),
        act: () => tick(),
      }));
      const quanta = new Map();
      for (const { time, act } of [...moments, ...ticks]) {
        const quantum = Math.ceil((time * context.sampleRate) / QUANTUM);
        quanta.set(quantum, [...(quanta.get(quantum) ?? []), act]);
      }
      for (const [quantum, acts] of quanta) {
        if (quantum * QUANTUM >= context.length) continue;
        context.suspend((quantum * QUANTUM) / context.sampleRate).then(() => {
          acts.forEach((act) => act());
          context.resume();
        });
      }
      return context.startRendering();
    },
    finish: () => tick(),
  };
}

// What notes at times [seconds] sound like, added up and limited.
export function sum(notes, kit, context) {
  const frameAt = (time) => Math.round(time * context.sampleRate);
  const placed = notes.map(({ time, end, ...note }) => ({ ...note, frame: frameAt(time), end: frameAt(end) }));
  return limitSamples(mixSpan({ notes: placed, frames: context.length, kit }).left);
}

const loopOfCell = (state, cell, kit) => {
  const loop = loopOfClip(state.clipAt(cell.row, cell.col), state, (whole) => loopGain(whole, kit));
  return { ...loop, key: `${cell.row}/${cell.col}` };
};

export function followPath(player, state, kit) {
  const cells = cellsAlong(state.points, state.size);
  const { bars_per_cell: barsPerCell, path_mode: mode } = state;
  player.followPath({ count: cells.length, barsPerCell, mode, loopOf: (index) => loopOfCell(state, cells[index], kit) });
}

export function playCell(player, state, kit) {
  player.play(loopOfCell(state, cellAt(...state.puck, state.size), kit));
}

// Records what reaches `input`, on the audio thread, however busy the page is.
export async function recorder(context) {
  const code = `registerProcessor("recorder", class extends AudioWorkletProcessor {
    constructor(options) { super(); this.left = new Float32Array(options.processorOptions.frames); this.at = 0; }
    process([input]) {
      const samples = input[0] ?? new Float32Array(128);
      this.left.set(samples.subarray(0, this.left.length - this.at), this.at);
      this.at = Math.min(this.left.length, this.at + 128);
      if (this.at === this.left.length) this.port.postMessage(this.left);
      return this.at < this.left.length;
    }
  });`;
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const input = context.createGain();
  return {
    input,
    record(seconds) {
      const frames = Math.round(seconds * context.sampleRate);
      const node = new AudioWorkletNode(context, "recorder", { processorOptions: { frames } });
      input.connect(node).connect(context.destination);
      return new Promise((done) => (node.port.onmessage = ({ data }) => done(data)));
    },
  };
}

// A kit, as a page opens it.
export const kitOf = ({ data, index, rate }) =>
  kitfile.openKit(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)), index, rate);

// A clip that plays for a while, at the loudness of all music: both channels, and as an exported file.
export async function playClip(clip, { kit, qpm, seconds, volume = 1 }) {
  const loop = { ...clip, qpm };
  loop.gain = loopGain(loop, kit);
  const context = new OfflineAudioContext(2, Math.round(kit.rate * seconds), kit.rate);
  const sound = offline(context, { kit });
  sound.player.play(loop);
  sound.player.setVolume(volume);
  const buffer = await sound.renderBuffer();
  const exported = mixLoop({ ...loop, kit });
  return [buffer.getChannelData(0), buffer.getChannelData(1), exported.left, exported.right].map(packed);
}

export function text(bytes) {
  let letters = "";
  for (let at = 0; at < bytes.length; at += 32768) letters += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(letters);
}

export const packed = (samples) => text(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
