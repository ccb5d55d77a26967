// The bar of an instrument: one row, always in the order of use. Play, tempo, volume, what this instrument does, undo,
// redo, Set up, Keep. Only the fourth differs between instruments.
/** @import { Disposables, InstrumentSession, InstrumentState, Transport } from "../types.js" */

import { el, setText } from "./dom.js";
import { icon } from "./icons.js";
import { createTempo } from "./tempo.js";
import { createVolume } from "./volume.js";

/**
 * @param {object} options
 * @param {InstrumentState} options.state
 * @param {Transport} options.playback
 * @param {InstrumentSession["commands"]} options.commands
 * @param {InstrumentSession["history"]} options.history
 * @param {Disposables} options.disposables
 * @param {(qpm: number) => void} options.setTempo
 * @param {(time: number) => void} options.tap           called with the times of taps
 * @param {(text: string) => void} options.onNotice      called with what a control did other than asked
 * @param {HTMLElement[]} options.middle                 what this instrument does
 * @param {HTMLElement[]} options.menus                  Set up, Keep
 */
export function createBar({ state, playback, commands, history, disposables, setTempo, tap, onNotice, middle, menus }) {
  const playLabel = el("span", { text: "Play" });
  const play = el(
    "button",
    { class: "lp-control lp-play", type: "button", aria: { label: "Play" }, on: { click: () => playback.toggle() } },
    icon("play"),
    icon("stop"),
    playLabel,
  );
  const tempo = createTempo({ state, setTempo, tap, onNotice });
  const volume = createVolume({ state, disposables });
  const undo = el(
    "button",
    {
      class: "lp-control lp-square",
      type: "button",
      title: "Undo (Ctrl+Z)",
      aria: { label: "Undo" },
      on: { click: commands.undo },
    },
    icon("undo"),
  );
  const redo = el(
    "button",
    {
      class: "lp-control lp-square lp-redo",
      type: "button",
      title: "Redo (Ctrl+Shift+Z)",
      aria: { label: "Redo" },
      on: { click: commands.redo },
    },
    icon("redo"),
  );
  const element = el(
    "div",
    { class: "lp-bar", role: "toolbar", aria: { label: "Controls" } },
    play,
    tempo.element,
    ...volume.elements,
    ...middle,
    el("span", { class: "lp-space" }),
    undo,
    redo,
    ...menus,
  );
  return {
    element,
    show() {
      const playing = state.get("playing");
      play.classList.toggle("lp-is-playing", playing);
      play.setAttribute("aria-label", playing ? "Stop" : "Play");
      setText(playLabel, playing ? "Stop" : "Play");
      tempo.show();
      volume.show();
      undo.disabled = !history.canUndo;
      redo.disabled = !history.canRedo;
    },
  };
}
