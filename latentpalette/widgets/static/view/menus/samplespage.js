// What samples are asked for, in Set up: a style, a density, and so on, of a model whose prior takes them.
/** @import { SetupPage } from "../../types.js" */

import { canAsk } from "../../state/requests.js";
import { el } from "../dom.js";

const MAX_SHOWN = 2; // as many as the row has room for

/** @typedef {Record<string, string | number>} Conditions */
/** @typedef {{ name: string, choices: [value: string | number, text: string][] }} OfferedCondition */

/**
 * Say what is asked for, or the first of it.
 * @param {OfferedCondition[]} offered
 * @param {Conditions} asked
 */
export function describeConditions(offered, asked) {
  const parts = offered.filter(({ name }) => name in asked).map(({ name, choices }) => {
    const value = asked[name];
    const text = choices.find(([own]) => own === value)?.[1] ?? String(value);
    return typeof value === "string" ? text : `${text} ${name}`;
  });
  return (parts.length > MAX_SHOWN ? [...parts.slice(0, MAX_SHOWN), "…"] : parts).join(", ") || "any";
}

/**
 * The page, as a list with one entry; none where there is nothing to choose.
 * @param {object} options
 * @param {{ get(name: string): any }} options.state
 * @param {() => Conditions} [options.get]             those that are asked for
 * @param {(conditions: Conditions) => void} options.set
 * @returns {SetupPage[]}
 */
export function samplesPages({ state, get = () => state.get("conditions"), set }) {
  /** @type {OfferedCondition[]} */
  const offered = state.get("offered_conditions") ?? [];
  if (!offered.length || !canAsk(state, "sample")) return [];
  const rows = offered.map(({ name, choices }) => {
    const other = el("option", { value: "other" });
    const select = el(
      "select",
      { aria: { label: `Samples: ${name}` } },
      el("option", { value: "any", text: "any" }),
      ...choices.map(([, text], index) => el("option", { value: index, text })),
    );
    select.addEventListener("change", () => {
      if (select.value === "other") return;
      const { [name]: _, ...others } = get();
      set(select.value === "any" ? others : { ...others, [name]: choices[Number(select.value)][0] });
    });
    return {
      element: el("label", { class: "lp-item" }, el("span", { text: name[0].toUpperCase() + name.slice(1) }), select),
      show() {
        const value = get()[name];
        const index = choices.findIndex(([own]) => own === value);
        const isOther = value !== undefined && index < 0; // as set in Python
        if (isOther) {
          other.textContent = String(value);
          select.append(other);
        } else other.remove();
        select.value = value === undefined ? "any" : isOther ? "other" : String(index);
      },
    };
  });
  return [
    {
      name: "samples",
      label: "Samples",
      element: el("div", {}, ...rows.map(({ element }) => element)),
      value: () => describeConditions(offered, get()),
      open: () => rows.forEach((row) => row.show()),
    },
  ];
}
