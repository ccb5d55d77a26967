// MIDI in: ports, knobs, and keys that are played into a clip.

import assert from "node:assert/strict";
import test from "node:test";

import { createMidiIn, readMidiMessage } from "../../latentpalette/widgets/static/audio/midiin.js";
import { MIDI_DENIED, MIDI_NO_PORTS, MIDI_UNSUPPORTED } from "../../latentpalette/widgets/static/audio/midiports.js";
import { createBindings, createKnobReader } from "../../latentpalette/widgets/static/state/knobs.js";
import { createKeyRecorder, foldPitch } from "../../latentpalette/widgets/static/state/keyrecorder.js";
import { laneOfKey } from "../../latentpalette/widgets/static/state/drumkeys.js";
import { createState } from "../../latentpalette/widgets/static/state/state.js";
import { formatKnob } from "../../latentpalette/widgets/static/view/controller.js";
import { FakeModel } from "./fakemodel.mjs";
import { manualTimers } from "./opensession.mjs";

class FakePort extends EventTarget {
  constructor(id) {
    super();
    Object.assign(this, { id, name: `Keys ${id}`, state: "connected" });
  }
  send(...data) {
    this.dispatchEvent(Object.assign(new Event("midimessage"), { data: Uint8Array.from(data) }));
  }
}

async function opened(ports = [new FakePort("a")]) {
  const access = Object.assign(new EventTarget(), { inputs: new Map(ports.map((port) => [port.id, port])) });
  const events = [];
  const midiIn = createMidiIn({ navigator: { requestMIDIAccess: async () => access }, onEvent: (event) => events.push(event) });
  await midiIn.ask();
  return { midiIn, access, ports, events };
}

test("notes and knobs are read, on any channel; clocks are not", () => {
  assert.deepEqual(readMidiMessage([0x90, 60, 100], 5), { kind: "note", id: "note 1.60", pitch: 60, velocity: 100, time: 5 });
  assert.equal(readMidiMessage([0x93, 60, 0], 0).velocity, 0);
  assert.equal(readMidiMessage([0x80, 60, 64], 0).velocity, 0);
  assert.deepEqual(readMidiMessage([0xb1, 74, 3], 0), { kind: "knob", id: "knob 2.74", value: 3, time: 0 });
  assert.equal(readMidiMessage([0xe0, 0, 64], 0).value, 64);
  for (const message of [[0xf8], [0xb0, 123, 0], [0xc0, 3], []]) assert.equal(readMidiMessage(message, 0), null);
});

test("a browser without MIDI, one that refuses it and one without ports say so", async () => {
  const none = createMidiIn({ navigator: {}, onEvent() {} });
  await none.ask();
  assert.equal(none.message, MIDI_UNSUPPORTED);
  const refused = createMidiIn({ navigator: { requestMIDIAccess: () => Promise.reject(new Error("no")) }, onEvent() {} });
  await refused.ask();
  assert.equal(refused.message, MIDI_DENIED);
  assert.equal((await opened([])).midiIn.message, MIDI_NO_PORTS);
});

test("only the chosen port is listened to, and one that is unplugged comes back by itself", async () => {
  const { midiIn, ports, events, access } = await opened([new FakePort("a"), new FakePort("b")]);
  ports[0].send(0x90, 60, 100);
  assert.equal(events.length, 0);
  midiIn.choose("a");
  ports.forEach((port) => port.send(0x90, 60, 100));
  assert.equal(events.length, 1);
  ports[0].state = "disconnected";
  access.dispatchEvent(new Event("statechange"));
  assert.equal(midiIn.message, '"Keys a" is not connected any more.');
  ports[0].state = "connected";
  access.dispatchEvent(new Event("statechange"));
  ports[0].send(0x90, 60, 100);
  assert.deepEqual([midiIn.message, events.length], ["", 2]);
  midiIn.dispose();
  ports[0].send(0x90, 60, 100);
  assert.equal(events.length, 2);
});

const turned = (...values) => {
  const read = createKnobReader();
  return values.map((value) => read("knob", value));
};

test("a knob that says where it stands moves from its second value on; a pad at once", () => {
  assert.deepEqual(turned(40, 41, 127), [null, { position: 41 / 127 }, { position: 1 }]);
  assert.deepEqual(turned(127, 0), [{ position: 1 }, { position: 0 }]);
});

test("an endless knob is known by the value that it repeats, in either code, or by turning back", () => {
  assert.deepEqual(turned(1, 1, 3, 127), [null, { steps: 1 }, { steps: 3 }, { steps: -1 }]);
  assert.deepEqual(turned(65, 65, 63), [null, { steps: 1 }, { steps: -1 }]);
  assert.deepEqual(turned(1, 127), [null, { steps: -1 }]);
});

test("what knobs move is kept by the browser, within bounds; what is damaged there is left alone", () => {
  const kept = new Map();
  const scope = { localStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text) } };
  const bindings = createBindings("Palette", scope);
  for (let number = 0; number < 100; number++) bindings.bind(`knob 1.${number}`, `slider ${number}`);
  bindings.bind("knob 2.1", "slider 99");
  assert.deepEqual([bindings.list.length, bindings.controlOf("knob 2.1"), bindings.controlOf("knob 1.99")], [64, "slider 99", null]);
  bindings.remove("knob 2.1");
  assert.equal(createBindings("Palette", scope).list.length, 63);
  assert.equal(createBindings("Sampler", scope).list.length, 0);
  for (const text of ["{", "3", "null", '[{"knob":1}]', '[null,{"knob":"a","control":"b"}]']) {
    kept.set("latentpalette:midi:Palette", text);
    assert.ok(createBindings("Palette", scope).list.length <= 1);
  }
});

test("knobs and pads have names for people", () => {
  assert.deepEqual(["knob 1.74", "note 10.36", "bend 1"].map(formatKnob), ["Knob 74", "Pad 36, channel 10", "Pitch bend"]);
});

// A recorder whose audible step and clock the test sets.
function recording({ stream, lanes, notes = [], steps = 32, changes = {} } = {}) {
  const model = new FakeModel({ ...(stream ? { streams: [stream] } : {}), ...(lanes ? { lanes } : {}), ...changes });
  const state = createState(model);
  const timers = manualTimers();
  const on = { step: 0, isOpen: true, playing: true, clip: { steps, notes }, begun: 0, starts: 0, heard: [], timers, state };
  const target = {
    isOpen: () => on.isOpen,
    clip: () => on.clip,
    begin: () => on.begun++,
    edit: (edited) => (on.clip = { ...on.clip, notes: [...edited].sort((one, other) => one.step - other.step) }),
  };
  const recorder = createKeyRecorder({
    state,
    position: () => (on.playing ? { step: on.step } : null),
    play: (note) => on.heard.push(note.pitch),
    start() {
      on.starts++;
      state.set({ playing: true });
    },
    target,
    now: () => 0,
    timers,
  });
  on.press = (step, pitch, velocity = 100) => {
    on.step = step;
    recorder.onNote({ kind: "note", id: "", pitch, velocity, time: 0 });
    timers.delays.forEach((delay) => timers.fire(delay));
  };
  return on;
}
const placed = ({ clip }) => clip.notes.map(({ step, pitch, length }) => [step, pitch, length]);
const MELODY = { name: "melody", is_drum: false, program: 0, instrument: "Piano", low: 48, high: 84 };
const ONE_LANE = [{ name: "melody", stream: 0, pitches: null }];

test("drums go to the nearest step, in the model's own drums, and each pass is a step of undo", () => {
  const on = recording();
  on.press(3.8, 35);
  on.press(8.2, 40);
  assert.deepEqual(placed(on), [[4, 36, 1], [8, 38, 1]]);
  assert.deepEqual([on.heard, on.begun], [[36, 38], 1]);
  on.press(36.1, 36);
  assert.deepEqual([placed(on).length, on.begun], [2, 2]);
});

test("a drum that is due a little later is written when its step has passed", () => {
  const on = recording();
  on.press(3.8, 36);
  assert.equal(on.timers.delays.length, 0);
  const waiting = recording();
  waiting.step = 3.8;
  assert.deepEqual(placed(waiting), []);
});

test("a melody has one note at a time, as long as its key is down", () => {
  const on = recording({ stream: MELODY, lanes: ONE_LANE, changes: { mutes: [false], locks: [null] } });
  on.press(0.1, 60);
  on.press(3.9, 62); // before the first is let go
  on.press(5, 60, 0);
  on.press(8.2, 62, 0);
  assert.deepEqual(placed(on), [[0, 60, 4], [4, 62, 4]]);
  on.press(34, 100);
  on.press(35, 100, 0);
  assert.deepEqual(placed(on), [[0, 60, 2], [2, 76, 1], [3, 60, 1], [4, 62, 4]].filter(([step]) => step !== 3));
  assert.deepEqual([on.begun, on.heard], [2, [60, 62, 76]]);
});

test("with no corner open keys are heard and nothing is written, whether it plays or not", () => {
  const on = recording();
  on.isOpen = false;
  on.press(3, 36);
  on.playing = false;
  on.press(3, 36);
  assert.deepEqual([placed(on), on.heard, on.begun, on.starts], [[], [36, 36], 0, 0]);
});

test("at rest the first key begins the loop and is its first note; to let a key go begins nothing", () => {
  const on = recording();
  on.playing = false;
  on.press(0, 36, 0);
  assert.equal(on.starts, 0);
  on.press(0, 36);
  on.press(0, 38); // before the loop is heard
  assert.deepEqual([on.starts, placed(on), on.begun], [1, [[0, 36, 1], [0, 38, 1]], 1]);
  on.playing = true;
  on.press(4.1, 38);
  assert.deepEqual([placed(on).at(-1), on.begun], [[4, 38, 1], 1]);
});

test("at rest the first key of a melody is held until it is let go", () => {
  const on = recording({ stream: MELODY, lanes: ONE_LANE, changes: { mutes: [false], locks: [null] } });
  on.playing = false;
  on.press(0, 60);
  on.playing = true;
  on.press(3.1, 60, 0);
  assert.deepEqual([on.starts, placed(on)], [1, [[0, 60, 3]]]);
});

test("keys outside of a stream are heard in the nearest octave; pads without a drum are not", () => {
  assert.deepEqual([foldPitch(24, MELODY), foldPitch(60, MELODY), foldPitch(100, MELODY)], [48, 60, 76]);
  assert.equal(laneOfKey(3, [{ name: "kick", stream: 0, pitches: [36] }]), null);
  assert.equal(laneOfKey(58, [{ name: "crash", stream: 0, pitches: [49] }]).name, "crash");
});
