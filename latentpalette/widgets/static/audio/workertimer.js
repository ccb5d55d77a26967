// A timer that goes on in hidden tabs, where browsers slow the page's own timers down to one call a second or a minute.
// It lives in a worker made from a string; where a page's policy forbids that, the page's own timer has to do.

const WORKER_SOURCE =
  "let interval; onmessage = ({ data }) => { clearInterval(interval); if (data) interval = setInterval(() => postMessage(0), data); };";

export function createWorkerTimer(tick, { milliseconds, scope = globalThis }) {
  let worker = null;
  let interval = null;
  let running = false;
  const workerFails = () => {
    worker?.terminate();
    worker = null;
    if (running) interval ??= scope.setInterval(tick, milliseconds);
  };
  return {
    start() {
      if (running) return;
      running = true;
      worker ??= startWorker(tick, workerFails, scope);
      if (worker) worker.postMessage(milliseconds);
      else interval = scope.setInterval(tick, milliseconds);
    },
    stop() {
      running = false;
      worker?.postMessage(0);
      scope.clearInterval(interval);
      interval = null;
    },
    dispose() {
      this.stop();
      worker?.terminate();
      worker = null;
    },
  };
}

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
