// A button that opens a small panel, which closes on Escape, on a click elsewhere and after a choice.
/** @import { Disposables, Menu } from "../../types.js" */

import { el } from "../dom.js";

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
  const items = () => [
    .../** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll("button:not(:disabled), [tabindex='0']")),
  ];
  const setOpen = (/** @type {boolean} */ open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    onOpen();
    panel.style.translate = "";
    const root = element.closest(".lp-root")?.getBoundingClientRect();
    const box = panel.getBoundingClientRect();
    if (root) {
      const over = Math.max(0, box.right - root.right + 8) || Math.min(0, box.left - root.left - 8);
      if (over) panel.style.translate = `${-over}px 0`; // keep it inside a narrow cell
    }
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
  element.addEventListener("keydown", (event) => {
    if (panel.hidden) {
      if (event.key === "ArrowDown" && event.target === button) setOpen(true);
      else return;
    } else if (event.key === "Escape") close(true);
    else if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    event.stopPropagation();
    const list = items();
    if (panel.hidden || !list.length) return;
    const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
    const at = list.indexOf(/** @type {HTMLElement} */ (root.activeElement));
    list[(at + (event.key === "ArrowUp" ? list.length - 1 : 1)) % list.length].focus();
  });
  return { element, close };
}
