// A range of an attribute, chosen on the histogram of what the model makes: two handles below bars.

import { el, setText } from "./dom.js";

const PARTS = 200; // places of a handle

/** @typedef {{ low: number, high: number, counts: number[] }} Histogram */

/**
 * @param {object} options
 * @param {string} options.name                                          of the attribute
 * @param {(values: [number, number] | undefined) => string} options.format
 * @param {(range: [number, number] | undefined, isDone: boolean) => void} options.onChange   undefined: any value
 */
export function createRangeSlider({ name, format, onChange }) {
  const words = el("span", { class: "lp-dim" });
  const bars = el("div", { class: "lp-histogram", aria: { hidden: true } });
  const handle = (/** @type {string} */ which, /** @type {number} */ value) =>
    el("input", { type: "range", min: 0, max: PARTS, value, aria: { label: `${name}, ${which}` } });
  const [least, most] = [handle("from", 0), handle("up to", PARTS)];
  /** @type {Histogram} */
  let histogram = { low: 0, high: 1, counts: [] };
  /** @type {[number, number] | undefined} */
  let range;
  let isDragged = false;

  const valueAt = (/** @type {number} */ part) => histogram.low + ((histogram.high - histogram.low) * part) / PARTS;
  const partOf = (/** @type {number} */ value) =>
    Math.round((PARTS * (value - histogram.low)) / Math.max(1e-9, histogram.high - histogram.low));

  /** What lies at an end of the histogram is not limited there. */
  function read() {
    const [from, to] = [Number(least.value), Number(most.value)];
    if (from <= 0 && to >= PARTS) return undefined;
    return /** @type {[number, number]} */ ([from <= 0 ? 0 : valueAt(from), to >= PARTS ? OPEN : valueAt(to)]);
  }
  function show() {
    setText(words, format(range));
    const count = histogram.counts.length;
    const [low, high] = range ?? [0, OPEN];
    [...bars.children].forEach((bar, k) => {
      const middle = histogram.low + ((k + 0.5) * (histogram.high - histogram.low)) / count;
      bar.classList.toggle("lp-in", middle >= low && middle <= high);
    });
    for (const input of [least, most]) input.setAttribute("aria-valuetext", format(range));
  }
  for (const input of [least, most]) {
    input.addEventListener("input", () => {
      isDragged = true;
      const [from, to] = [Number(least.value), Number(most.value)];
      if (from > to) input.value = input === least ? String(to) : String(from); // handles do not pass each other
      range = read();
      show();
      onChange(range, false);
    });
    input.addEventListener("change", () => {
      isDragged = false;
      onChange(read(), true);
    });
  }
  return {
    element: el(
      "div",
      { class: "lp-range", role: "group", aria: { label: name } },
      el("div", { class: "lp-range-head" }, el("span", { text: name }), words),
      bars,
      el("div", { class: "lp-range-handles" }, least, most),
    ),
    /**
     * @param {Histogram} given
     * @param {[number, number] | undefined} limits
     */
    show(given, limits) {
      if (isDragged) return;
      if (given !== histogram) {
        histogram = given;
        const top = Math.max(1, ...given.counts);
        bars.replaceChildren(...given.counts.map((count) => el("i", { style: { height: `${(100 * count) / top}%` } })));
      }
      range = limits;
      least.value = String(limits ? partOf(limits[0]) : 0);
      most.value = String(limits ? partOf(limits[1]) : PARTS);
      show();
    },
  };
}

export const OPEN = 1e6; // the upper limit of a range without one
