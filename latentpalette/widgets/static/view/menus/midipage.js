// MIDI out in Set up: the browser is asked when the page opens; instruments are listed, and what is missing is explained.
/** @import { InstrumentSession, OnError, SetupPage } from "../../types.js" */

import { el, setText } from "../dom.js";
import { MIDI_UNSUPPORTED, keptPort } from "../../audio/midiports.js";

/**
 * @param {{ name: string, session: InstrumentSession, onError: OnError }} options   `name`: of the instrument
 * @returns {SetupPage & { show(): void, port(): string, restore(): void }}
 */
export function createMidiPage({ name, session, onError }) {
  let isRestored = false;
  const list = el("div", { role: "radiogroup", aria: { label: "MIDI instruments" } });
  const note = el("p", { class: "lp-note" });
  /** The instrument that plays, or "". */
  const port = () => session.midiOut?.port?.name ?? "";
  /**
   * @param {string | null} id
   * @param {string} text
   */
  const row = (id, text) => {
    const chosen = (session.midiOut?.port?.id ?? null) === id;
    const item = el("button", { class: "lp-item", type: "button", role: "radio", aria: { checked: chosen } });
    item.append(el("span", { text: chosen ? "●" : "○", aria: { hidden: true } }), el("span", { text }));
    item.addEventListener("click", () => session.midiOut?.choose(id));
    return item;
  };
  const show = () => {
    const out = session.midiOut;
    const ports = out?.ports ?? [];
    const rows = ports.map(({ id, name }) => row(id, name ?? id));
    const focused = [...list.children].findIndex((item) => item.matches(":focus"));
    list.replaceChildren(...(rows.length ? [row(null, "Built-in sound"), ...rows] : []));
    /** @type {HTMLElement | undefined} */ (list.children[focused])?.focus();
    setText(note, out?.message ?? "");
    note.hidden = !note.textContent;
  };
  return {
    name: "midi",
    label: "MIDI out",
    element: el("div", {}, list, note),
    value: () => port() || "none",
    open() {
      show();
      if (typeof navigator.requestMIDIAccess !== "function") {
        setText(note, MIDI_UNSUPPORTED);
        note.hidden = false;
        return;
      }
      session.openMidiOut(name)?.ask().then(show, onError); // null before a click; the one that opens this page is one
    },
    show,
    port,
    /** Choose the instrument again that played before the page was reloaded; call it from a click. */
    restore() {
      if (isRestored || session.midiOut) return;
      isRestored = true;
      if (!keptPort("outputs", name)) return;
      void session.openMidiOut(name)?.restore();
    },
  };
}
