// The notes of a piano roll as a clip: copied with a click or with the keys, or dragged into an instrument.
/** @import { Disposables, RollItem } from "../types.js" */

import { CLIP_TYPE, copiedText } from "../state/copiedtext.js";
import { createPageClipboard } from "../state/pageclipboard.js";
import { copyText } from "./copytext.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @param {object} options
 * @param {RollItem} options.item
 * @param {string} options.name
 * @param {HTMLElement} options.root        the card: what has the focus in it is copied
 * @param {Disposables} options.disposables
 * @returns {HTMLElement | null}            null where the music is too long
 */
export function createRollClip({ item, name, root, disposables }) {
  const { music } = item;
  if (!music) return null;
  const page = createPageClipboard();
  const qpm = Math.min(400, Math.max(20, 15 / item.step_seconds)); // four steps a beat
  const text = copiedText({ ...music, qpm, label: name || "Piano roll" });
  const button = el(
    "button",
    {
      class: "lp-rolls-copy",
      type: "button",
      draggable: "true",
      title: "Copy the notes, or drag them into an instrument",
      aria: { label: `Copy ${name}`.trim() },
    },
    icon("copy"),
  );
  const say = () => {
    button.classList.add("lp-on");
    button.title = "Copied: paste it into an instrument";
  };
  disposables.on(button, "click", async () => {
    page.set(text, true);
    if (await copyText(text)) page.set(text, false);
    say();
  });
  disposables.on(button, "dragstart", (/** @type {DragEvent} */ event) => {
    event.dataTransfer?.setData(CLIP_TYPE, text);
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "copy";
  });
  disposables.on(root, "keydown", (/** @type {KeyboardEvent} */ event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c") event.stopPropagation(); // it is not the notebook's
  });
  disposables.on(
    document,
    "copy",
    (/** @type {ClipboardEvent} */ event) => {
      const { activeElement } = /** @type {Document | ShadowRoot} */ (root.getRootNode());
      if (!activeElement || !root.contains(activeElement) || document.getSelection()?.toString()) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      event.stopPropagation();
      page.set(text, false);
      say();
    },
    true,
  );
  return button;
}
