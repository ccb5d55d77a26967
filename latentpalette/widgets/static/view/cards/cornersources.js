// Where a corner's music comes from: a preset, a random sample of the model, a MIDI file.
/** @import { Commands, OnError, Playback, State } from "../../types.js" */

import { clipFromJson } from "../../state/clip.js";
import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createNumberField } from "../numberfield.js";

const EMPTY = "empty"; // the preset without notes

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Playback} options.playback
 * @param {Commands} options.commands
 * @param {() => number} options.corner                 the one that is edited
 * @param {(files: File[]) => void} options.onFiles
 * @param {OnError} options.onError
 */
export function createCornerSources({ state, playback, commands, corner, onFiles, onError }) {
  const presets = state.get("presets");
  const preset = el(
    "select",
    { class: "lp-control lp-presets", aria: { label: "Preset" } },
    el("option", { value: "", text: "Preset…" }),
    ...presets.map(({ name }, i) => el("option", { value: i, text: name })),
    el("option", { value: EMPTY, text: "Empty" }),
  );
  preset.addEventListener("change", () => {
    if (preset.value === "") return;
    onError(null);
    if (preset.value === EMPTY) return commands.clear(corner());
    const { name, clip } = presets[Number(preset.value)];
    commands.setCorner(corner(), clipFromJson(clip), name);
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
  const first = state.get("first_seed") ?? 1; // a notebook that was saved by an earlier version has none
  const seed = createNumberField({ label: "#", name: "Seed", min: 0, max: 999999, value: first, width: 3 });
  const sample = el(
    "button",
    { class: "lp-control lp-sample", type: "button", title: "New music from the model", aria: { label: "Sample" } },
    icon("dice"),
    el("span", { text: "Sample" }),
  );
  sample.addEventListener("click", async () => {
    const used = seed.value;
    sample.disabled = true;
    playback.playCorner(corner());
    onError(null);
    try {
      await commands.sample(corner(), temperature.value, used);
      seed.value = used + 1; // the next press is other music; the label says which seed this one had
    } catch (problem) {
      onError(problem);
    } finally {
      sample.disabled = !state.get("has_kernel");
    }
  });

  const file = el("input", { type: "file", accept: ".mid,.midi,audio/midi,.json", hidden: true, aria: { label: "MIDI file" } });
  const open = el(
    "button",
    {
      class: "lp-control lp-square",
      type: "button",
      title: "Choose a MIDI file or a saved state, or drop one here",
      aria: { label: "Load MIDI" },
      on: { click: () => file.click() },
    },
    icon("file"),
  );
  file.addEventListener("change", () => {
    if (file.files?.length) onFiles([...file.files]);
    file.value = "";
  });

  const needsPython = `Needs Python: ${state.get("origin") ? "run the cell again" : "open the palette in a notebook"}`;
  return {
    element: el(
      "div",
      { class: "lp-row lp-sources" },
      preset,
      el("div", { class: "lp-joined" }, sample, temperature.element, seed.element),
      open,
      file,
    ),
    show() {
      const label = state.get("labels")[corner()];
      const clip = state.get("corner_clips")[corner()];
      const same = presets.findIndex(({ name, clip: own }) => name === label && JSON.stringify(own) === JSON.stringify(clip));
      preset.value = same >= 0 ? String(same) : clip.notes.length ? "" : EMPTY;
      if (state.get("has_kernel") || open.disabled) return;
      for (const control of [sample, open, temperature.input, seed.input]) {
        control.disabled = true;
        control.title = needsPython;
      }
    },
  };
}
