// A timer that goes on in hidden tabs, where browsers slow the page's own timers down to one call a second or a minute.
// It lives in a worker made from a string; where a page's policy forbids that, the page's own timer has to do.
/** @import { Scope, Timer } from "../types.js" */

const WORKER_SOURCE =
  "let timer; onmessage = ({ data }) => {" +
  " clearInterval(timer); if (data) timer = setInterval(() => postMessage(0), data); };";

/**
 * @param {() => void} tick
 * @param {{ milliseconds: number, scope?: Scope }} options
 * @returns {Timer}
 */
export function createWorkerTimer(tick, { milliseconds, scope = globalThis }) {
  /** @type {Worker | null} */
  let worker = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let interval;
  let running = false;
  const onWorkerFailure = () => {
    worker?.terminate();
    worker = null;
    if (running) interval ??= scope.setInterval(tick, milliseconds);
  };
  const stop = () => {
    running = false;
    worker?.postMessage(0);
    scope.clearInterval(interval);
    interval = undefined;
  };
  return {
    start() {
      if (running) return;
      running = true;
      worker ??= startWorker(tick, onWorkerFailure, scope);
      if (worker) worker.postMessage(milliseconds);
      else interval = scope.setInterval(tick, milliseconds);
    },
    stop,
    dispose() {
      stop();
      worker?.terminate();
      worker = null;
    },
  };
}

/**
 * @param {() => void} tick
 * @param {() => void} onFailure
 * @param {Scope} scope
 * @returns {Worker | null}   null where there are no workers
 */
function startWorker(tick, onFailure, scope) {
  if (!scope.Worker || !scope.Blob || !scope.URL?.createObjectURL) return null;
  try {
    const address = scope.URL.createObjectURL(new scope.Blob([WORKER_SOURCE], { type: "text/javascript" }));
    const worker = new scope.Worker(address);
    worker.onmessage = () => tick();
    worker.onerror = onFailure; // some browsers report a forbidden worker only here
    return worker;
  } catch {
    return null;
  }
}
