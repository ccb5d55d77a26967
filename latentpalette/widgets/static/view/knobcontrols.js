// The controls of an instrument as a knob moves them: sliders, fields and choices by how far, buttons by a press.
/** @import { KnobControl, KnobTurn } from "../types.js" */

const CONTROLS = "input[type='range'], input[type='number'], select, button";
const FOLLOWS_FOCUS = "input[type='range'], input[type='number'], select"; // a press is asked for by learning it only
const SETTLED = 300; // [milliseconds] after the last turn
const STEP = 1 / 100; // of a turn of an endless knob, as a part of the whole

/**
 * The name by which a control is found again. Those of Play and Stop are one.
 * @param {Element} element
 */
export const nameOf = (element) =>
  element.matches(".lp-play") ? "Play" : (element.getAttribute("aria-label") || element.textContent || "").trim();

/**
 * @param {object} options
 * @param {HTMLElement} options.root
 * @param {KnobControl[]} options.own   of the instrument
 */
export function createKnobControls({ root, own }) {
  /** @type {WeakMap<HTMLElement, ReturnType<typeof setTimeout>>} */
  const settling = new WeakMap();
  const focused = () => /** @type {HTMLElement | null} */ (/** @type {Document | ShadowRoot} */ (root.getRootNode()).activeElement);
  /** @param {HTMLElement} element */
  const isOurs = (element) => root.contains(element) && !element.closest(".lp-midi-page");

  /**
   * @param {HTMLInputElement} input
   * @param {KnobTurn} turn
   */
  function turnInput(input, turn) {
    const [low, high] = [Number(input.min), Number(input.max)];
    const step = Number(input.step) || 1;
    const value = "steps" in turn ? Number(input.value) + turn.steps * Math.max(step, input.type === "range" ? (high - low) * STEP : step) : low + (high - low) * turn.position;
    const digits = (String(step).split(".")[1] ?? "").length;
    const snapped = Math.min(high, Math.max(low, low + Math.round((value - low) / step) * step));
    input.value = snapped.toFixed(digits);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(settling.get(input));
    settling.set(input, setTimeout(() => input.dispatchEvent(new Event("change", { bubbles: true })), SETTLED));
  }
  /**
   * @param {HTMLSelectElement} select
   * @param {KnobTurn} turn
   */
  function turnSelect(select, turn) {
    const last = select.options.length - 1;
    const index = "steps" in turn ? select.selectedIndex + Math.sign(turn.steps) : Math.round(turn.position * last);
    const next = Math.min(last, Math.max(0, index));
    if (next === select.selectedIndex) return;
    select.selectedIndex = next;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  /** @type {Map<string, boolean>} */
  const pressed = new Map(); // by name

  /**
   * @param {HTMLElement} element
   * @param {KnobTurn} turn
   */
  function turnElement(element, turn) {
    if (/** @type {HTMLInputElement} */ (element).disabled) return;
    if (element instanceof HTMLInputElement) turnInput(element, turn);
    else if (element instanceof HTMLSelectElement) turnSelect(element, turn);
    else if ("position" in turn) {
      const isDown = turn.position >= 0.5;
      if (isDown && !pressed.get(nameOf(element))) element.click();
      pressed.set(nameOf(element), isDown);
    }
  }
  /**
   * @param {KnobControl} control
   * @param {KnobTurn} turn
   */
  const turnOwn = (control, turn) => control.set(Math.min(1, Math.max(0, "steps" in turn ? control.get() + turn.steps * STEP : turn.position)));

  return {
    /**
     * The names of what a knob would move that is learned now: those of the control that has the focus.
     * @returns {string[]}
     */
    learnable() {
      const element = focused();
      if (!element || !isOurs(element)) return [];
      const names = own.filter((control) => control.element === element).map(({ name }) => name);
      return names.length || !element.matches(CONTROLS) ? names : [nameOf(element)];
    },
    /**
     * Move what has a name. False if it is not there.
     * @param {string} name
     * @param {KnobTurn} turn
     */
    turn(name, turn) {
      const control = own.find((each) => each.name === name);
      if (control) turnOwn(control, turn);
      const elements = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(CONTROLS)]);
      const element = control ? null : elements.find((each) => nameOf(each) === name && isOurs(each));
      if (element) turnElement(element, turn);
      return Boolean(control || element);
    },
    /**
     * Move what has the focus.
     * @param {KnobTurn} turn
     */
    turnFocused(turn) {
      const element = focused();
      if (!element || !isOurs(element)) return;
      const control = own.find((each) => each.element === element);
      if (control) turnOwn(control, turn);
      else if (element.matches(FOLLOWS_FOCUS)) turnElement(element, turn);
    },
  };
}
