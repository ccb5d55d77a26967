// A number beside its unit. Typed, or stepped with the arrow keys; what is out of range comes back into it on leaving.
import { el } from "./dom.js";

/**
 * @param {object} options
 * @param {string} options.label                        shown
 * @param {string} options.name                         for assistive technology
 * @param {number} options.min
 * @param {number} options.max
 * @param {number} [options.step]
 * @param {number} options.value
 * @param {(value: number) => void} [options.onInput]   called with numbers in range only
 * @param {(text: string) => void} [options.onClamp]    called with a sentence where what was typed is out of range
 * @param {number} [options.width]                      [characters]
 */
export function createNumberField({ label, name, min, max, step = 1, value, onInput, onClamp, width = 4 }) {
  const range = `${min} to ${max}`;
  const input = el("input", {
    type: "number",
    min,
    max,
    step,
    value,
    title: `${name}, ${range}`,
    aria: { label: name },
    style: { width: `${width}ch` },
    autocomplete: "off",
  });
  const element = el("label", { class: "lp-field" }, label ? el("span", { class: "lp-dim", text: label }) : null, input);
  const read = () => {
    const number = Number(input.value);
    if (input.value.trim() === "" || !Number.isFinite(number)) return null;
    return Math.min(max, Math.max(min, number));
  };
  let last = value;
  input.addEventListener("input", () => {
    const number = Number(input.value);
    if (input.value.trim() !== "" && number >= min && number <= max) onInput?.((last = number));
  });
  const settle = () => {
    const typed = input.value;
    last = read() ?? last;
    if (typed === String(last)) return;
    input.value = String(last);
    if (typed.trim() !== "") onClamp?.(`${label || name} is ${range}: ${last} instead of ${typed}`);
    onInput?.(last);
  };
  input.addEventListener("change", () => {
    settle();
    onInput?.(last);
  });
  return {
    element,
    input,
    get value() {
      return read() ?? last;
    },
    set value(number) {
      last = number;
      if (Number(input.value) !== number) input.value = String(number);
    },
  };
}
