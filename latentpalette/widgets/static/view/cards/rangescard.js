// Only show: ranges of attributes, on histograms of what the model makes. Samples are tried until the tiles are full.
/** @import { SamplerSession } from "../../types.js" */
/** @import { Histogram } from "../rangeslider.js" */

import { formatRange } from "../../state/attributes.js";
import { canAsk } from "../../state/requests.js";
import { el, setText } from "../dom.js";
import { createRangeSlider } from "../rangeslider.js";

const COUNT = 20; // bars

/**
 * The histogram of some values.
 * @param {number[]} values
 * @returns {Histogram}
 */
export function histogramOf(values) {
  const [low, most] = [Math.min(...values, 0), Math.max(...values, 1e-6)];
  const counts = new Array(COUNT).fill(0);
  for (const value of values) counts[Math.min(COUNT - 1, Math.floor((COUNT * (value - low)) / (most - low)))] += 1;
  return { low, high: most, counts };
}

/** @param {{ session: SamplerSession }} options */
export function createRangesCard({ session }) {
  const { state, tiles, request, onError, changed } = session;
  const attributes = state.get("attributes");
  /** @type {Histogram[] | null} */
  let histograms = null; // of what the model makes
  let temperature = NaN; // that they are of

  /** Ask for the histograms, if this is shown for the first time, or the temperature is another. */
  async function load() {
    const asked = state.get("temperature");
    if (!canAsk(state, "spread") || asked === temperature) return;
    temperature = asked;
    try {
      const { body } = await request("spread", { temperature: asked });
      if (asked !== temperature) return;
      histograms = body.values.map(histogramOf);
      changed();
    } catch (problem) {
      onError(problem);
    }
  }
  const sliders = attributes.map((/** @type {{ name: string, kind: string }} */ attribute, /** @type {number} */ index) =>
    createRangeSlider({
      name: attribute.name,
      format(range) {
        const { low, high } = shown()[index];
        return formatRange(attribute, [low, high], range);
      },
      onChange(range, isDone) {
        const { [attribute.name]: _, ...others } = tiles.drawing.ranges;
        const ranges = range ? { ...others, [attribute.name]: range } : others;
        tiles.preview(isDone ? null : ranges);
        if (isDone) tiles.ask(ranges);
      },
    }),
  );
  let ofTiles = { values: /** @type {unknown} */ (null), histograms: /** @type {Histogram[]} */ ([]) };
  /** Without Python the histograms are those of the tiles. */
  function shown() {
    if (histograms) return histograms;
    const values = state.get("values");
    if (ofTiles.values !== values) {
      ofTiles = {
        values,
        histograms: attributes.map((/** @type {unknown} */ _, /** @type {number} */ k) =>
          histogramOf(values.flatMap((/** @type {number[]} */ numbers) => (numbers.length ? [numbers[k]] : []))),
        ),
      };
    }
    return ofTiles.histograms;
  }
  const words = el("span", { class: "lp-dim" });
  const all = el("button", { class: "lp-control lp-small", type: "button", text: "Show all", on: { click: () => tiles.ask({}) } });

  return {
    element: el(
      "div",
      { class: "lp-ranges" },
      el("div", { class: "lp-range-grid" }, ...sliders.map((/** @type {{ element: HTMLElement }} */ { element }) => element)),
      el("div", { class: "lp-row lp-nowrap" }, words, el("span", { class: "lp-space" }), all),
    ),
    load,
    show() {
      const { ranges } = tiles.drawing;
      sliders.forEach((/** @type {ReturnType<typeof createRangeSlider>} */ slider, /** @type {number} */ k) =>
        slider.show(shown()[k], ranges[attributes[k].name]),
      );
      const isAsked = Object.keys(ranges).length > 0;
      all.hidden = !isAsked;
      const [found, tried] = [tiles.rolled, state.get("tried")];
      const share = Math.round((100 * found) / Math.max(1, tried));
      const result = `${found} found, ${tried} tried: ${share < 1 && found ? "less than 1" : share} % of what this model makes is like that`;
      const at = histograms ? "what the model makes at this temperature" : "the tiles that there are";
      setText(words, tiles.isRolling ? "rolling …" : isAsked && tried ? result : `Bars: ${at}.`);
    },
  };
}
