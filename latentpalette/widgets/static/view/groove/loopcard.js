// Card of the loop: a preset, a MIDI file of any length, hats.
/** @import { GrooveSession } from "../../types.js" */

import { tooLarge } from "../../state/filerequest.js";
import { createLeftOutList } from "../cards/cornernotes.js";
import { chosenInWords, createTrackSelect } from "../cards/trackselect.js";
import { acceptFiles } from "../filedrop.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";

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
  const tracks = createTrackSelect((track) => {
    if (listed) void actions.load(listed.file, track).then(show);
  });
  const spoken = el("span", { class: "lp-spoken", role: "status" });
  /** @type {ReturnType<typeof session.loaded>} */
  let listed = null; // the file whose tracks are offered

  /** @param {File[]} files   the first is read */
  function load([midi, ...others]) {
    const reason = unavailable();
    if (reason) return onError(new Error(reason));
    if (tooLarge(midi)) return onError(new Error(tooLarge(midi)));
    void actions.load(midi).then(() => {
      if (others.length) onError(new Error(`${others.length + 1} files at once: ${midi.name} is read.`));
    });
  }
  const element = el(
    "section",
    { class: "lp-card lp-loop-card", aria: { label: "Drum loop" } },
    el("div", { class: "lp-row lp-nowrap lp-sources" }, preset, open, file, hats),
    tracks.element,
    spoken,
    leftOut.element,
  );
  acceptFiles(element, load);

  /** Offer the tracks of the file that the loop is from, and say which are its drums. */
  function showTracks() {
    const file = session.loaded();
    if (file && file !== listed) tracks.offer(file.file.name, file.tracks, !file.isRefused);
    if (!file) tracks.element.hidden = true;
    listed = file;
    if (!file) return;
    const track = file.chosen.get(state.get("source_id")) ?? null;
    tracks.show(track);
    const chosen = chosenInWords({ ...file.tracks, track });
    setText(spoken, [file.file.name, ...(chosen ? [chosen] : [])].join(": "));
  }
  function show() {
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
    showTracks();
  }
  return { element, show };
}
