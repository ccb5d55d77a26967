// Card of the corner that is edited: presets, a random sample, a MIDI file, the step grid.
/** @import { Commands, MidiLoop, OnError, Playback, Request, State } from "../../types.js" */

import { LETTERS, cornerWeights, markColor } from "../color.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createNumberField } from "../numberfield.js";
import { createLeftOutList, createTempoOffer } from "./cornernotes.js";
import { clipFromJson } from "../../state/clip.js";
import { createDrumEditor } from "./drumeditor.js";

const EMPTY = "empty"; // the preset without notes
const MAX_MIDI_BYTES = 16 << 20; // as Python accepts them
const NEEDS_PYTHON =
  "This page has no Python behind it: you hear the corner as you edit it, but new blends need the notebook.";
const NEEDS_CELL = "You hear the corner as you edit it. For new blends, run the cell again: your edits are offered there.";

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Playback} options.playback
 * @param {Commands} options.commands
 * @param {Request} options.request
 * @param {() => boolean} options.isDark
 * @param {(corner: number) => void} options.onSelect
 * @param {OnError} options.onError
 */
export function createCornerCard({ state, playback, commands, request, isDark, onSelect, onError }) {
  const hasKernel = () => state.get("has_kernel");
  const inNotebook = Boolean(state.get("origin"));
  const presets = state.get("presets");
  let corner = 0;

  const tabs = LETTERS.map((letter, k) =>
    el("button", {
      class: "lp-tab",
      type: "button",
      role: "radio",
      text: letter,
      data: { corner: k },
      title: `Edit corner ${letter}`,
      aria: { label: `Edit corner ${letter}`, checked: k === 0 },
      tabindex: k === 0 ? 0 : -1,
      on: { click: () => onSelect(k) },
    }),
  );
  const tabrow = el("div", { class: "lp-tabs", role: "radiogroup", aria: { label: "Corner to edit" } }, ...tabs);
  tabrow.addEventListener("keydown", (event) => {
    /** @type {Record<string, number>} */
    const turns = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: 3, ArrowUp: 3 };
    const turn = turns[event.key];
    if (!turn) return;
    event.preventDefault();
    event.stopPropagation();
    onSelect((corner + turn) % 4);
    tabs[corner].focus();
  });
  const title = el("h4", { class: "lp-title" });
  const name = el("span", { class: "lp-dim lp-corner-name" });

  const own = el("option", { value: "", text: "Preset…" });
  const preset = el(
    "select",
    { class: "lp-control lp-presets", aria: { label: "Preset" } },
    own,
    ...presets.map(({ name: text }, i) => el("option", { value: i, text })),
    el("option", { value: EMPTY, text: "Empty" }),
  );
  preset.addEventListener("change", () => {
    if (preset.value === "") return;
    onError(null);
    if (preset.value === EMPTY) return commands.clear(corner);
    const { name: label, clip } = presets[Number(preset.value)];
    commands.setCorner(corner, clipFromJson(clip), label);
  });

  const temperature = createNumberField({
    label: "T",
    name: "Temperature",
    min: 0.1,
    max: 2,
    step: 0.1,
    value: 0.8,
    width: 3,
  });
  const seed = createNumberField({ label: "#", name: "Seed", min: 0, max: 999999, value: 1, width: 3 });
  const sample = el(
    "button",
    { class: "lp-control", type: "button", title: "A new loop from the model", on: { click: draw } },
    icon("dice"),
    el("span", { text: "Sample" }),
  );
  const file = el("input", {
    type: "file",
    accept: ".mid,.midi,audio/midi",
    hidden: true,
    aria: { label: "MIDI file" },
  });
  const open = el(
    "button",
    {
      class: "lp-control lp-square",
      type: "button",
      title: "Choose a MIDI file, or drop one here",
      aria: { label: "Load MIDI" },
      on: { click: () => file.click() },
    },
    icon("file"),
  );
  file.addEventListener("change", () => {
    if (file.files?.length) load([...file.files], corner);
    file.value = "";
  });
  const fileWindows = el("div", { class: "lp-found", hidden: true });
  const leftOutList = createLeftOutList("Not in this corner");
  const editor = createDrumEditor({ state, playback, commands });
  const hint = el("p", { class: "lp-hint", text: inNotebook ? NEEDS_CELL : NEEDS_PYTHON, hidden: true });
  function disableWithoutKernel() {
    if (hasKernel() || open.disabled) return;
    for (const control of [sample, open, temperature.input, seed.input]) {
      control.disabled = true;
      control.title = inNotebook ? "Needs Python: run the cell again" : "Needs Python: open the palette in a notebook";
    }
  }

  async function draw() {
    const used = seed.value;
    sample.disabled = true;
    playback.playCorner(corner);
    onError(null);
    try {
      await commands.sample(corner, temperature.value, used);
      seed.value = used + 1; // the next press is another loop; the label says which seed this one had
    } catch (problem) {
      onError(problem);
    } finally {
      sample.disabled = !hasKernel();
    }
  }

  /**
   * Read a MIDI file. It holds many loops: show them all, and what was left out and why.
   * @param {File[]} files   the first is read
   * @param {number} into    corner
   */
  async function load(files, into) {
    const [midi] = files;
    if (!hasKernel()) return onError(new Error("Reading a MIDI file needs Python: open the palette in a notebook."));
    if (midi.size > MAX_MIDI_BYTES) return onError(new Error(`${midi.name} is too large for a MIDI file of loops.`));
    onError(null); // the last file's
    onSelect(into);
    setText(name, `reading ${midi.name} …`);
    try {
      const { body } = await request("midi", { name: midi.name.slice(0, 1000) }, [await midi.arrayBuffer()]);
      showWindows(midi.name, into, body);
      if (files.length > 1) onError(new Error(`${files.length} files at once: ${midi.name} is read. Drop one a corner.`));
    } catch (problem) {
      onError(problem);
    }
    show();
  }

  /**
   * @param {string} fileName
   * @param {number} into
   * @param {{ windows: MidiLoop[], left_out: string[] }} body
   */
  function showWindows(fileName, into, { windows, left_out: leftOut }) {
    const tempo = createTempoOffer(state);
    const choose = (/** @type {number} */ i) => {
      commands.setCorner(into, clipFromJson(windows[i].clip), `${fileName} ${windows[i].label}`, windows[i].left_out);
      tempo.offer(windows[i].qpm);
    };
    fileWindows.replaceChildren();
    fileWindows.hidden = false;
    const count = windows.length === 1 ? "1 loop" : `${windows.length} loops`;
    const close = el(
      "button",
      { class: "lp-mini", type: "button", aria: { label: "Close the list of loops" } },
      icon("clear"),
    );
    close.addEventListener("click", () => (fileWindows.hidden = true));
    fileWindows.append(
      el(
        "div",
        { class: "lp-row" },
        el("b", { text: `${fileName}: ${count}` }),
        el("span", { class: "lp-space" }),
        close,
      ),
    );
    if (windows.length) {
      const list = el("div", { class: "lp-windows", role: "group", aria: { label: `Loops of ${fileName}` } });
      windows.forEach((window, i) => {
        const item = el("button", {
          class: "lp-window",
          type: "button",
          text: window.label,
          aria: { pressed: i === 0 },
        });
        item.addEventListener("click", () => {
          for (const other of list.children) other.setAttribute("aria-pressed", String(other === item));
          choose(i);
        });
        list.append(item);
      });
      fileWindows.append(list, tempo.element);
      choose(0);
    } else {
      const reasons = createLeftOutList("Left out");
      reasons.show(leftOut);
      fileWindows.append(reasons.element);
    }
  }

  const element = el(
    "section",
    { class: "lp-card lp-corner", aria: { label: "Corner" } },
    el("div", { class: "lp-row lp-nowrap" }, title, name, el("span", { class: "lp-space" }), tabrow),
    el(
      "div",
      { class: "lp-row lp-sources" },
      preset,
      el("div", { class: "lp-joined" }, sample, temperature.element, seed.element),
      open,
      file,
    ),
    fileWindows,
    leftOutList.element,
    editor.element,
    hint,
  );
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.classList.add("lp-drop");
  });
  element.addEventListener("dragleave", () => element.classList.remove("lp-drop"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    element.classList.remove("lp-drop");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) load(files, corner);
  });

  function show() {
    const label = state.get("labels")[corner];
    const clip = state.get("corner_clips")[corner];
    setText(title, `Corner ${LETTERS[corner]}`);
    setText(name, label);
    name.title = label;
    element.dataset.corner = String(corner);
    tabs.forEach((tab, k) => {
      tab.setAttribute("aria-checked", String(k === corner));
      tab.tabIndex = k === corner ? 0 : -1;
    });
    const same = presets.findIndex((item) => item.name === label && JSON.stringify(item.clip) === JSON.stringify(clip));
    preset.value = same >= 0 ? String(same) : clip.notes.length ? "" : EMPTY;
    leftOutList.show(state.get("left_out")[corner]);
    disableWithoutKernel();
    hint.hidden = hasKernel() || !state.isStale;
    editor.show(corner, markColor(cornerWeights(corner), isDark()));
  }

  return {
    element,
    show,
    load,
    /** @param {number} step   the audible one, or -1 */
    movePlayhead: (step) => editor.movePlayhead(playback.corner === corner ? step : -1),
    get corner() {
      return corner;
    },
    /** @param {number} which */
    select(which) {
      if (which !== corner) fileWindows.hidden = true;
      corner = which;
      show();
    },
  };
}
