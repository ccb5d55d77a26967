// Keep: what an instrument lets you take away.
/** @import { Disposables, Menu, MenuEntry, OnError } from "../../types.js" */

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createActionMenu } from "./actionmenu.js";

/**
 * @param {{ entries: MenuEntry[], disposables: Disposables, onError: OnError }} options
 * @returns {Menu}
 */
export function createKeepMenu({ entries, disposables, onError }) {
  const button = el(
    "button",
    { class: "lp-control", type: "button", title: "Take it away: MIDI, sound, code, a page", aria: { label: "Keep" } },
    icon("download"),
    el("span", { class: "lp-word", text: "Keep" }),
    icon("down"),
  );
  return createActionMenu({ button, name: "Keep", entries, disposables, onError });
}
