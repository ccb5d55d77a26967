// The kit of a session: decoded from its beginning, waited for by the first play, asked for again where it cannot be.

import assert from "node:assert/strict";
import test from "node:test";

import { markerSamples } from "../../latentpalette/widgets/static/audio/kitfile.js";
import { createSounds } from "../../latentpalette/widgets/static/state/sounds.js";
import { MemoryModel } from "../../latentpalette/widgets/static/state/memorymodel.js";
import { RATE, kitBytes, soundOfDrum } from "./helpers.mjs";

const INDEX = [{ name: "kick", pitch: 36, start: 0, length: 2 }];
const asView = (bytes) => new DataView(bytes.buffer);

function opened({ kit, decode, has_kernel: hasKernel = true, request = () => assert.fail("nothing is asked for"), timers }) {
  const log = { ready: 0, errors: [], requests: [] };
  const before = globalThis.OfflineAudioContext;
  globalThis.OfflineAudioContext = class {
    decodeAudioData = decode;
  };
  const model = new MemoryModel({ kit: asView(kit), kit_index: INDEX, kit_rate: RATE, has_kernel: hasKernel });
  const sounds = createSounds({
    model,
    request: (...details) => (log.requests.push(details), request(...details)),
    onReady: () => log.ready++,
    onError: (error) => log.errors.push(error.message),
    timers,
  });
  globalThis.OfflineAudioContext = before;
  return { sounds, log, model };
}

const settled = () => new Promise((done) => setTimeout(done));
const decoded = async () => {
  const samples = new Float32Array(9000);
  samples.set(markerSamples(), 2048);
  samples.set([0.5, 0.25]);
  return { getChannelData: () => samples };
};

test("plain sounds are there at once", () => {
  const { sounds, log } = opened({ kit: kitBytes([[16384, 0]]) });
  assert.equal(sounds.pending, false);
  assert.equal(soundOfDrum(sounds.kit, 0).samples[0], 0.5);
  assert.equal(log.ready, 0);
});

test("compressed sounds are decoded from the beginning, and then it is said that they are ready", async () => {
  const { sounds, log } = opened({ kit: kitBytes(["mp3"]), decode: decoded });
  assert.equal(sounds.pending, true);
  assert.throws(() => sounds.kit, /still being rendered/);
  await settled();
  assert.equal(sounds.pending, false);
  assert.equal(soundOfDrum(sounds.kit, 0).samples[0], 0.5);
  assert.deepEqual([log.ready, log.errors], [1, []]);
});

test("a browser that cannot decode them asks Python for plain ones", async () => {
  const { sounds, log } = opened({
    kit: kitBytes(["mp3"]),
    decode: () => Promise.reject(new Error("no such format")),
    request: async () => ({ body: { index: INDEX }, buffers: [asView(kitBytes([[8192, 0]]))] }),
  });
  await settled();
  assert.deepEqual(log.requests, [["kit", {}]]);
  assert.equal(soundOfDrum(sounds.kit, 0).samples[0], 0.25);
  assert.equal(log.ready, 1);
});

test("without Python the reason is shown, and whoever wants to play gets it, too", async () => {
  const { sounds, log } = opened({
    kit: kitBytes(["mp3"]),
    decode: () => Promise.reject(new Error("no such format")),
    has_kernel: false,
  });
  await settled();
  assert.deepEqual(log.errors, ["This browser cannot decode the sounds (no such format). Try another one."]);
  assert.equal(sounds.pending, false);
  assert.throws(() => sounds.kit, /cannot decode the sounds/);
});

test("a session that closes meanwhile is told nothing", async () => {
  const { sounds, log } = opened({ kit: kitBytes(["mp3"]), decode: decoded });
  sounds.dispose();
  await settled();
  assert.deepEqual([log.ready, log.errors], [0, []]);
});

// Python, which renders for as long as the test wants, and timers that the test fires.
function rendering() {
  const waiting = [];
  const python = { ready: false, error: null };
  return {
    python,
    next: async () => (waiting.shift()?.(), await settled()),
    timers: { setTimeout: (call) => waiting.push(call), clearTimeout() {} },
    request: async (name) => {
      assert.equal(name, "sounds");
      if (python.error) throw new Error(python.error);
      return { body: { ready: python.ready }, buffers: [] };
    },
  };
}
const set = (model, values) => {
  Object.assign(model.traits, values);
  for (const name of Object.keys(values)) model.emit(`change:${name}`);
};

test("sounds that Python is still rendering are asked for until they are there", async () => {
  const { python, next, ...options } = rendering();
  const { sounds, log, model } = opened({ kit: new Uint8Array(), ...options });
  assert.deepEqual([sounds.pending, sounds.loading], [true, true]);
  await settled();
  await next();
  assert.equal(log.requests.length, 2);
  python.ready = true;
  set(model, { kit: asView(kitBytes([[16384, 0]])) });
  await next();
  assert.deepEqual([sounds.pending, sounds.loading, log.requests.length], [false, false, 3]);
  assert.equal(soundOfDrum(sounds.kit, 0).samples[0], 0.5);
});

test("another sound is asked for while the old one plays, and takes its place when it is decoded", async () => {
  const { python, next, ...options } = rendering();
  const { sounds, log, model } = opened({ kit: kitBytes([[16384, 0]]), ...options });
  set(model, { sounds: ["Violin"] });
  await settled();
  assert.deepEqual([sounds.loading, soundOfDrum(sounds.kit, 0).samples[0], log.ready], [true, 0.5, 0]);
  python.ready = true;
  set(model, { kit: asView(kitBytes([[8192, 0]])) });
  await next();
  assert.deepEqual([sounds.loading, soundOfDrum(sounds.kit, 0).samples[0], log.ready], [false, 0.25, 1]);
});

test("a sound that cannot be rendered is a problem that is said, and the old one plays on", async () => {
  const { python, ...options } = rendering();
  const { sounds, log, model } = opened({ kit: kitBytes([[16384, 0]]), ...options });
  python.error = "The font plays nothing.";
  set(model, { sounds: ["Violin"] });
  await settled();
  assert.deepEqual([log.errors, sounds.loading], [["The font plays nothing."], false]);
  assert.equal(soundOfDrum(sounds.kit, 0).samples[0], 0.5);
});
