// A learned prior in the page: it carries noise to the latent vectors of music, and back, as models/flow.py does.
/** @import { Memory } from "./memory.js" */
/** @import { Asked } from "./conditions.js" */
/** @import { PriorMeta } from "./velocity.js" */
import { encodeConditions } from "./conditions.js";
import { VelocityField } from "./velocity.js";
import { Weights } from "./weights.js";

const STEPS = 10; // of Heun's method from time 0 to 1
const GUIDANCE = 1.5; // weight of what is asked for
const AUTOGUIDANCE = 2; // weight of a field that a weaker one guides, of priors that do not say it
const BATCH = 32; // vectors that are carried together

/** @typedef {{ conditions?: Asked, guidance?: number, guided?: boolean }} FlowOptions   whether a weaker field guides */
/** @typedef {(z: Float32Array, time: number) => Float32Array<ArrayBuffer>} Velocity */

export class Flow {
  /**
   * @param {Memory} memory
   * @param {PriorMeta} meta
   * @param {Uint8Array} matrices
   * @param {Uint8Array} vectors
   */
  constructor(memory, meta, matrices, vectors) {
    const { z_size, weaker } = meta;
    const weights = new Weights(meta.weights, matrices, vectors, memory);
    const sizes = new Map(meta.weights.vectors.map(({ name, size }) => [name, size]));
    const read = (/** @type {string} */ name) => memory.floats(weights.vector(name), sizes.get(name) ?? 0).slice();
    this.field = new VelocityField(memory, weights, read, meta);
    this.weaker = weaker && new VelocityField(memory, weights, read, { z_size, ...weaker }, "weaker.");
    this.autoguidance = weaker?.weight ?? AUTOGUIDANCE;
    this.size = z_size;
    this.conditions = meta.conditions;
    this.mean = read("mean");
    this.std = read("std");
    /** The distances from the origin of 256 samples, in ascending order. */
    this.sampleNorms = read("sample_norms");
  }

  /** Standard normal numbers that a sample is made of. */
  get noiseSize() {
    return this.size;
  }

  /**
   * Latent vectors [n, size] for standard normal noise [n, noiseSize].
   * @param {Float32Array} noise
   * @param {FlowOptions} [options]
   */
  sample(noise, options) {
    return this.toMusic(this.transport(noise, 0, 1, { ...options, guided: true }));
  }

  /**
   * Where latent vectors come from at a time: 0 is the base space, 1 they themselves, standardized.
   * @param {Float32Array} z   [n, size]
   * @param {number} time
   */
  toTime(z, time) {
    const { size, mean, std } = this;
    return this.transport(z.map((number, k) => Math.fround(number - mean[k % size]) / std[k % size]), 1, time);
  }

  /**
   * Invert `toTime`.
   * @param {Float32Array} z   [n, size]
   * @param {number} time
   */
  fromTime(z, time) {
    return this.toMusic(this.transport(z, time, 1));
  }

  /**
   * Carry vectors along the flow from one time to another.
   * @param {Float32Array} z   [n, size]
   * @param {number} start     0 is the noise, 1 is music
   * @param {number} stop
   * @param {FlowOptions} [options]
   * @returns {Float32Array<ArrayBuffer>}
   */
  transport(z, start, stop, options = {}) {
    const moved = Float32Array.from(z);
    if (start === stop) return moved;
    const velocity = this.velocity(options);
    const times = timesBetween(start, stop);
    for (let at = 0; at < z.length; at += BATCH * this.size) {
      moved.set(heun(velocity, moved.slice(at, at + BATCH * this.size), times), at);
    }
    return moved;
  }

  /**
   * @param {FlowOptions} options
   * @returns {Velocity}
   */
  velocity({ conditions = {}, guidance = GUIDANCE, guided = false }) {
    const { field, weaker } = this;
    const columns = encodeConditions(this.conditions, conditions);
    const free = fieldOver(field);
    if (!columns) return guided && weaker ? mix(fieldOver(weaker), free, this.autoguidance) : free;
    const asked = fieldOver(field, columns);
    return guidance === 1 ? asked : mix(free, asked, guidance);
  }

  /** @param {Float32Array<ArrayBuffer>} standardized   [n, size] */
  toMusic(standardized) {
    const { size, mean, std } = this;
    return standardized.map((number, k) => Math.fround(number * std[k % size]) + mean[k % size]);
  }
}

/**
 * A field under some conditions.
 * @param {VelocityField} field
 * @param {Float32Array | null} [columns]
 * @returns {Velocity}
 */
function fieldOver(field, columns = null) {
  const embed = remember((time) => field.embed(time, columns));
  return (z, time) => field.at(z, time, embed(time));
}

/**
 * From one velocity to another, and beyond it where the weight is above 1.
 * @param {Velocity} from
 * @param {Velocity} to
 * @param {number} weight
 * @returns {Velocity}
 */
function mix(from, to, weight) {
  return (z, time) => {
    const end = to(z, time);
    return from(z, time).map((number, k) => number + weight * (end[k] - number));
  };
}

/**
 * Integrate dz/dt = velocity(z, t) over times by Heun's method: two evaluations a step.
 * @param {Velocity} velocity
 * @param {Float32Array<ArrayBuffer>} z
 * @param {number[]} times
 */
function heun(velocity, z, times) {
  for (let k = 1; k < times.length; k++) {
    const step = times[k] - times[k - 1];
    const first = velocity(z, times[k - 1]);
    const second = velocity(z.map((number, i) => number + step * first[i]), times[k]);
    z = z.map((number, i) => number + (step / 2) * (first[i] + second[i]));
  }
  return z;
}

/**
 * The times of the steps from one to another, as torch has them in float32.
 * @param {number} start
 * @param {number} stop
 */
function timesBetween(start, stop) {
  const count = Math.max(1, Math.ceil(Math.abs(stop - start) * STEPS));
  const [first, last] = [Math.fround(start), Math.fround(stop)];
  const step = Math.fround(Math.fround(last - first) / count);
  const half = Math.floor((count + 1) / 2); // counted from the nearer end
  return Array.from({ length: count + 1 }, (_, i) => Math.fround(i < half ? first + step * i : last - step * (count - i)));
}

/**
 * A function of a time that is computed once for each.
 * @param {(time: number) => Float32Array} compute
 */
function remember(compute) {
  /** @type {Map<number, Float32Array>} */
  const known = new Map();
  return (/** @type {number} */ time) => {
    let value = known.get(time);
    if (!value) known.set(time, (value = compute(time)));
    return value;
  };
}
