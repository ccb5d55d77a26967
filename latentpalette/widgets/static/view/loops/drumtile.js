// The drums under a place of the song: a preset, a sample of the drum model, those of the place before, or none.
/** @import { Disposables, LoopsSession } from "../../types.js" */
/** @import { Place } from "../../state/song.js" */
/** @import { LoopDrawing } from "./loopdrawing.js" */

import { canAsk } from "../../state/requests.js";
import { createCanvas } from "../canvas.js";
import { el } from "../dom.js";

const [NONE, SAME, SAMPLE, OWN] = ["none", "same", "sample", "own"];

/**
 * @param {object} options
 * @param {LoopsSession} options.session
 * @param {Disposables} options.disposables
 * @param {LoopDrawing} options.drawing
 * @param {number} options.index   of the place
 */
export function createDrumTile({ session, disposables, drawing, index }) {
  const { state, actions, onError } = session;
  /** @type {Place | null} */
  let place = null;
  /** @type {Place["drums"]} */
  let before = null;
  let seed = 1 + 10 * index;
  const canvas = createCanvas({
    className: "lp-loop-canvas",
    disposables,
    draw(ctx, { across, down, scale }) {
      if (!place?.drums) return;
      const margin = 5 * scale;
      drawing.drawDrums(ctx, session.clipOf(place.drums.clip), { left: margin, top: margin, across: across - 2 * margin, down: down - 2 * margin }, scale);
    },
  });
  const presets = state.get("drum_presets");
  const own = el("option", { value: OWN, hidden: true });
  const same = el("option", { value: SAME, text: "as in the place before" });
  const sample = el("option", { value: SAMPLE, text: "Sample" });
  const select = el(
    "select",
    { class: "lp-drum-choice", aria: { label: `Drums of place ${index + 1}` } },
    own,
    el("option", { value: NONE, text: "no drums" }),
    same,
    sample,
    el("optgroup", { label: "Presets" }, ...presets.map((/** @type {any} */ { name }, /** @type {number} */ at) => el("option", { value: at, text: name }))),
  );
  const plus = el("span", { class: "lp-drum-plus", text: "+", aria: { hidden: true } });
  select.addEventListener("change", async () => {
    const { value } = select;
    onError(null);
    try {
      if (value === SAMPLE) await actions.sampleDrums(index, 0.8, seed++);
      else if (value === NONE) actions.changePlace(index, { drums: null });
      else if (value === SAME) actions.changePlace(index, { drums: before });
      else if (value !== OWN) {
        const { name, clip } = presets[Number(value)];
        actions.changePlace(index, { drums: { clip, label: name } });
      }
    } catch (problem) {
      onError(problem);
    }
  });
  const element = el("div", { class: "lp-drums" }, canvas.element, plus, select);
  return {
    element,
    redraw: canvas.redraw,
    /**
     * @param {Place | null} shown
     * @param {Place["drums"]} previous
     */
    show(shown, previous) {
      [place, before] = [shown, previous];
      const label = place?.drums?.label ?? "";
      own.textContent = label;
      select.value = place?.drums ? OWN : NONE;
      select.disabled = !place;
      select.title = label;
      same.hidden = !before;
      sample.disabled = !canAsk(state, "drums");
      plus.hidden = !place || Boolean(place.drums);
      element.classList.toggle("lp-empty", !place?.drums);
      canvas.redraw();
    },
  };
}
