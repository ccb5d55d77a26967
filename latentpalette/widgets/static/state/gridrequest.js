// New corners to a new grid: asked of Python a moment after the last change, the latest wins, the music goes on.
import { createLatest } from "./requests.js";

export function createDecoder({ doc, request, onState, onError, delay = 150, timers = globalThis }) {
  let clock = null;
  const latest = createLatest({
    ask: (question) => request("decode", question),
    onAnswer({ body, buffers }, { patterns, size }) {
      doc.adopt(buffers[0], body.norm_percentiles, patterns, size);
      onState("idle", body.decode_ms);
    },
    onError,
    onState,
    timers,
  });
  return {
    ask() {
      if (!doc.get("live")) return;
      timers.clearTimeout(clock);
      clock = timers.setTimeout(() => {
        latest.send({
          patterns: doc.get("patterns"),
          labels: doc.get("labels"),
          size: doc.get("size"),
        });
      }, delay);
    },
    dispose() {
      timers.clearTimeout(clock);
      latest.dispose();
    },
  };
}
