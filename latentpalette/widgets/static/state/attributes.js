// Attributes of music, as Python measures them, in words.

/** @typedef {{ name: string, kind: string }} Attribute   "count", "share" or "semitones" */

/**
 * A value with its name: "33 hits", "syncopation .31", "range 12".
 * @param {Attribute} attribute
 * @param {number} value
 */
export function formatAttribute(attribute, value) {
  const text = formatValue(attribute, value);
  return attribute.kind === "count" ? `${text} ${attribute.name}` : `${attribute.name} ${text}`;
}

/**
 * A value: "33", ".31", "7.5".
 * @param {Attribute} attribute
 * @param {number} value
 */
export function formatValue({ kind }, value) {
  if (kind === "share") return value >= 0.995 ? "1" : value.toFixed(2).replace(/^0/, "");
  return String(kind === "count" ? Math.round(value) : Math.round(10 * value) / 10);
}

/**
 * A range: "28 to 58", "up to .40", "from .30", "any".
 * @param {Attribute} attribute
 * @param {[low: number, high: number]} limits   of what there is
 * @param {[low: number, high: number] | undefined} range
 */
export function formatRange(attribute, [least, most], range) {
  if (!range) return "any";
  const [low, high] = range.map((value) => formatValue(attribute, value));
  if (range[0] <= least) return `up to ${high}`;
  return range[1] >= most ? `from ${low}` : `${low} to ${high}`;
}
