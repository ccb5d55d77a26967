// Card of the loop: a preset, a MIDI file of any length, hats.
/** @import { GrooveSession } from "../../types.js" */

import { createLeftOutList } from "../cards/cornernotes.js";
import { acceptFiles } from "../filedrop.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";

const MAX_MIDI_BYTES = 16 << 20; // as Python accepts them
const HAT_TEMPERATURE = 0.8;

/**
 * @param {object} options
 * @param {GrooveSession} options.session
 * @param {() => string} options.unavailable   why there can be no other loop, or ""
 */
export function createLoopCard({ session, unavailable }) {
  const { state, actions, onError } = session;
  const presets = /** @type {{ name: string, clip: any }[]} */ (state.get("presets"));
  const own = el("option", { value: "" });
  const preset = el("select", { class: "lp-control lp-presets", aria: { label: "Drum loop" } }, own, ...presets.map(({ name }, i) => el("option", { value: i, text: name })));
  preset.addEventListener("change", () => {
    if (preset.value === "") return;
    const { name, clip } = presets[Number(preset.value)];
    void actions.setPreset(clip, name);
  });
  const file = el("input", { type: "file", accept: ".mid,.midi,audio/midi", hidden: true, aria: { label: "MIDI file" } });
  const open = el(
    "button",
    { class: "lp-control lp-square", type: "button", title: "Choose a MIDI file of any length, or drop one here", aria: { label: "Load MIDI" }, on: { click: () => file.click() } },
    icon("file"),
  );
  file.addEventListener("change", () => {
    if (file.files?.length) load([...file.files]);
    file.value = "";
  });
  let seed = 1; // of the hats: each press adds others
  const hats = el(
    "button",
    { class: "lp-control", type: "button", title: "Closed hats by the model, in place of those it has; press again for others", aria: { label: "Add hats" }, on: { click: () => void actions.addHats(HAT_TEMPERATURE, seed++) } },
    icon("dice"),
    el("span", { text: "Add hats" }),
  );
  const leftOut = createLeftOutList("Not shown of this file");

  /** @param {File[]} files   the first is read */
  function load([midi, ...others]) {
    const reason = unavailable();
    if (reason) return onError(new Error(reason));
    if (midi.size > MAX_MIDI_BYTES) return onError(new Error(`${midi.name} is too large for a MIDI file.`));
    void actions.load(midi).then(() => {
      if (others.length) onError(new Error(`${others.length + 1} files at once: ${midi.name} is read.`));
    });
  }
  const element = el(
    "section",
    { class: "lp-card lp-loop-card", aria: { label: "Drum loop" } },
    el("div", { class: "lp-row lp-nowrap lp-sources" }, preset, open, file, hats),
    leftOut.element,
  );
  acceptFiles(element, load);
  return {
    element,
    show() {
      const label = state.get("label");
      const same = presets.findIndex(({ name, clip }) => name === label && JSON.stringify(clip) === JSON.stringify(state.get("written_clip")));
      setText(own, same >= 0 ? "" : label);
      own.hidden = same >= 0;
      preset.value = same >= 0 ? String(same) : "";
      preset.title = label;
      leftOut.show(state.get("left_out"));
      const reason = unavailable();
      for (const control of [preset, open, hats]) {
        control.disabled = Boolean(reason || session.asking());
        if (reason) control.title = reason;
      }
    },
  };
}
