// A model as anywidget gives it, of which the test is the Python side.

import { MemoryModel } from "../../latentpalette/widgets/static/state/memorymodel.js";
import { clipBytes } from "./helpers.mjs";
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
