// Knobs of a controller: how far one was turned, and which control it moves, which the browser keeps.
/** @import { KnobTurn } from "../types.js" */

const MAX_BINDINGS = 64;
const MAX_LENGTH = 200; // of a name [characters]
const KEY = "latentpalette:midi:";

/** @typedef {{ knob: string, control: string }} Binding */

/**
 * A function that reads the values of knobs. Most say where they stand; endless ones say how far they were turned, in one
 * of two codes, and are known by what the others never send: the same value twice, or a jump from end to end and back.
 */
export function createKnobReader() {
  /** @type {Map<string, { last: number, zero?: number }>} */
  const knobs = new Map();
  /**
   * @param {string} id
   * @param {number} value   0 to 127
   * @returns {KnobTurn | null}   null while it is not known which kind it is
   */
  return (id, value) => {
    const known = knobs.get(id);
    const knob = known ?? { last: value };
    knobs.set(id, knob);
    const { last } = knob;
    knob.last = value;
    if (known && knob.zero === undefined) knob.zero = zeroOf(last, value);
    if (knob.zero === 64) return { steps: value - 64 };
    if (knob.zero === 0) return { steps: value < 64 ? value : value - 128 };
    return known || value === 0 || value >= 127 ? { position: Math.min(1, value / 127) } : null;
  };
}

/**
 * The value at which an endless knob stands still, if two values are such a one's.
 * @param {number} one
 * @param {number} other
 */
function zeroOf(one, other) {
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  if (low >= 1 && low <= 3 && high >= 125) return 0;
  if (one !== other || one === 0 || one === 127 || !Number.isInteger(one)) return undefined;
  if (one < 16 || one > 112) return 0;
  return Math.abs(one - 64) < 16 ? 64 : undefined;
}

/**
 * What knobs move in the instruments of a kind, as the browser keeps it.
 * @param {string} instrument
 * @param {any} [scope]
 */
export function createBindings(instrument, scope = globalThis) {
  /** @type {Binding[]} */
  let bindings = [];
  try {
    const kept = JSON.parse(scope.localStorage.getItem(KEY + instrument) ?? "[]");
    const isName = (/** @type {any} */ text) => typeof text === "string" && text.length <= MAX_LENGTH;
    bindings = kept.filter((/** @type {any} */ each) => isName(each?.knob) && isName(each?.control)).slice(-MAX_BINDINGS);
  } catch {
    // damaged, or the browser keeps nothing
  }
  const save = () => {
    try {
      scope.localStorage.setItem(KEY + instrument, JSON.stringify(bindings));
    } catch {
      // they hold for as long as the page is open
    }
  };
  return {
    get list() {
      return bindings;
    },
    /** @param {string} knob */
    controlOf: (knob) => bindings.find((each) => each.knob === knob)?.control ?? null,
    /**
     * @param {string} knob
     * @param {string} control
     */
    bind(knob, control) {
      const others = bindings.filter((each) => each.knob !== knob && each.control !== control);
      bindings = [...others, { knob, control: control.slice(0, MAX_LENGTH) }].slice(-MAX_BINDINGS);
      save();
    },
    /** @param {string} knob */
    remove(knob) {
      bindings = bindings.filter((each) => each.knob !== knob);
      save();
    },
  };
}
