// What samples are asked for, as a learned prior reads it, or as the last numbers of z: models/conditions.py and
// models/conditioned_z.py have the same.

/**
 * A condition is one of several names, or a number.
 * @typedef {{ name: string, values: string[] }} CategoryCondition
 * @typedef {{ name: string, mean: number, std: number, low: number, high: number }} NumberCondition
 * @typedef {CategoryCondition | NumberCondition} Condition
 * @typedef {Record<string, string | number | null>} Asked   null stands for a condition that is not asked for
 */

/**
 * The columns of what is asked for; null if that is nothing.
 * @param {Condition[]} conditions
 * @param {Asked} asked
 * @returns {Float32Array<ArrayBuffer> | null}
 */
export function encodeConditions(conditions, asked) {
  for (const name of Object.keys(asked)) {
    if (!conditions.some((condition) => condition.name === name)) throw new RangeError(`This model cannot be asked for ${name}.`);
  }
  if (Object.values(asked).every((value) => value === null)) return null;
  return Float32Array.from(conditions.flatMap((condition) => encode(condition, asked[condition.name] ?? null)));
}

/**
 * @param {Condition} condition
 * @param {string | number | null} value
 */
function encode(condition, value) {
  const { name } = condition;
  if ("values" in condition) {
    const { values } = condition;
    if (value !== null && !values.includes(String(value))) throw new RangeError(`${name} is ${values.join(" or ")}; got ${value}.`);
    return values.map((each) => Number(each === value));
  }
  return value === null ? [0, 0] : [standardize(condition, value), 1];
}

/**
 * @param {NumberCondition} condition
 * @param {string | number} value
 */
function standardize({ name, mean, std, low, high }, value) {
  if (!(low <= Number(value) && Number(value) <= high)) throw new RangeError(`${name} is a number from ${low} to ${high}; got ${value}.`);
  return (Number(value) - mean) / std;
}

/**
 * What is asked of a model itself, and of its learned prior.
 * @param {NumberCondition[]} conditions   of the model
 * @param {Asked} asked
 * @returns {{ ofModel: Asked, ofPrior: Asked }}
 */
export function splitAsked(conditions, asked) {
  /** @param {string} name */
  const isOwn = (name) => conditions.some((condition) => condition.name === name);
  const entries = Object.entries(asked);
  return {
    ofModel: Object.fromEntries(entries.filter(([name]) => isOwn(name))),
    ofPrior: Object.fromEntries(entries.filter(([name]) => !isOwn(name))),
  };
}

/**
 * Put what is asked for into the last numbers of each z.
 * @param {Float32Array} z   [n, size], which is changed
 * @param {number} size
 * @param {NumberCondition[]} conditions
 * @param {Asked} asked
 */
export function askOfZ(z, size, conditions, asked) {
  conditions.forEach((condition, k) => {
    const value = asked[condition.name] ?? null;
    if (value === null) return;
    const number = standardize(condition, value);
    for (let at = size - conditions.length + k; at < z.length; at += size) z[at] = number;
  });
}
