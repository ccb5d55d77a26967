// Animation frames of a view: one for a change, or one after the other while something moves.
/** @import { Disposables } from "../types.js" */

/**
 * Animation frames: `request` for a single redraw, `run` for as long as something moves.
 * @param {Disposables} disposables
 */
export function createFrameLoop(disposables) {
  /** @type {Set<number>} */
  const pending = new Set();
  /** @type {(() => void) | null} */
  let running = null;
  let loop = 0;
  const step = () => {
    running?.();
    loop = running ? requestAnimationFrame(step) : 0;
  };
  disposables.add(() => {
    cancelAnimationFrame(loop);
    pending.forEach(cancelAnimationFrame);
    running = null;
  });
  return {
    /** @param {() => void} draw */
    request(draw) {
      const frame = requestAnimationFrame(() => {
        pending.delete(frame);
        draw();
      });
      pending.add(frame);
    },
    /** @param {(() => void) | null} draw   null to stop */
    run(draw) {
      if (running && !draw) {
        running(); // the last position: the playhead goes away
        running = null;
      } else {
        running = draw;
        if (draw && !loop) loop = requestAnimationFrame(step);
      }
    },
  };
}
