// Clips that are copied, pasted and dragged from one place to another, of this instrument or of another one on this page, on
// another page, or into a program that takes MIDI files.
/** @import { Disposables, InstrumentSession, Spot, SpotAt } from "../types.js" */

import { copiedMidi } from "../files/copiedfile.js";
import { clipToJson } from "../state/clip.js";
import { readCopied } from "../state/copiedclip.js";
import { CLIP_TYPE, copiedText } from "../state/copiedtext.js";
import { createPageClipboard } from "../state/pageclipboard.js";
import { copyText } from "./copytext.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { createActionMenu } from "./menus/actionmenu.js";

const KEY = /Mac|iP/.test(globalThis.navigator?.platform ?? "") ? "⌘" : "Ctrl+";

/**
 * @param {object} options
 * @param {Pick<InstrumentSession, "state" | "onError">} options.session
 * @param {SpotAt} options.spotAt
 * @param {Disposables} options.disposables
 * @param {(text: string) => void} options.onNotice
 */
export function createClipboard({ session: { state, onError }, spotAt, disposables, onNotice }) {
  const page = createPageClipboard();
  /** @type {WeakMap<Element, () => Spot | null>} */
  const grips = new WeakMap();
  let isDone = false; // the last key, by an event of the browser's clipboard

  /** @type {SpotAt} */
  const find = (element, point) => {
    const own = element?.closest(".lp-clip");
    return own && grips.has(own) ? (grips.get(own)?.() ?? null) : spotAt(element, point);
  };

  /**
   * @param {Spot | null} spot
   * @throws {Error}   if there is no clip
   */
  function textOf(spot) {
    const own = spot?.copy?.();
    if (!spot || !own) throw new Error(`There is no clip to copy${spot ? ` in ${spot.name}` : " here"}.`);
    const { clip, label, streams = state.streams } = own;
    return copiedText({ clip: clipToJson(clip), label, streams, qpm: state.get("qpm") });
  }
  /**
   * @param {Spot | null} spot
   * @param {() => string | Promise<string>} read
   */
  async function paste(spot, read) {
    onError(null);
    try {
      if (!spot?.paste) throw new Error(spot ? `A clip cannot be pasted into ${spot.name}.` : "No clip can be pasted here.");
      if ((await spot.paste(readCopied(await read()))) !== false) onNotice(`pasted into ${spot.into ?? spot.name}`);
    } catch (problem) {
      onError(problem);
    }
  }
  /** @param {Spot | null} spot */
  async function copyFrom(spot) {
    onError(null);
    try {
      const text = textOf(spot);
      page.set(text, true);
      if (await copyText(text)) page.set(text, false);
      onNotice(`copied ${spot?.name}${page.isAlone ? ", for this page alone" : ""}`);
    } catch (problem) {
      onError(problem);
    }
  }
  const pasteInto = (/** @type {Spot | null} */ spot) =>
    paste(spot, async () => {
      if (page.isAlone) return page.text;
      try {
        return await navigator.clipboard.readText();
      } catch {
        return page.text; // the browser does not let it be read
      }
    });

  /** @param {HTMLElement} root */
  function attach(root) {
    /** What has the focus in the instrument, unless it is a field, or text is selected: that is the browser's to copy. */
    const focused = () => {
      const { activeElement } = /** @type {Document | ShadowRoot} */ (root.getRootNode());
      if (!activeElement || !root.contains(activeElement) || activeElement.matches("input, textarea")) return null;
      return document.getSelection()?.toString() ? null : activeElement;
    };
    /** @param {ClipboardEvent} event */
    const onClipboard = (event) => {
      isDone = true;
      const element = focused();
      if (!element || !event.clipboardData) return;
      event.preventDefault();
      event.stopPropagation();
      const spot = find(element);
      const { clipboardData } = event;
      if (event.type === "paste") {
        const text = clipboardData.getData("text/plain");
        return void paste(spot, () => (page.isAlone || !text ? page.text : text));
      }
      onError(null);
      try {
        const text = textOf(spot);
        clipboardData.setData("text/plain", text);
        page.set(text, false);
        onNotice(`copied ${spot?.name}`);
      } catch (problem) {
        onError(problem);
      }
    };
    for (const type of ["copy", "paste"]) disposables.on(document, type, onClipboard, true);
    root.addEventListener("dragstart", onDragStart);
    /** @type {Spot | null} */
    let over = null;
    const mark = (/** @type {Spot | null} */ spot) => {
      over?.mark?.(false);
      over = spot;
      over?.mark?.(true);
    };
    const isClip = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes(CLIP_TYPE);
    /** @param {DragEvent} event */
    const spotOf = (event) => {
      const spot = find(/** @type {Element} */ (event.target), event);
      return spot?.paste ? spot : null;
    };
    const onDragOver = (/** @type {DragEvent} */ event) => {
      if (!isClip(event)) return;
      event.stopPropagation(); // what takes files is not asked
      const spot = spotOf(event);
      mark(spot);
      if (spot) event.preventDefault();
    };
    root.addEventListener("dragenter", onDragOver, true);
    root.addEventListener("dragover", onDragOver, true);
    root.addEventListener("dragleave", (event) => {
      if (!root.contains(/** @type {Node | null} */ (event.relatedTarget))) mark(null);
    });
    root.addEventListener(
      "drop",
      (event) => {
        if (!isClip(event)) return;
        event.preventDefault();
        event.stopPropagation();
        const spot = spotOf(event);
        mark(null);
        const text = event.dataTransfer?.getData(CLIP_TYPE) ?? "";
        void paste(spot, () => text);
      },
      true,
    );
  }

  /** @param {DragEvent} event */
  function onDragStart(event) {
    const handle = /** @type {Element} */ (event.target).closest?.("[draggable='true']");
    if (!handle || !event.dataTransfer) return;
    try {
      const text = textOf(find(handle));
      event.dataTransfer.setData(CLIP_TYPE, text);
      event.dataTransfer.effectAllowed = "copy";
      // Chromium makes a file of it where it is dropped outside of the browser.
      const { name, type, bytes } = copiedMidi(readCopied(text));
      const address = URL.createObjectURL(new Blob([bytes], { type }));
      event.dataTransfer.setData("DownloadURL", `${type}:${name.replaceAll(":", " ")}:${address}`);
      handle.addEventListener("dragend", () => setTimeout(() => URL.revokeObjectURL(address), 60_000), { once: true });
    } catch {
      event.preventDefault(); // there is nothing to drag
    }
  }

  return {
    attach,
    /**
     * A button for the clip of a place: to drag, and with a menu to copy and to paste.
     * @param {string} name   of the place in words
     * @param {() => Spot | null} spot
     */
    grip(name, spot) {
      const button = el(
        "button",
        {
          class: "lp-mini lp-clip",
          type: "button",
          draggable: "true",
          title: `Drag it to another place, or copy and paste it (${KEY}C, ${KEY}V)`,
          aria: { label: `Clip of ${name}` },
        },
        icon("copy"),
      );
      grips.set(button, spot);
      const menu = createActionMenu({
        button,
        name: `Clip of ${name}`,
        entries: [
          { label: "Copy", name: "Copy clip", key: `${KEY}C`, run: () => copyFrom(spot()) },
          {
            label: "Paste",
            name: "Paste clip",
            key: `${KEY}V`,
            unavailable: () => (spot()?.paste ? "" : "Paste into a corner, an end, a tile or a place of a song"),
            run: () => pasteInto(spot()),
          },
        ],
        disposables,
        onError,
      });
      return menu.element;
    },
    /**
     * A key that copies or pastes: the browser does it, and the notebook around the instrument must not.
     * @param {KeyboardEvent} event
     * @returns {boolean}   true if it is one
     */
    onKey(event) {
      const key = event.key.toLowerCase();
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || (key !== "c" && key !== "v")) return false;
      event.stopPropagation();
      const element = /** @type {Element} */ (event.target);
      if (element.matches("input, textarea")) return true;
      isDone = false;
      setTimeout(() => {
        if (isDone) return; // some browsers have no such event where nothing is selected
        void (key === "c" ? copyFrom(find(element)) : pasteInto(find(element)));
      });
      return true;
    },
  };
}

/**
 * A place that shows by a dashed outline that a clip would go there.
 * @param {Element} element
 */
export const outlined = (element) => (/** @type {boolean} */ on) => void element.classList.toggle("lp-drop", on);
