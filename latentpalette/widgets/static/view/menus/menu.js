// A button that opens a small panel, which closes on Escape, when the focus or a click goes elsewhere, and after a choice.
/** @import { Disposables, Menu } from "../../types.js" */

import { el } from "../dom.js";

const REACHED = "button:not(:disabled), select:not(:disabled), input:not(:disabled), [tabindex='0']"; // with the keyboard

/**
 * @param {object} options
 * @param {Disposables} options.disposables
 * @param {HTMLButtonElement} options.button
 * @param {HTMLElement} options.panel
 * @param {() => void} [options.onOpen]
 * @returns {Menu}
 */
export function createMenu({ disposables, button, panel, onOpen = () => {} }) {
  const element = el("div", { class: "lp-menu" }, button, panel);
  panel.classList.add("lp-panel");
  panel.hidden = true;
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-haspopup", panel.getAttribute("role") === "menu" ? "menu" : "dialog");
  /** What the keyboard reaches, as far as it is shown. */
  const items = () =>
    [.../** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll(REACHED))].filter((item) => item.offsetParent);
  const place = () => {
    panel.style.translate = "";
    const root = element.closest(".lp-root")?.getBoundingClientRect();
    const box = panel.getBoundingClientRect();
    if (!root) return;
    const over = Math.max(0, box.right - root.right + 8) || Math.min(0, box.left - root.left - 8);
    if (over) panel.style.translate = `${-over}px 0`; // keep it inside a narrow cell
  };
  const setOpen = (/** @type {boolean} */ open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    onOpen();
    place();
  };
  const close = (/** @type {boolean} */ refocus) => {
    if (panel.hidden) return;
    setOpen(false);
    if (refocus) button.focus();
  };
  button.addEventListener("click", () => setOpen(Boolean(panel.hidden)));
  disposables.on(
    document,
    "pointerdown",
    (event) => {
      if (!event.composedPath().includes(element)) close(false);
    },
    true,
  );
  element.addEventListener("focusout", (event) => {
    const next = /** @type {Node | null} */ (event.relatedTarget);
    if (next && !element.contains(next)) close(false);
  });
  element.addEventListener("keydown", (event) => {
    const isField = /** @type {Element} */ (event.target).matches("input, select"); // which use the arrows themselves
    if (panel.hidden) {
      if (event.key === "ArrowDown" && event.target === button) setOpen(true);
      else return;
    } else if (event.key === "Escape") close(true);
    else if ((event.key !== "ArrowDown" && event.key !== "ArrowUp") || isField) return;
    event.preventDefault();
    event.stopPropagation();
    const list = items();
    if (panel.hidden || !list.length) return;
    const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
    const at = list.indexOf(/** @type {HTMLElement} */ (root.activeElement));
    const next = event.key === "ArrowUp" ? Math.max(at, 0) + list.length - 1 : at + 1;
    list[next % list.length].focus();
  });
  return { element, close, place, open: () => setOpen(true) };
}
