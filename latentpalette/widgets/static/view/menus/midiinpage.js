// MIDI in in Set up: the port, learning, and what knobs and pads move.
/** @import { Controller, SetupPage } from "../../types.js" */

import { formatKnob } from "../controller.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";

/**
 * @param {object} options
 * @param {Controller} options.controller
 * @param {string} options.keys           what keys do in this instrument, in a sentence
 * @param {() => void} options.onLearn    called when learning begins
 * @returns {SetupPage & { show(): void }}
 */
export function createMidiInPage({ controller, keys, onLearn }) {
  const { midiIn, bindings } = controller;
  const list = el("div", { role: "radiogroup", aria: { label: "MIDI controllers" } });
  const note = el("p", { class: "lp-note" });
  const value = el("span", { class: "lp-value" });
  const learn = el("button", { class: "lp-item", type: "button", role: "switch", on: { click: start } }, el("span", { text: "Learn" }), value);
  const bound = el("ul", { class: "lp-bound", aria: { label: "What knobs and pads move" } });
  const hint = el("p", { class: "lp-note", text: `A knob moves what has the focus; Learn keeps it there. ${keys}` });

  function start() {
    controller.learn(!controller.isLearning);
    if (controller.isLearning) onLearn();
  }
  /**
   * @param {string | null} id
   * @param {string} text
   */
  const row = (id, text) => {
    const chosen = (midiIn.port?.id ?? null) === id;
    const item = el("button", { class: "lp-item", type: "button", role: "radio", aria: { checked: chosen }, on: { click: () => controller.choose(id) } });
    item.append(el("span", { text: chosen ? "●" : "○", aria: { hidden: true } }), el("span", { text }));
    return item;
  };
  const show = () => {
    const rows = midiIn.ports.map(({ id, name }) => row(id, name));
    const focused = [...list.children].findIndex((item) => item.matches(":focus"));
    list.replaceChildren(...(rows.length ? [row(null, "None"), ...rows] : []));
    /** @type {HTMLElement | undefined} */ (list.children[focused])?.focus();
    setText(note, midiIn.message);
    note.hidden = !note.textContent;
    learn.hidden = hint.hidden = !midiIn.port;
    learn.setAttribute("aria-checked", String(controller.isLearning));
    setText(value, controller.isLearning ? "on" : "off");
    bound.hidden = !midiIn.port || !bindings.list.length;
    bound.replaceChildren(
      ...bindings.list.map(({ knob, control }) => {
        const text = `${formatKnob(knob)}: ${control}`;
        const remove = el("button", { class: "lp-mini", type: "button", title: "Remove", aria: { label: `Remove ${text}` } }, icon("clear"));
        remove.addEventListener("click", () => {
          bindings.remove(knob);
          show();
        });
        return el("li", {}, el("span", { text }), remove);
      }),
    );
  };
  return {
    name: "midi-in",
    label: "MIDI in",
    element: el("div", { class: "lp-midi-page" }, list, note, learn, bound, hint),
    value: () => midiIn.port?.name ?? "none",
    open() {
      show();
      void midiIn.ask();
    },
    show,
  };
}
