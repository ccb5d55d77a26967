// Menu of MIDI out: the browser is asked when it opens; instruments are listed, and what is missing is explained.
/** @import { Disposables, OnError, Session } from "../../types.js" */

import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createMenu } from "./menu.js";
import { MIDI_UNSUPPORTED } from "../../audio/midiout.js";

/** @param {{ session: Session, disposables: Disposables, onError: OnError }} options */
export function createMidiMenu({ session, disposables, onError }) {
  const button = el(
    "button",
    { class: "lp-control", type: "button", title: "Play an instrument over MIDI", aria: { label: "MIDI out" } },
    icon("midi"),
    el("span", { text: "MIDI out" }),
    icon("down"),
  );
  const list = el("div", { role: "group", aria: { label: "MIDI instruments" } });
  const note = el("p", { class: "lp-note" });

  /**
   * @param {string | null} id
   * @param {string} text
   */
  const row = (id, text) => {
    const chosen = (session.midiOut?.port?.id ?? null) === id;
    const item = el("button", { class: "lp-item", type: "button", role: "menuitemradio", aria: { checked: chosen } });
    item.append(el("span", { text: chosen ? "●" : "○", aria: { hidden: true } }), el("span", { text }));
    item.addEventListener("click", () => {
      session.midiOut?.choose(id);
      menu.close(true);
    });
    return item;
  };
  const show = () => {
    const out = session.midiOut;
    const ports = out?.ports ?? [];
    const rows = ports.map(({ id, name }) => row(id, name));
    list.replaceChildren(...(rows.length ? [row(null, "Built-in drums"), ...rows] : []));
    setText(note, out?.message ?? "");
    note.hidden = !note.textContent;
    button.classList.toggle("lp-active", Boolean(out?.port));
  };
  const menu = createMenu({
    disposables,
    button,
    panel: el("div", { role: "menu", aria: { label: "MIDI out" } }, list, note),
    onOpen() {
      if (typeof navigator.requestMIDIAccess !== "function") {
        setText(note, MIDI_UNSUPPORTED);
        return;
      }
      session.openMidiOut()?.ask().then(show, onError); // null before a click; the one that opens this menu is one
    },
  });
  disposables.add(session.on("midi", show));
  show();
  return menu.element;
}
