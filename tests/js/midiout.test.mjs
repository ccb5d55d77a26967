import assert from "node:assert/strict";
import test from "node:test";

import { createMidiOut } from "../../latentpalette/widgets/static/audio/midiout.js";
import { MIDI_DENIED, MIDI_NO_PORTS, MIDI_UNSUPPORTED, createMidiPorts, keptPort } from "../../latentpalette/widgets/static/audio/midiports.js";
import { createPlayer } from "../../latentpalette/widgets/static/audio/player.js";
import { BAND, STREAMS, bandKit, bench, clicks, hit, loopOf, note } from "./helpers.mjs";

const STEP = 60 / 120 / 4;
const START = 0.05;

function port(id, { clear } = {}) {
  const sent = [];
  return {
    id,
    name: `Drum machine ${id}`,
    state: "connected",
    sent,
    clear,
    send: (bytes, time) => sent.push({ bytes, time }),
  };
}

// A player and MIDI out on one pair of clocks; `page` is when the page's clock stood at 0 of the audio clock.
function wired({ ports = [port("a")], navigator, stamp = null, kit = clicks(), streams = STREAMS } = {}) {
  const audio = bench();
  if (stamp) audio.context.getOutputTimestamp = () => stamp(audio.context);
  const player = createPlayer({ ...audio, kit });
  const silenced = [];
  const { setSilent } = player;
  player.setSilent = (to, tap) => (silenced.push(to), setSilent(to, tap));
  const access = Object.assign(new EventTarget(), { outputs: new Map(ports.map((each) => [each.id, each])) });
  let tick = () => {};
  let ticking = false;
  const out = createMidiOut({
    navigator: navigator ?? { requestMIDIAccess: () => Promise.resolve(access) },
    player,
    streams,
    clock: audio.scope.performance,
    makeTimer: (callback) => {
      tick = callback;
      return { start: () => (ticking = true), stop: () => (ticking = false), dispose: () => (ticking = false) };
    },
  });
  const runTo = (time, { every = 0.025 } = {}) => {
    while (audio.context.currentTime + every < time) {
      audio.runTo(audio.context.currentTime + every, { asleep: true });
      if (ticking) tick();
    }
  };
  return {
    ...audio,
    player,
    access,
    out,
    ports,
    silenced,
    runTo,
    tick: () => tick(),
    get ticking() {
      return ticking;
    },
  };
}

const noteOns = ({ sent }) => sent.filter(({ bytes: [status] }) => status === 0x99);

test("a browser without MIDI gets an explanation and no request", async () => {
  const { out } = wired({ navigator: {} });
  assert.equal(out.supported, false);
  assert.deepEqual(await out.ask(), []);
  assert.equal(out.message, MIDI_UNSUPPORTED);
});

test("a refusal is explained, and asking again is possible", async () => {
  let allowed = false;
  const access = Object.assign(new EventTarget(), { outputs: new Map([["a", port("a")]]) });
  const { out } = wired({
    navigator: { requestMIDIAccess: () => (allowed ? Promise.resolve(access) : Promise.reject(new Error("denied"))) },
  });
  assert.deepEqual(await out.ask(), []);
  assert.equal(out.message, MIDI_DENIED);
  allowed = true;
  assert.deepEqual(await out.ask(), [{ id: "a", name: "Drum machine a" }]);
  assert.equal(out.message, "");
});

test("the lack of instruments is explained, and one that is plugged in later appears", async () => {
  const { out, access } = wired({ ports: [] });
  assert.deepEqual(await out.ask(), []);
  assert.equal(out.message, MIDI_NO_PORTS);
  access.outputs.set("b", port("b"));
  access.dispatchEvent(new Event("statechange"));
  assert.deepEqual(
    out.ports.map(({ id }) => id),
    ["b"],
  );
  assert.equal(out.message, "");
});

test("every hit is sent once, on channel 10, with its velocity and the time it is due, and ends", async () => {
  const {
    out,
    player,
    ports: [to],
    runTo,
  } = wired();
  await out.ask();
  out.choose("a");
  player.play({
    ...loopOf([0, 3]),
    notes: [hit(0, 0, 101), hit(3, 8, 64)],
  });
  runTo(START + 36 * STEP - 0.2);
  const due = [0, 3, 32, 35].map((step) => (START + step * STEP) * 1000);
  assert.deepEqual(
    noteOns(to).map(({ bytes }) => bytes),
    [
      [0x99, 36, 101],
      [0x99, 51, 64],
      [0x99, 36, 101],
      [0x99, 51, 64],
    ],
  );
  noteOns(to).forEach(({ time }, at) => assert.ok(Math.abs(time - due[at]) < 1));
  const offs = to.sent.filter(({ bytes: [status] }) => status === 0x89);
  assert.equal(offs.length, 4);
  offs.forEach(({ time }, at) => assert.ok(time > due[at] && time < due[at] + 1000 * STEP));
});

test("notes leave at least a fifth of a second ahead, so a busy page does not make them late", async () => {
  const {
    out,
    player,
    ports: [to],
    runTo,
    context,
  } = wired();
  await out.ask();
  out.choose("a");
  const { send } = to;
  let least = Infinity;
  to.send = (bytes, time) => {
    if (bytes[0] === 0x99) least = Math.min(least, time / 1000 - context.currentTime);
    send(bytes, time);
  };
  player.play(loopOf(Array.from({ length: 32 }, (_, step) => step)));
  runTo(0.1);
  least = Infinity;
  runTo(4);
  assert.ok(least > 0.2 - 0.03, `${least}`);
});

test("times follow the output's time stamp where the browser gives one", async () => {
  const stamp = ({ currentTime }) => ({
    contextTime: currentTime - 0.02 || 1e-9,
    performanceTime: 7000 + currentTime * 1000,
  });
  const {
    out,
    player,
    ports: [to],
    runTo,
  } = wired({ stamp });
  await out.ask();
  out.choose("a");
  player.play(loopOf([2]));
  runTo(0.5);
  const [{ time }] = noteOns(to);
  assert.ok(Math.abs(time - (7000 + (START + 2 * STEP + 0.02) * 1000)) < 1);
});

test("the speakers keep silent while an instrument is chosen, and only then", async () => {
  const { out, silenced } = wired();
  await out.ask();
  out.choose("a");
  out.choose(null);
  assert.deepEqual(silenced, [false, true, false]);
});

test("a single note goes to the instrument, too", async () => {
  const {
    out,
    player,
    context,
    ports: [to],
  } = wired();
  await out.ask();
  out.choose("a");
  player.tap({ stream: 0, pitch: 38, velocity: 96 });
  assert.deepEqual(
    noteOns(to).map(({ bytes, time }) => [...bytes, time]),
    [[0x99, 38, 96, 0]],
  );
  assert.equal(context.sources.length, 0);
});

test("at stop all notes end, those already sent ahead as well", async () => {
  const {
    out,
    player,
    ports: [to],
    runTo,
    tick,
  } = wired();
  await out.ask();
  out.choose("a");
  player.play(loopOf([0, 1, 2, 3]));
  runTo(0.3);
  player.stop();
  tick();
  const last = Math.max(...noteOns(to).map(({ time }) => time));
  const silences = to.sent.filter(({ bytes }) => bytes[0] === 0xb9 && bytes[1] === 123).map(({ time }) => time);
  assert.equal(silences.length, 2);
  assert.ok(silences[0] <= 300 && silences[1] >= last);
  const before = to.sent.length;
  tick();
  assert.equal(to.sent.length, before);
});

test("where the browser can take messages back, it is asked to", async () => {
  let cleared = 0;
  const { out, player, runTo, tick } = wired({ ports: [port("a", { clear: () => cleared++ })] });
  await out.ask();
  out.choose("a");
  player.play(loopOf([0]));
  runTo(0.2);
  player.stop();
  tick();
  assert.equal(cleared, 1);
});

test("an instrument that is pulled out gives the sound back to the speakers and takes it again when it returns", async () => {
  const {
    out,
    access,
    ports: [to],
    silenced,
  } = wired();
  await out.ask();
  out.choose("a");
  to.state = "disconnected";
  access.dispatchEvent(new Event("statechange"));
  assert.match(out.message, /"Drum machine a" is not connected any more/);
  assert.equal(silenced.at(-1), false);
  to.state = "connected";
  access.dispatchEvent(new Event("statechange"));
  assert.equal(out.message, "");
  assert.equal(silenced.at(-1), true);
});

test("when the view closes the instrument falls silent and the timer ends", async () => {
  const world = wired();
  await world.out.ask();
  world.out.choose("a");
  world.player.play(loopOf([0]));
  world.runTo(0.2);
  world.out.dispose();
  assert.equal(world.ticking, false);
  const silenced = world.silenced.length;
  world.access.dispatchEvent(new Event("statechange"));
  assert.equal(world.silenced.length, silenced);
  assert.ok(world.ports[0].sent.some(({ bytes }) => bytes[0] === 0xb9));
});

// --- held notes ---------------------------------------------------------------------------------------------------

const held = (...notes) => notes.map((each) => ({ ...each, stream: 1 }));

test("held notes go out on their stream's channel, with its program, and end when they should", async () => {
  const { out, player, ports: [to], runTo } = wired({ kit: bandKit(), streams: BAND });
  await out.ask();
  out.choose("a");
  assert.ok(to.sent.some(({ bytes }) => String(bytes) === "192,73"));
  player.play({ notes: held(note(0, 60, 3), note(3, 62, 2)), steps: 8, qpm: 120 });
  runTo(START + 7 * STEP);
  const sent = to.sent.filter(({ bytes: [status] }) => [0x90, 0x80].includes(status));
  assert.deepEqual(sent.map(({ bytes: [status, pitch] }) => [status === 0x90, pitch]), [[true, 60], [false, 60], [true, 62], [false, 62], [true, 60]]);
  [0, 3, 3, 5, 8].forEach((step, at) => assert.ok(Math.abs(sent[at].time - 1000 * (START + step * STEP)) < 1));
});

test("a note that a change cuts off after it was sent ends, and one that should sound by then begins", async () => {
  const { out, player, ports: [to], runTo } = wired({ kit: bandKit(), streams: BAND });
  await out.ask();
  out.choose("a");
  player.play({ notes: held(note(0, 60, 8)), steps: 16, qpm: 120 });
  runTo(START + 1.9 * STEP);
  player.change({ notes: held(note(0, 64, 8)), steps: 16, qpm: 120 });
  runTo(START + 6 * STEP);
  const sent = to.sent.filter(({ bytes: [status] }) => [0x90, 0x80].includes(status)).map(({ bytes: [status, pitch] }) => [status === 0x90, pitch]);
  assert.deepEqual(sent, [[true, 60], [false, 60], [true, 64]]);
});

test("a note that goes on over a change is not struck again", async () => {
  const { out, player, ports: [to], runTo } = wired({ kit: bandKit(), streams: BAND });
  await out.ask();
  out.choose("a");
  player.play({ notes: held(note(0, 60, 8)), steps: 16, qpm: 120 });
  runTo(START + 1.9 * STEP);
  player.change({ notes: held(note(0, 60, 6)), steps: 16, qpm: 120 });
  runTo(START + 7 * STEP);
  const sent = to.sent.filter(({ bytes: [status] }) => [0x90, 0x80].includes(status));
  assert.deepEqual(sent.map(({ bytes: [status] }) => status === 0x90), [true, false]);
  assert.ok(Math.abs(sent[1].time - 1000 * (START + 6 * STEP)) < 1);
});

test("at stop held notes end, too", async () => {
  const { out, player, ports: [to], runTo, tick } = wired({ kit: bandKit(), streams: BAND });
  await out.ask();
  out.choose("a");
  player.play({ notes: held(note(0, 60, 16)), steps: 16, qpm: 120 });
  runTo(0.5);
  player.stop();
  tick();
  assert.ok(to.sent.some(({ bytes }) => String(bytes) === "128,60,0"));
  assert.ok(to.sent.some(({ bytes }) => String(bytes) === "176,123,0"));
});

// --- the port that was chosen before ---------------------------------------------------------------------------------

function page({ state = "granted", kept = {} } = {}) {
  const values = new Map(Object.entries(kept));
  const localStorage = {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
  const access = Object.assign(new EventTarget(), { outputs: new Map([["a", port("a")], ["b", port("b")]]) });
  let asked = 0;
  const navigator = {
    permissions: { query: async () => ({ state }) },
    requestMIDIAccess: async () => {
      asked++;
      return access;
    },
  };
  const scope = { localStorage, location: { pathname: "/beats.html" } };
  const open = () => createMidiPorts({ navigator, kind: "outputs", keptAs: "Palette", scope, onPorts() {} });
  return { open, values, scope, asked: () => asked };
}

test("a port that was chosen is chosen again after a reload, where the browser does not ask for that", async () => {
  const { open, scope } = page();
  const before = open();
  await before.ask();
  before.choose("b");
  const after = open();
  assert.equal(await after.restore(), true);
  assert.deepEqual([after.port.id, after.chosen.id, after.message], ["b", "b", ""]);
  assert.deepEqual(keptPort("outputs", "Palette", scope), { id: "b", name: "Drum machine b" });
  after.choose(null);
  assert.equal(keptPort("outputs", "Palette", scope), null);
  assert.equal(await open().restore(), false);
});

test("where the browser would ask, nothing is asked for", async () => {
  const { open, asked } = page({ state: "prompt", kept: { "latentpalette:midi-port:outputs:/beats.html:Palette": '{"id":"a","name":"x"}' } });
  assert.equal(await open().restore(), false);
  assert.equal(asked(), 0);
});

test("a kept port that has another id now is found by its name, one that is away is named", async () => {
  const key = "latentpalette:midi-port:outputs:/beats.html:Palette";
  const other = page({ kept: { [key]: '{"id":"old","name":"Drum machine b"}' } }).open();
  await other.restore();
  assert.equal(other.port.id, "b");
  const away = page({ kept: { [key]: '{"id":"c","name":"Synth"}' } }).open();
  await away.restore();
  assert.deepEqual([away.chosen, away.message], [null, '"Synth" is not connected any more.']);
});

test("what is kept and damaged is left alone", async () => {
  for (const text of ["{", "null", "[]", '{"id":1,"name":"x"}', JSON.stringify({ id: "a", name: "x".repeat(1000) })]) {
    const { scope } = page({ kept: { "latentpalette:midi-port:outputs:/beats.html:Palette": text } });
    assert.equal(keptPort("outputs", "Palette", scope), null);
  }
});
