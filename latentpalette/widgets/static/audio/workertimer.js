// A timer that goes on in hidden tabs, where browsers slow the page's own timers down to one call a second or a minute.
// It lives in a worker made from a string; where a page's policy forbids that, the page's own timer has to do.

const TICKER_WORKER =
  "let timer; onmessage = ({ data }) => { clearInterval(timer); if (data) timer = setInterval(() => postMessage(0), data); };";

export function createTicker(tick, { milliseconds, scope = globalThis }) {
  let worker = null;
  let timer = null;
  let running = false;
  const workerFails = () => {
    worker?.terminate();
    worker = null;
    if (running) timer ??= scope.setInterval(tick, milliseconds);
  };
  return {
    start() {
      if (running) return;
      running = true;
      worker ??= tickerWorker(tick, workerFails, scope);
      if (worker) worker.postMessage(milliseconds);
      else timer = scope.setInterval(tick, milliseconds);
    },
    stop() {
      running = false;
      worker?.postMessage(0);
      scope.clearInterval(timer);
      timer = null;
    },
    dispose() {
      this.stop();
      worker?.terminate();
      worker = null;
    },
  };
}

function tickerWorker(tick, onFailure, scope) {
  if (!scope.Worker || !scope.Blob || !scope.URL?.createObjectURL) return null;
  try {
    const address = scope.URL.createObjectURL(new scope.Blob([TICKER_WORKER], { type: "text/javascript" }));
    const worker = new scope.Worker(address);
    worker.onmessage = () => tick();
    worker.onerror = onFailure; // some browsers report a forbidden worker only here
    return worker;
  } catch {
    return null;
  }
}
