// Where the music of a corner or an end comes from: a preset, a random sample of the model, a MIDI file.
/** @import { InstrumentState, OnError, Places } from "../../types.js" */

import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createNumberField } from "../numberfield.js";

const EMPTY = "empty"; // the preset without notes

/**
 * @param {object} options
 * @param {Pick<InstrumentState, "get">} options.state
 * @param {Pick<Places, "json" | "put" | "sample" | "play">} options.places
 * @param {() => number} options.place                  the one whose music it is
 * @param {string} [options.of]                         the place in words, where there are several of these on a page;
 *   then the presets stand apart
 * @param {boolean} [options.showsLabel]                whether the presets say what is there
 * @param {number} [options.firstSeed]
 * @param {() => string} options.unavailable            why the model cannot be asked, or ""
 * @param {(files: File[]) => void} options.onFiles
 * @param {OnError} options.onError
 */
export function createPlaceSources({ state, places, place, of = "", showsLabel = Boolean(of), firstSeed, unavailable, onFiles, onError }) {
  const presets = /** @type {{ name: string, clip: any }[]} */ (state.get("presets"));
  const named = (/** @type {string} */ name) => ({ label: of ? `${name}, ${of}` : name });
  const own = el("option", { value: "", text: "Preset…" });
  const preset = el(
    "select",
    { class: "lp-control lp-presets", aria: named("Preset") },
    own,
    ...presets.map(({ name }, i) => el("option", { value: i, text: name })),
    el("option", { value: EMPTY, text: "Empty" }),
  );
  preset.addEventListener("change", () => {
    if (preset.value === "") return;
    onError(null);
    const { steps } = places.json(place());
    const empty = { name: "Empty", clip: { steps, notes: [] } };
    const { name, clip } = preset.value === EMPTY ? empty : presets[Number(preset.value)];
    places.put(place(), clip, name);
  });

  const temperature = createNumberField({
    label: "T",
    name: named("Temperature").label,
    min: 0.1,
    max: 2,
    step: 0.1,
    value: 0.8,
    width: 3,
  });
  const first = firstSeed ?? state.get("first_seed") ?? 1; // a notebook that was saved by an earlier version has none
  const seed = createNumberField({ label: "#", name: named("Seed").label, min: 0, max: 999999, value: first, width: 3 });
  const sample = el(
    "button",
    { class: "lp-control lp-sample", type: "button", title: "New music from the model", aria: named("Sample"), on: { click: roll } },
    icon("dice"),
    el("span", { text: "Sample" }),
  );
  async function roll() {
    const reason = unavailable();
    if (reason) return onError(new Error(reason));
    const used = seed.value;
    sample.disabled = true;
    places.play(place());
    onError(null);
    try {
      await places.sample(place(), temperature.value, used);
      seed.value = used + 1; // the next press is other music; the label says which seed this one had
    } catch (problem) {
      onError(problem);
    } finally {
      sample.disabled = Boolean(unavailable());
    }
  }

  const file = el("input", { type: "file", accept: ".mid,.midi,audio/midi,.json", hidden: true, aria: named("MIDI file") });
  const open = el(
    "button",
    {
      class: "lp-control lp-square",
      type: "button",
      title: "Choose a MIDI file or a saved state, or drop one here",
      aria: named("Load MIDI"),
      on: { click: () => file.click() },
    },
    icon("file"),
  );
  file.addEventListener("change", () => {
    if (file.files?.length) onFiles([...file.files]);
    file.value = "";
  });

  return {
    /** Ask for a sample, as the button does. */
    roll,
    preset,
    element: el(
      "div",
      { class: "lp-row lp-sources" },
      of ? null : preset,
      el("div", { class: "lp-joined" }, sample, temperature.element, seed.element),
      open,
      file,
    ),
    /** @param {string} text   in the place of what is there, until it is shown again */
    say(text) {
      setText(own, text);
      own.hidden = false;
      preset.value = "";
    },
    show() {
      const label = state.get("labels")[place()];
      const clip = places.json(place());
      const same = presets.findIndex(({ name, clip: own }) => name === label && JSON.stringify(own) === JSON.stringify(clip));
      if (showsLabel) setText(own, label);
      own.hidden = showsLabel && same >= 0;
      preset.value = same >= 0 ? String(same) : clip.notes.length ? "" : EMPTY;
      preset.title = label;
      if (!showsLabel) setText(own, "Preset…");
      const reason = unavailable();
      if (!reason || open.disabled) return;
      for (const control of [sample, open, temperature.input, seed.input]) {
        control.disabled = true;
        control.title = reason;
      }
    },
  };
}
