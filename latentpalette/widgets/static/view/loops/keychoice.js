// The key: a tonic and a scale. Another tonic transposes all music, another scale moves it by degree.
/** @import { LoopsSession } from "../../types.js" */

import { SCALES, tonicName } from "../../state/pitch.js";
import { el } from "../dom.js";

/** @param {LoopsSession} session */
export function createKeyChoice({ state, actions }) {
  const tonic = el(
    "select",
    { class: "lp-control lp-tonic", title: "Another tonic transposes everything", aria: { label: "Tonic" } },
    ...Array.from({ length: 12 }, (_, value) => el("option", { value, text: tonicName(value) })),
  );
  const scale = el(
    "select",
    { class: "lp-control lp-scale-name", title: "Another scale moves everything by degree", aria: { label: "Scale" } },
    ...Object.keys(SCALES).map((name) => el("option", { value: name, text: name })),
  );
  tonic.addEventListener("change", () => actions.setKey({ tonic: Number(tonic.value) }));
  scale.addEventListener("change", () => actions.setKey({ scale: scale.value }));
  return {
    element: el("div", { class: "lp-joined lp-key-choice", role: "group", aria: { label: "Key" } }, tonic, scale),
    show() {
      tonic.value = String(state.get("tonic"));
      scale.value = state.get("scale");
    },
  };
}
