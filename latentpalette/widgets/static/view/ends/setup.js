// Rows of Set up of an instrument between two ends: how they are blended, and whether they are as written.
/** @import { EndsSession } from "../../types.js" */

import { el } from "../dom.js";
import { switchRow } from "../menus/setuprows.js";

/**
 * How the ends are blended.
 * @param {EndsSession} session
 * @param {() => string} unavailable
 */
export function blendKindRow({ state, commands }, unavailable) {
  const choices = [...(state.get("has_prior") ? PRIOR_BLENDS : []), ["slerp", "spherical"], ["lerp", "straight"]];
  const select = el("select", { aria: { label: "Blend" } }, ...choices.map(([value, text]) => el("option", { value, text })));
  const other = el("option", { value: "other", text: "as set in Python" });
  select.addEventListener("change", () => {
    const value = select.value;
    if (value !== "other") commands.change({ interpolation: Number.isNaN(Number(value)) ? value : Number(value) });
  });
  const element = el("label", { class: "lp-item" }, el("span", { text: "Blend" }), select);
  return {
    element,
    show() {
      const value = String(state.get("interpolation"));
      const isListed = choices.some(([own]) => own === value);
      if (!isListed) select.append(other);
      else other.remove();
      select.value = isListed ? value : "other";
      select.disabled = Boolean(unavailable());
      element.title = unavailable() || "How the ends are blended: along the learned prior, around the middle of latent space, or straight through it";
    },
  };
}

const PRIOR_BLENDS = [["0", "along the prior: musical"], ["0.4", "along the prior"], ["1", "along the prior: smooth"]];

/** @param {EndsSession} session */
export const originalEndsRow = ({ state }) =>
  switchRow({
    state,
    trait: "use_original_ends",
    label: "Ends as written",
    title: "On: the ends are your music. Off: they are what the model makes of it.",
  });
