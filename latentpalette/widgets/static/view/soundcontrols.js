// Controls of a stream's sound: the instrument that plays it, and its volume beside the other streams.
/** @import { InstrumentState, LaneCommands } from "../types.js" */

import { el } from "./dom.js";

/**
 * @template T
 * @param {T[]} list
 * @param {number} index
 * @param {T} value
 */
const replaced = (list, index, value) => list.map((item, i) => (i === index ? value : item));

/**
 * @param {object} options
 * @param {Pick<InstrumentState, "get" | "streams">} options.state
 * @param {LaneCommands} options.commands
 * @param {number} options.stream
 */
export function createSoundControls({ state, commands, stream }) {
  const { name, is_drum: isDrum } = state.streams[stream];
  const select = el("select", { class: "lp-sound", title: `What plays the ${name}`, aria: { label: `Sound of ${name}` } });
  select.addEventListener("change", () => commands.change({ sounds: replaced(state.get("sounds"), stream, select.value) }));
  /** @type {unknown} */
  let offered = null; // what the options were made from

  /** @returns {{ family: string, names: string[] }[]}   those that Python can render; none without it */
  const families = () => (state.get("has_kernel") ? (state.get("sound_choices")?.[isDrum ? "drums" : "pitched"] ?? []) : []);

  /** @param {string} sound */
  function offer(sound) {
    const choices = families();
    const known = choices.some(({ names }) => names.includes(sound));
    if (offered === choices && select.value === sound) return;
    offered = choices;
    select.replaceChildren(
      ...(known ? [] : [el("option", { value: sound, text: sound })]),
      ...choices.map(({ family, names }) =>
        el("optgroup", { label: family }, ...names.map((text) => el("option", { value: text, text }))),
      ),
    );
    select.value = sound;
    select.disabled = !choices.length;
  }

  const volume = el("input", {
    class: "lp-stream-volume",
    type: "range",
    min: 0,
    max: 1,
    step: 0.01,
    title: `Volume of the ${name}, beside the others`,
    aria: { label: `Volume of ${name}` },
  });
  let isFurther = false; // what a drag changes is undone as one
  volume.addEventListener("input", () => {
    commands.change({ volumes: replaced(state.get("volumes"), stream, Number(volume.value)) }, isFurther);
    isFurther = true;
  });
  volume.addEventListener("change", () => (isFurther = false));
  return {
    select,
    volume,
    show() {
      const sound = state.get("sounds")?.[stream] ?? state.streams[stream].instrument;
      offer(sound);
      volume.value = String(state.get("volumes")?.[stream] ?? 1);
      volume.style.setProperty("--lp-share", `${100 * Number(volume.value)}%`);
      volume.setAttribute("aria-valuetext", `${Math.round(100 * Number(volume.value))} %`);
    },
  };
}
