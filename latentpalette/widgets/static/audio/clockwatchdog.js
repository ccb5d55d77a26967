// Detects an audio clock that stands still though the context claims to run.
/** @import { Scope } from "../types.js" */

const FROZEN_MILLISECONDS = 500;
const MIN_CHECKS = 10; // a page that was busy for a second sees an old time once, not ten times

/** @param {Pick<Scope, "performance">} scope */
export function createClockWatchdog({ performance }) {
  let last = -1;
  let since = 0;
  let checks = 0;
  return {
    reset() {
      last = -1;
    },
    /**
     * True if the clock has stood still for half a second.
     * @param {number} time   the clock's time now [seconds]
     */
    isFrozen(time) {
      const now = performance.now();
      if (time !== last) {
        last = time;
        since = now;
        checks = 0;
      } else checks += 1;
      return checks >= MIN_CHECKS && now - since >= FROZEN_MILLISECONDS;
    },
  };
}
