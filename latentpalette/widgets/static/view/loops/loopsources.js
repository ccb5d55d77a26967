// Where a corner's music comes from, if it is not sketched: a preset, a sample of the model, a MIDI file.
/** @import { LoopsSession } from "../../types.js" */

import { createLeftOutList } from "../cards/cornernotes.js";
import { createFoundLoops } from "../cards/foundloops.js";
import { el, setText } from "../dom.js";
import { acceptFiles } from "../filedrop.js";
import { icon } from "../icons.js";
import { createNumberField } from "../numberfield.js";

const MAX_MIDI_BYTES = 16 << 20; // as Python accepts them

/**
 * @param {object} options
 * @param {LoopsSession} options.session
 * @param {() => number} options.corner                          that is edited
 * @param {() => string} options.unavailable                     why Python cannot be asked, or ""
 * @param {() => void} options.onPut                             called when there is other music
 * @param {(file: File) => Promise<void>} options.openState
 */
export function createLoopSources({ session, corner, unavailable, onPut, openState }) {
  const { state, actions, request, onError } = session;
  const presets = state.get("presets");
  const own = el("option", { value: "" });
  const preset = el(
    "select",
    { class: "lp-control lp-small lp-presets", aria: { label: "Preset" } },
    own,
    ...presets.map((/** @type {{ name: string }} */ { name }, /** @type {number} */ at) => el("option", { value: at, text: name })),
  );
  preset.addEventListener("change", () => {
    if (preset.value === "") return;
    onError(null);
    const { name, clip } = presets[Number(preset.value)];
    actions.setCorner(corner(), clip, name);
    onPut();
  });
  const temperature = createNumberField({ label: "T", name: "Temperature", min: 0.1, max: 2, step: 0.1, value: 0.8, width: 3 });
  const seed = createNumberField({ label: "#", name: "Seed", min: 0, max: 999999, value: state.get("first_seed"), width: 3 });
  const sample = el(
    "button",
    { class: "lp-control lp-small lp-sample", type: "button", title: "New music from the model, moved into the scale", aria: { label: "Sample" }, on: { click: roll } },
    icon("dice"),
    el("span", { text: "Sample" }),
  );
  for (const field of [temperature, seed]) field.element.classList.add("lp-small");
  const file = el("input", { type: "file", accept: ".mid,.midi,audio/midi,.json", hidden: true, aria: { label: "MIDI file" } });
  const open = el(
    "button",
    { class: "lp-control lp-small lp-square", type: "button", title: "Choose a MIDI file or a saved state, or drop one here", aria: { label: "Load MIDI" }, on: { click: () => file.click() } },
    icon("file"),
  );
  file.addEventListener("change", () => {
    if (file.files?.length) void load([...file.files]);
    file.value = "";
  });
  const found = createFoundLoops({
    onChoose(loop, fileName) {
      actions.setCorner(corner(), loop.clip, `${fileName} ${loop.label}`, loop.left_out);
      onPut();
    },
  });
  const leftOut = createLeftOutList("Not in this corner");
  const row = el("div", { class: "lp-row lp-nowrap lp-sources" }, preset, el("div", { class: "lp-joined" }, sample, temperature.element, seed.element), open, file);
  const element = el("div", { class: "lp-loop-sources" }, row, found.element, leftOut.element);
  acceptFiles(element, (files) => void load(files));

  async function roll() {
    const reason = unavailable();
    if (reason) return onError(new Error(reason));
    const used = seed.value;
    sample.disabled = true;
    onError(null);
    try {
      await actions.sample(corner(), temperature.value, used);
      onPut();
      seed.value = used + 1; // the next press is other music; the label says which seed this one had
    } catch (problem) {
      onError(problem);
    } finally {
      sample.disabled = Boolean(unavailable());
    }
  }

  /** @param {File[]} files   the first is read */
  async function load([first, ...others]) {
    if (first.name.endsWith(".json")) return openState(first);
    const reason = unavailable();
    if (reason) return onError(new Error(reason));
    if (first.size > MAX_MIDI_BYTES) return onError(new Error(`${first.name} is too large for a MIDI file of loops.`));
    onError(null);
    try {
      const { body } = await request("midi", { name: first.name.slice(0, 1000) }, [await first.arrayBuffer()]);
      found.show(first.name, body);
      if (others.length) onError(new Error(`${others.length + 1} files at once: ${first.name} is read. Drop one at each corner.`));
    } catch (problem) {
      onError(problem);
    }
  }

  return {
    element,
    load,
    roll,
    /** @param {boolean} isCorner   whether a corner is edited */
    show(isCorner) {
      row.hidden = !isCorner;
      if (!isCorner) found.hide();
      const label = state.get("labels")[corner()];
      const clip = JSON.stringify(state.get("corner_clips")[corner()]);
      const same = presets.findIndex((/** @type {any} */ item) => item.name === label && JSON.stringify(item.clip) === clip);
      setText(own, label);
      own.hidden = same >= 0;
      preset.value = same >= 0 ? String(same) : "";
      preset.title = label;
      leftOut.show(isCorner ? state.get("left_out")[corner()] : []);
      const reason = unavailable();
      for (const control of [sample, open, temperature.input, seed.input]) {
        control.disabled = Boolean(reason);
        if (reason) control.title = reason;
      }
    },
  };
}
