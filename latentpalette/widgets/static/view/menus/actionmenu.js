// A menu of actions: each does something and closes the menu.
/** @import { Disposables, Menu, MenuAction, MenuEntry, OnError } from "../../types.js" */

import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createMenu } from "./menu.js";

/**
 * @param {object} options
 * @param {HTMLButtonElement} options.button
 * @param {string} options.name
 * @param {MenuEntry[]} options.entries        asked for what they say and allow whenever the menu opens
 * @param {Disposables} options.disposables
 * @param {OnError} options.onError            called with what an action throws
 * @returns {Menu}
 */
export function createActionMenu({ button, name, entries, disposables, onError }) {
  /** @type {(() => void)[]} */
  const refreshers = [];
  /** @param {MenuAction} action */
  const run = async (action) => {
    menu.close(true);
    try {
      await action.run();
    } catch (problem) {
      onError(problem);
    }
  };
  /**
   * @param {MenuAction} action
   * @param {string} style
   */
  const item = (action, style) => {
    const detail = el("span", { class: "lp-value" });
    const element = el(
      "button",
      { class: style, type: "button", role: "menuitem", on: { click: () => run(action) } },
      action.icon ? icon(action.icon) : null,
      el("span", { text: action.label }),
      style === "lp-item" ? detail : null,
    );
    if (action.name) element.setAttribute("aria-label", action.name);
    refreshers.push(() => {
      const reason = action.unavailable?.() ?? "";
      element.disabled = Boolean(reason);
      element.title = reason || (action.title ?? "");
      setText(detail, action.detail?.() ?? "");
      if (action.key) detail.append(el("kbd", { class: "lp-key", text: action.key }));
    });
    return element;
  };
  /** @param {MenuEntry} entry */
  const row = (entry) => {
    if (entry === "line") return el("hr", { class: "lp-divider" });
    if (!("actions" in entry)) return item(entry, "lp-item");
    return el(
      "div",
      { class: "lp-item", role: "group", aria: { label: entry.label } },
      el("span", { text: entry.label }),
      el("span", { class: "lp-value" }, ...entry.actions.map((action) => item(action, "lp-choice"))),
    );
  };
  const panel = el("div", { class: "lp-keep", role: "menu", aria: { label: name } }, ...entries.map(row));
  const menu = createMenu({ disposables, button, panel, onOpen: () => refreshers.forEach((refresh) => refresh()) });
  return menu;
}
