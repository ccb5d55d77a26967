// Card of an end: a preset, a sample of the model, a MIDI file.
/** @import { EndsSession } from "../../types.js" */

import { createLeftOutList } from "../cards/cornernotes.js";
import { createFoundLoops } from "../cards/foundloops.js";
import { LETTERS } from "../color.js";
import { acceptFiles } from "../filedrop.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createNumberField } from "../numberfield.js";

const MAX_MIDI_BYTES = 16 << 20; // as Python accepts them

/**
 * @param {object} options
 * @param {EndsSession} options.session
 * @param {number} options.end                  0 or 1
 * @param {() => string} options.unavailable    why there can be no other end, or ""
 * @param {() => void} options.onPut            called when other music was put there, to play it
 */
export function createEndCard({ session, end, unavailable, onPut }) {
  const { state, ends, request, onError } = session;
  const letter = LETTERS[end];
  const presets = state.get("presets");
  const own = el("option", { value: "" }); // what is there, where that is no preset
  const preset = el(
    "select",
    { class: "lp-control lp-presets", aria: { label: `Music of end ${letter}` } },
    own,
    ...presets.map((/** @type {{ name: string }} */ { name: text }, /** @type {number} */ i) => el("option", { value: i, text })),
  );
  preset.addEventListener("change", () => {
    if (preset.value === "") return;
    onError(null);
    const { name: label, clip } = presets[Number(preset.value)];
    put(() => ends.set(end, clip, label));
  });
  const temperature = createNumberField({ label: "T", name: `Temperature of end ${letter}`, min: 0.1, max: 2, step: 0.1, value: 0.8, width: 3 });
  const seed = createNumberField({ label: "#", name: `Seed of end ${letter}`, min: 0, max: 999999, value: 1 + 100 * end, width: 3 });
  const sample = el(
    "button",
    { class: "lp-control", type: "button", title: `A new end from the model (key ${letter.toLowerCase()})`, aria: { label: `Sample end ${letter}` }, on: { click: roll } },
    icon("dice"),
    el("span", { text: "Sample" }),
  );
  const file = el("input", { type: "file", accept: ".mid,.midi,audio/midi", hidden: true, aria: { label: `MIDI file of end ${letter}` } });
  const open = el(
    "button",
    { class: "lp-control lp-square", type: "button", title: "Choose a MIDI file, or drop one here", aria: { label: `Load MIDI at end ${letter}` }, on: { click: () => file.click() } },
    icon("file"),
  );
  file.addEventListener("change", () => {
    if (file.files?.length) load([...file.files]);
    file.value = "";
  });
  const found = createFoundLoops({
    onChoose: (loop, fileName) => put(() => ends.set(end, loop.clip, `${fileName} ${loop.label}`, loop.left_out)),
  });
  const leftOut = createLeftOutList(`Not in end ${letter}`);

  /** @param {() => void} change */
  function put(change) {
    change();
    onPut();
  }

  async function roll() {
    const reason = unavailable();
    if (reason) return onError(new Error(reason));
    const used = seed.value;
    sample.disabled = true;
    onError(null);
    try {
      await ends.sample(end, temperature.value, used);
      onPut();
      seed.value = used + 1; // the next press is another one; the label says which seed this one had
    } catch (problem) {
      onError(problem);
    } finally {
      sample.disabled = Boolean(unavailable());
    }
  }

  /** @param {File[]} files   the first is read */
  async function load([midi, ...others]) {
    const reason = unavailable();
    if (reason) return onError(new Error(reason));
    if (midi.size > MAX_MIDI_BYTES) return onError(new Error(`${midi.name} is too large for a MIDI file of loops.`));
    onError(null); // the last file's
    setText(own, `reading ${midi.name} …`);
    preset.value = "";
    try {
      const { body } = await request("midi", { name: midi.name.slice(0, 1000) }, [await midi.arrayBuffer()]);
      found.show(midi.name, body);
      if (others.length) onError(new Error(`${others.length + 1} files at once: ${midi.name} is read. Drop one at each end.`));
    } catch (problem) {
      onError(problem);
    }
    show();
  }

  const element = el(
    "section",
    { class: "lp-card lp-end", data: { corner: end }, aria: { label: `End ${letter}` } },
    el("div", { class: "lp-row lp-nowrap" }, el("i", { class: "lp-swatch", text: letter, aria: { hidden: true } }), el("h4", { class: "lp-title", text: `End ${letter}` }), preset),
    el("div", { class: "lp-row lp-sources" }, el("div", { class: "lp-joined" }, sample, temperature.element, seed.element), open, file),
    found.element,
    leftOut.element,
  );
  acceptFiles(element, load);

  function show() {
    const label = state.get("labels")[end];
    const clip = JSON.stringify(state.get("end_clips")[end]);
    preset.title = label;
    const same = presets.findIndex((/** @type {any} */ item) => item.name === label && JSON.stringify(item.clip) === clip);
    setText(own, same >= 0 ? "" : label);
    own.hidden = same >= 0;
    preset.value = same >= 0 ? String(same) : "";
    leftOut.show(state.get("left_out")[end]);
    const reason = unavailable();
    for (const control of [preset, sample, open, temperature.input, seed.input]) {
      control.disabled = Boolean(reason);
      if (reason) control.title = reason;
    }
  }
  return { element, show, roll };
}
