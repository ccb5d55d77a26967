// A text to copy by hand, where the browser does not let us.

import { el } from "./dom.js";

export function createTextSheet() {
  const field = el("textarea", { class: "lp-text", readonly: true, rows: 8, spellcheck: "false", aria: { label: "Text to copy" } });
  const close = el("button", { class: "lp-control", type: "button", text: "Close" });
  const hint = el("span", { text: "The browser does not let the text be copied from here: press Ctrl+C or ⌘C." });
  const element = el("div", { class: "lp-sheet", role: "group", aria: { label: "Text to copy" }, hidden: true }, hint, close, field);
  const hide = () => {
    element.hidden = true;
  };
  close.addEventListener("click", hide);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hide();
    event.stopPropagation();
  });
  return {
    element,
    /** @param {string} text */
    show(text) {
      field.value = text;
      element.hidden = false;
      field.focus();
      field.select();
    },
  };
}
