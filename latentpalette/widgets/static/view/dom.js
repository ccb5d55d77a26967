// Elements in one expression, and a disposables that remembers what has to be undone when a view closes.

// el("button", { class: "lp-button", text: "Play", aria: { label: "Play" }, on: { click } }, child, ...)
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
  const undo = [];
  return {
    add: (dispose) => void undo.push(dispose),
    on(target, type, handler, options) {
      target.addEventListener(type, handler, options);
      undo.push(() => target.removeEventListener(type, handler, options));
    },
    dispose() {
      while (undo.length) undo.pop()();
    },
  };
}

// Writes text only where it differs: a live region that is written twice is read twice.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
