// Transport bar, from left to right in the order of use: play, tempo and volume, tool, path, undo, grid, menus.
/** @import { Commands, History, Playback, State, Traits } from "../types.js" */

import { el, setText } from "./dom.js";
import { icon } from "./icons.js";
import { createBlendSlider } from "./blendslider.js";
import { createNumberField } from "./numberfield.js";

export const QPM = { min: 20, max: 400 };

/**
 * Tempo of a series of taps.
 * @param {number[]} taps     times [milliseconds]
 * @param {number} [pause]    one that starts a new series [milliseconds]
 * @returns {number | null}   quarter notes per minute, within `QPM`; null before the second tap
 */
export function tapTempo(taps, pause = 2000) {
  let first = taps.length - 1;
  while (first > 0 && taps[first] - taps[first - 1] < pause) first--;
  const series = taps.slice(Math.max(first, taps.length - 5));
  if (series.length < 2) return null;
  const beat = (series[series.length - 1] - series[0]) / (series.length - 1);
  return Math.min(QPM.max, Math.max(QPM.min, Math.round(60000 / beat)));
}

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Playback} options.playback
 * @param {Commands} options.commands
 * @param {History} options.history
 * @param {HTMLElement[]} options.menus
 */
export function createTransport({ state, playback, commands, history, menus }) {
  const playLabel = el("span", { text: "Play" });
  const play = el(
    "button",
    { class: "lp-control lp-play", type: "button", aria: { label: "Play" }, on: { click: () => playback.toggle() } },
    icon("play"),
    icon("stop"),
    playLabel,
  );
  const qpm = createNumberField({
    label: "qpm",
    name: "Tempo in quarter notes per minute",
    ...QPM,
    value: state.get("qpm"),
    onInput: (value) => state.set({ qpm: value }),
  });
  /** @type {number[]} */
  let taps = [];
  const tap = el("button", {
    class: "lp-inline",
    type: "button",
    text: "tap",
    title: "Tap the tempo",
    aria: { label: "Tap tempo" },
  });
  tap.addEventListener("click", (event) => {
    event.preventDefault();
    taps = [...taps.slice(-7), event.timeStamp];
    const tempo = tapTempo(taps);
    if (tempo) state.set({ qpm: tempo });
  });
  qpm.element.append(tap);
  const volume = el("input", { type: "range", min: 0, max: 1, step: 0.01, aria: { label: "Volume" } });
  volume.addEventListener("input", () => state.set({ volume: Number(volume.value) }));
  const loudness = el("label", { class: "lp-field lp-volume" }, icon("volume"), volume);

  /** @type {[Traits["tool"], string, Parameters<typeof icon>[0], string][]} */
  const toolChoices = [
    ["drag", "Drag", "hand", "Drag the puck, or click a cell"],
    ["draw", "Draw", "draw", "Draw a path that then plays itself"],
  ];
  const tools = toolChoices.map(([value, text, picture, title]) => {
    const button = el(
      "button",
      { type: "button", title, aria: { pressed: false }, on: { click: () => state.set({ tool: value }) } },
      icon(picture),
      el("span", { text }),
    );
    return { value, button };
  });
  const tool = el(
    "div",
    { class: "lp-seg", role: "group", aria: { label: "Tool" } },
    ...tools.map(({ button }) => button),
  );

  /**
   * @param {"launch_quantization" | "bars_per_cell" | "path_mode"} trait
   * @param {string} name
   * @param {[value: string | number, text: string][]} options
   */
  const choice = (trait, name, options) => {
    const select = el(
      "select",
      { class: "lp-control", aria: { label: name }, title: name },
      ...options.map(([value, text]) => el("option", { value, text })),
    );
    select.addEventListener("change", () =>
      state.set({ [trait]: trait === "bars_per_cell" ? Number(select.value) : select.value }),
    );
    return { trait, select };
  };
  const quantize = choice("launch_quantization", "When the beat changes", [
    ["step", "change: next step"],
    ["beat", "change: next beat"],
    ["bar", "change: next bar"],
    ["loop", "change: loop’s end"],
  ]);
  const bars = choice("bars_per_cell", "Bars a cell of the path lasts", [
    [1, "1 bar a cell"],
    [2, "2 bars a cell"],
    [4, "4 bars a cell"],
    [8, "8 bars a cell"],
  ]);
  const mode = choice("path_mode", "How the path repeats", [
    ["once", "path once"],
    ["loop", "path loops"],
    ["ping-pong", "path ping-pong"],
  ]);
  const choices = [quantize, bars, mode];

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
      class: "lp-control lp-square",
      type: "button",
      title: "Redo (Ctrl+Shift+Z)",
      aria: { label: "Redo" },
      on: { click: commands.redo },
    },
    icon("redo"),
  );

  const size = createNumberField({
    label: "size",
    name: "Cells along a side",
    min: 3,
    max: 21,
    value: state.get("size"),
    width: 3,
    onInput: (value) => commands.setSize(Math.round(value)),
  });
  const originalsButton = el("button", {
    class: "lp-control lp-toggle",
    type: "button",
    text: "original corners",
    aria: { pressed: true },
    title: "On: the corners are your loops. Off: they are what the model makes of them.",
    on: { click: () => state.set({ use_original_corners: !state.get("use_original_corners") }) },
  });
  const where = state.get("origin") ? "run the cell again" : "open the palette in a notebook";
  const blend = createBlendSlider({ state, commands, where });

  const element = el(
    "div",
    { class: "lp-bar", role: "toolbar", aria: { label: "Palette controls" } },
    play,
    qpm.element,
    loudness,
    tool,
    quantize.select,
    el("span", { class: "lp-pair" }, bars.select, mode.select),
    el("span", { class: "lp-pair" }, undo, redo),
    size.element,
    blend.element,
    originalsButton,
    el("span", { class: "lp-space" }),
    ...menus,
  );

  return {
    element,
    show() {
      const playing = state.get("playing");
      play.classList.toggle("lp-is-playing", playing);
      play.setAttribute("aria-label", playing ? "Stop" : "Play");
      setText(playLabel, playing ? "Stop" : "Play");
      const focused = /** @type {Document | ShadowRoot} */ (element.getRootNode()).activeElement;
      if (focused !== qpm.input) qpm.value = Math.round(state.get("qpm") * 10) / 10;
      size.input.disabled = !state.get("has_kernel");
      size.element.title = size.input.disabled ? `Another size needs Python: ${where}` : "";
      blend.show();
      if (focused !== size.input) size.value = state.get("size");
      volume.value = String(state.get("volume"));
      for (const { value, button } of tools) button.setAttribute("aria-pressed", String(state.get("tool") === value));
      for (const { trait, select } of choices) select.value = String(state.get(trait));
      originalsButton.setAttribute("aria-pressed", String(state.get("use_original_corners")));
      undo.disabled = !history.canUndo;
      redo.disabled = !history.canRedo;
    },
  };
}
