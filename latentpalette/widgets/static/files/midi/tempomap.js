// Tempos: from ticks to seconds, and from seconds to quarter notes, by the same arithmetic as Python's (music/tempo.py).

import { roundDecimals, roundHalfEven } from "../../engine/converters/rounding.js";
import { STEPS_PER_QUARTER } from "./bars.js";
import { countUpTo } from "./search.js";

const DEFAULT_QPM = 120;
const MAX_TICK_ERROR = 1e-2; // [ticks] an event this near a tick lies on it
const MAX_DECIMALS = 3; // of the tempos that people type
const MAX_ROUNDING = 1e-4; // [microseconds] of a tempo that was computed from whole ones

/** @typedef {ReturnType<typeof tempoMap>} TempoMap */

/**
 * @param {[number, number][]} events   tick and microseconds to a quarter note, in order; before the first it is 120 qpm
 * @param {number} ticksPerQuarter
 */
export function tempoMap(events, ticksPerQuarter) {
  let changes = [{ tick: 0, secondsPerTick: 60 / (DEFAULT_QPM * ticksPerQuarter) }];
  for (const [tick, microseconds] of events) {
    const secondsPerTick = 60 / ((6e7 / microseconds) * ticksPerQuarter);
    if (tick === 0) changes = [{ tick, secondsPerTick }];
    else if (secondsPerTick !== changes[changes.length - 1].secondsPerTick) changes.push({ tick, secondsPerTick });
  }
  let [seconds, steps] = [0, 0];
  const tempos = changes.map(({ tick, secondsPerTick }, index) => {
    const qpm = 60 / (secondsPerTick * ticksPerQuarter);
    const tempo = { tick, secondsPerTick, seconds, steps, qpm, stepsPerSecond: (STEPS_PER_QUARTER * qpm) / 60 };
    const next = changes[index + 1];
    if (next) {
      seconds += secondsPerTick * (next.tick - tick);
      steps += (seconds - tempo.seconds) * tempo.stepsPerSecond;
    }
    return tempo;
  });
  const last = (/** @type {number} */ value, /** @type {"tick" | "seconds"} */ unit) =>
    tempos[Math.max(countUpTo(tempos, value, (tempo) => tempo[unit]) - 1, 0)];
  return {
    tempos,
    /** @param {number} tick */
    secondsAt(tick) {
      const tempo = last(tick, "tick");
      return (tick - tempo.tick) * tempo.secondsPerTick + tempo.seconds;
    },
    /**
     * The time of an event in quarter notes; exactly that of its tick where it is near one.
     * @param {number} time   [seconds]
     */
    quartersAt(time) {
      const tempo = last(time, "seconds");
      const quarters = ((time - tempo.seconds) * tempo.stepsPerSecond + tempo.steps) / STEPS_PER_QUARTER;
      const tick = roundHalfEven(quarters * ticksPerQuarter);
      return Math.abs(quarters * ticksPerQuarter - tick) < MAX_TICK_ERROR ? tick / ticksPerQuarter : quarters;
    },
  };
}

/**
 * The tempo that was meant by one read from a file: the shortest number with the same microseconds, as programs round
 * them, or cut off their fraction.
 * @param {number} qpm
 */
export function nominalQpm(qpm) {
  const exact = 60e6 / qpm;
  const microseconds = roundHalfEven(exact);
  if (Math.abs(exact - microseconds) > MAX_ROUNDING) return qpm;
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
    const shorter = roundDecimals(qpm, decimals);
    const exactly = 60e6 / shorter;
    if (shorter && (microseconds === roundHalfEven(exactly) || microseconds === Math.trunc(exactly))) return shorter;
  }
  return qpm;
}
