// Elements in one expression, and a list of what has to be undone when a view closes.
/** @import { ElementOptions } from "../types.js" */

/**
 * Make an element: `el("button", { class: "lp-button", text: "Play", aria: { label: "Play" } }, child, ...)`.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {ElementOptions} [options]
 * @param {(Node | null | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, { text, aria = {}, data = {}, on = {}, style = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  for (const [name, value] of Object.entries(aria)) element.setAttribute(`aria-${name}`, String(value));
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
  for (const [type, handler] of Object.entries(on)) element.addEventListener(type, handler);
  if (text != null) element.textContent = text; // data only ever arrives as text
  element.append(...children.filter((child) => child != null));
  return element;
}

export function createDisposables() {
  /** @type {(() => void)[]} */
  const undo = [];
  return {
    /** @param {() => void} dispose */
    add: (dispose) => void undo.push(dispose),
    /**
     * Listen to an event until disposal.
     * @param {EventTarget} target
     * @param {string} type
     * @param {(event: any) => void} handler
     * @param {boolean | AddEventListenerOptions} [options]
     */
    on(target, type, handler, options) {
      target.addEventListener(type, handler, options);
      undo.push(() => target.removeEventListener(type, handler, options));
    },
    /** Undo everything, the latest first. */
    dispose() {
      for (let dispose = undo.pop(); dispose; dispose = undo.pop()) dispose();
    },
  };
}

/**
 * Set an element's text only where it differs: a live region that is written twice is read twice.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
