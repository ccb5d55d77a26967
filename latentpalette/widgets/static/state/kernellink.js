// The link between a widget and its kernel: it holds when the kernel answers, and is lost with it for good.
/** @import { Model } from "../types.js" */
import { toBytes } from "./bytes.js";

export const KERNEL_LOST =
  "Python was restarted or has stopped. The music goes on; run the cell again or reload the page, and what you edited is offered there.";

export const KERNEL_LOST_PAGE_DECODES =
  "Python was restarted or has stopped. This page goes on without it: play, edit and sample as before. Run the cell again, and what you edited is offered there.";

// Where nobody says that a kernel has stopped: it hangs, or the host is marimo.
export const NO_ANSWER =
  "no answer from Python; the music goes on. If Python has stopped, run the cell again or reload the page: what you edited is offered there";

// A new kernel knows no widget of the old one; JupyterLab calls a restart that follows a crash "autorestarting".
const LOST = new Set(["restarting", "autorestarting", "terminating", "dead"]);

/**
 * Wrap a model so that nothing throws where no kernel is left, and say when it is lost.
 * @param {Model} model
 * @param {() => void} onLost   called once
 */
export function linkKernel(model, onLost) {
  let lost = false;
  const lose = () => {
    if (lost) return;
    lost = true;
    onLost();
  };
  /** @param {() => void} act */
  const guarded = (act) => {
    if (lost) return;
    try {
      act();
    } catch {
      lose();
    }
  };
  // A notebook may get another kernel; a page of Voilà has one, and its manager no notebook.
  const manager = model.widget_manager;
  const context = manager?.context?.sessionContext ?? manager?.kernel;
  const onStatus = (/** @type {unknown} */ _, /** @type {string} */ status) => LOST.has(status) && lose();
  const onKernel = (/** @type {unknown} */ _, /** @type {{ oldValue: unknown }} */ { oldValue }) => oldValue && lose();
  context?.statusChanged?.connect(onStatus);
  context?.kernelChanged?.connect(onKernel);
  /** @type {Map<string, unknown>} */
  const own = new Map();
  /** @type {Model} */
  const safe = {
    get: (name) => (own.has(name) ? own.get(name) : model.get(name)),
    // Backbone compares views by their own properties, of which they have none: a new one would not reach Python.
    set: (name, value) => model.set(name, value instanceof DataView ? toBytes(/** @type {DataView<ArrayBuffer>} */ (value)) : value),
    on: (type, handler) => model.on(type, handler),
    off: (type, handler) => model.off(type, handler),
    save_changes: () => guarded(() => model.save_changes()),
    send: (message, callbacks, buffers) => guarded(() => model.send(message, callbacks, buffers)),
    widget_manager: model.widget_manager,
  };
  return {
    model: safe,
    /**
     * Set a value that this page alone has.
     * @param {string} name
     * @param {unknown} value
     */
    keep: (name, value) => void own.set(name, value),
    get lost() {
      return lost;
    },
    dispose() {
      context?.statusChanged?.disconnect(onStatus);
      context?.kernelChanged?.disconnect(onKernel);
    },
  };
}
