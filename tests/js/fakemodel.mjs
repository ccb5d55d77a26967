// A model as anywidget gives it, of which the test is the Python side.

import { MemoryModel } from "../../latentpalette/widgets/static/state/memorymodel.js";
import { NAMES, PITCHES, STREAMS, clipBytes } from "./helpers.mjs";
import { clipsOf, palette } from "./palette.mjs";

// The z of four corners, of one dimension each.
export const z = (value) => new DataView(new Float32Array(4).fill(value).buffer);

export class FakeModel extends MemoryModel {
  constructor(changes = {}) {
    const { cells, ...traits } = palette({
      has_kernel: true,
      playing: false,
      tool: "drag",
      volume: 1,
      launch_quantization: "step",
      decode_ms: 1,
      ...changes,
    });
    const clips = clipsOf({ cells, ...traits });
    super({ ...traits, norm_percentiles: Array(9).fill(50), cells: clipBytes(clips), corner_z: z(1) });
    this.sent = [];
  }
  send(message, _, buffers) {
    this.sent.push({ ...message, buffers });
  }
  respond(message, body, buffers = []) {
    this.emit("msg:custom", { type: "response", id: message.id, ok: true, body }, buffers);
  }
  refuse(message, error) {
    this.emit("msg:custom", { type: "response", id: message.id, ok: false, error }, []);
  }
  // Several traits in one message, as Python sends them.
  fromPython(values) {
    Object.assign(this.traits, values);
    for (const name of Object.keys(values)) this.emit(`change:${name}`);
  }
}

// The model of an instrument that plays drums, with the traits that every instrument has.
export class InstrumentModel extends MemoryModel {
  constructor(traits) {
    super({
      lanes: NAMES.map((name, drum) => ({ name, stream: 0, pitches: [PITCHES[drum]] })),
      streams: STREAMS,
      mutes: Array(9).fill(false),
      locks: Array(9).fill(null),
      accents: [],
      qpm: 120,
      volume: 1,
      launch_quantization: "step",
      playing: false,
      has_kernel: true,
      session_id: "",
      silenced: false,
      ...traits,
    });
    this.sent = [];
  }
  send(message) {
    this.sent.push(message);
  }
  respond(message, body, buffers = []) {
    this.emit("msg:custom", { type: "response", id: message.id, ok: true, body }, buffers);
  }
}
