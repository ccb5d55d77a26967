// Set up: what is set once. Rows, some of which open a page of their own in the same panel.
/** @import { Disposables, Menu, SetupPage, SetupRow } from "../../types.js" */

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createMenu } from "./menu.js";
import { actionRow } from "./setuprows.js";

/**
 * @param {object} options
 * @param {Disposables} options.disposables
 * @param {(SetupRow | SetupPage)[]} options.rows
 * @returns {Menu & { show(): void, mark(text: string): void, openPage(name: string): void }}
 */
export function createSetupMenu({ disposables, rows }) {
  const button = el(
    "button",
    { class: "lp-control", type: "button", title: "Set up", aria: { label: "Set up" } },
    icon("setup"),
    el("span", { class: "lp-word", text: "Set up" }),
    icon("down"),
  );
  /** @type {SetupPage | null} */
  let page = null; // the one that is open
  const shown = rows.map((row) =>
    "open" in row ? actionRow({ label: row.label, value: () => `${row.value()} ›`, run: () => turnTo(row) }) : row,
  );
  const front = el("div", {}, ...shown.map(({ element }) => element));
  const back = el(
    "button",
    { class: "lp-item", type: "button", aria: { label: "Back to Set up" }, on: { click: () => turnTo(null) } },
    icon("back"),
    el("b"),
  );
  const behind = el("div", { hidden: true }, back);
  const panel = el("div", { class: "lp-setup", role: "dialog", aria: { label: "Set up" } }, front, behind);

  /** @param {SetupPage | null} next */
  function turnTo(next) {
    page?.element.remove();
    const last = page;
    page = next;
    front.hidden = Boolean(next);
    behind.hidden = !next;
    panel.dataset.page = next?.name ?? "";
    if (next) {
      const title = /** @type {Element} */ (back.lastElementChild);
      title.textContent = next.label;
      back.setAttribute("aria-label", `${next.label}: back to Set up`);
      behind.append(next.element);
      next.open();
      back.focus();
    } else if (last) {
      show(); // what was set there
      shown[rows.indexOf(last)].element.focus();
    }
    menu.place();
  }
  const show = () => shown.forEach((row) => row.show());
  const menu = createMenu({
    disposables,
    button,
    panel,
    onOpen() {
      turnTo(null);
      show();
    },
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !page) return;
    event.preventDefault();
    event.stopPropagation();
    turnTo(null);
  });
  return {
    ...menu,
    show,
    /**
     * Mark the button: something is on that is not seen otherwise.
     * @param {string} text   what; "" takes the mark away
     */
    mark(text) {
      button.classList.toggle("lp-marked", Boolean(text));
      button.title = text ? `Set up. ${text}` : "Set up";
      button.setAttribute("aria-description", text);
    },
    /** @param {string} name */
    openPage(name) {
      menu.open();
      const found = rows.find((row) => "open" in row && row.name === name);
      if (found && "open" in found) turnTo(found);
    },
  };
}
