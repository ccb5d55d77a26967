// Notices an audio clock that stands still though the context claims to run.

const FROZEN_MILLISECONDS = 500;
const FROZEN_LOOKS = 10; // a page that was busy for a second isFrozen an old time once, not ten times

export function createClockWatchdog({ performance }) {
  let last = -1;
  let since = 0;
  let looks = 0;
  return {
    reset() {
      last = -1;
    },
    // Whether the clock, which shows `time` now, has stood still for half a second.
    isFrozen(time) {
      const now = performance.now();
      if (time !== last) {
        last = time;
        since = now;
        looks = 0;
      } else looks += 1;
      return looks >= FROZEN_LOOKS && now - since >= FROZEN_MILLISECONDS;
    },
  };
}
