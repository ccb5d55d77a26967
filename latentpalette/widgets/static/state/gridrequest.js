// New corners to a new grid: asked of Python a moment after the last change, the latest wins, the music goes on.
import { latestOnly } from "./requests.js";

export function createGridRequest({ state, request, onState, onError, delay = 150, timers = globalThis }) {
  let clock = null;
  const latest = latestOnly({
    ask: (question) => request("decode", question),
    onAnswer({ body, buffers }, { patterns, size }) {
      state.adopt(buffers[0], body.norm_percentiles, patterns, size);
      onState("idle", body.decode_ms);
    },
    onError,
    onState,
    timers,
  });
  return {
    send() {
      if (!state.get("live")) return;
      timers.clearTimeout(clock);
      clock = timers.setTimeout(() => {
        latest.send({
          patterns: state.get("patterns"),
          labels: state.get("labels"),
          size: state.get("size"),
        });
      }, delay);
    },
    dispose() {
      timers.clearTimeout(clock);
      latest.dispose();
    },
  };
}
