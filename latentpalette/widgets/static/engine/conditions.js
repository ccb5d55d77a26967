// What samples are asked for, as a learned prior reads it: models/conditions.py has the same.

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
  if (value === null) return [0, 0];
  const { mean, std, low, high } = condition;
  if (!(low <= Number(value) && Number(value) <= high)) throw new RangeError(`${name} is a number from ${low} to ${high}; got ${value}.`);
  return [(Number(value) - mean) / std, 1];
}
