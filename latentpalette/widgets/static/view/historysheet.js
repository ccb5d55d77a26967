// History: the last states of the instrument as thumbnails, over the board; a click goes back to one, a star keeps it.
/** @import { Disposables, InstrumentSession, Versions } from "../types.js" */

import { el, setText } from "./dom.js";
import { createHistoryTiles } from "./historytiles.js";
import { icon } from "./icons.js";
import { createMenu } from "./menus/menu.js";
import { createSegments } from "./segments.js";

/**
 * @param {object} options
 * @param {Pick<InstrumentSession, "state" | "commands"> & { versions: Versions }} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {(text: string) => void} options.onNotice
 */
export function createHistorySheet({ session, disposables, isDark, onNotice }) {
  const { versions } = session;
  let onlyStarred = false;
  const button = el(
    "button",
    { class: "lp-control lp-square lp-history-button", type: "button", title: "History (H): the last states, one click away", aria: { label: "History" } },
    icon("history"),
  );
  const count = el("span", { class: "lp-dim" });
  const line = el("span", { class: "lp-version-words" });
  const tiles = createHistoryTiles({
    session,
    isDark,
    onNotice,
    onWords: (words) => setText(line, words),
    size: { width: 60, height: 38 },
    label: "States, the oldest first",
  });
  const full = el("p", { class: "lp-note", text: "This browser has no room for all that have a star. Keep, State, save takes them along.", hidden: true });
  const filter = createSegments({
    label: "Which states",
    choices: /** @type {[boolean, string, string][]} */ ([[false, "all", "All states"], [true, "★", "Those with a star"]]),
    onChoose(value) {
      onlyStarred = value;
      show();
    },
  });
  const close = el("button", { class: "lp-mini", type: "button", aria: { label: "Close the history" }, on: { click: () => menu.close(true) } }, icon("clear"));
  const panel = el(
    "div",
    { class: "lp-history", role: "dialog", aria: { label: "History" } },
    el("div", { class: "lp-row lp-nowrap" }, el("b", { text: "History" }), count, el("span", { class: "lp-space" }), filter.element, close),
    tiles.element,
    line,
    full,
  );
  const menu = createMenu({
    disposables,
    button,
    panel,
    onOpen() {
      versions.take(); // what the hand has just done, too
      show();
      tiles.scrollToPresent();
    },
  });

  function show() {
    if (panel.hidden) return;
    const stars = versions.list.filter(({ isStarred }) => isStarred);
    if (!stars.length) onlyStarred = false;
    tiles.show(onlyStarred ? stars : versions.list);
    setText(count, `${versions.list.length === 1 ? "1 state" : `${versions.list.length} states`}${stars.length ? `, ${stars.length} with a star` : ""}`);
    filter.element.hidden = !stars.length;
    filter.show(onlyStarred);
    full.hidden = versions.isWhole;
    if (!line.textContent && versions.current) setText(line, tiles.describe(versions.current));
  }

  return {
    /** The button, with the sheet that it opens. */
    element: menu.element,
    show,
    /** Open it, at the present state; close it where it is open. */
    toggle() {
      if (!panel.hidden) return menu.close(true);
      menu.open();
      tiles.focus();
    },
  };
}
