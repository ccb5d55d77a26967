// More like this: variations on the chosen tile, from its twin to its cousin.
/** @import { Disposables, SamplerSession } from "../../types.js" */

import { createCanvas } from "../canvas.js";
import { cornerWeights, markColor } from "../color.js";
import { el, setText } from "../dom.js";
import { pitchRanges } from "../draw/contour.js";
import { drawThumbnail } from "../draw/thumbnail.js";

const COUNT = 6;

/**
 * @param {object} options
 * @param {SamplerSession} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 */
export function createLikeCard({ session, disposables, isDark }) {
  const { state, variations, transport } = session;
  const amount = el("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.05,
    value: 0.45,
    aria: { label: "How far from the tile, from twin to cousin" },
  });
  const distance = () => Number(amount.value);
  const ask = () => void variations.ask(distance());
  amount.addEventListener("change", () => variations.tile !== null && ask());
  const button = el("button", { class: "lp-control lp-small", type: "button", text: "Ask for six", aria: { label: "Ask for six variations" }, on: { click: ask } });
  const minis = Array.from({ length: COUNT }, (_, index) => {
    const canvas = createCanvas({
      className: "lp-variation-canvas",
      disposables,
      draw(ctx, { across, down, scale }) {
        const clip = variations.clips[index];
        if (!clip) return;
        const color = markColor(cornerWeights(0), isDark());
        const look = { streams: state.streams, lanes: state.lanes, ranges: pitchRanges(variations.clips, state.streams.length), scale };
        drawThumbnail(ctx, clip, { left: 0, top: 0, across, down }, { ...look, main: color, soft: color });
      },
    });
    const element = el(
      "button",
      {
        class: "lp-variation",
        type: "button",
        aria: { label: `Variation ${index + 1}`, pressed: false },
        on: {
          click() {
            variations.select(variations.playing === index ? null : index); // once more: the tile again
            if (!state.get("playing")) transport.start();
          },
        },
      },
      canvas.element,
    );
    return { element, redraw: canvas.redraw };
  });
  const grid = el("div", { class: "lp-variations", role: "group", aria: { label: "Variations" } }, ...minis.map(({ element }) => element));
  const words = el("span", { class: "lp-dim" });
  const keep = el("button", { class: "lp-control lp-small", type: "button", on: { click: () => variations.keep() } });
  const below = el("div", { class: "lp-row lp-nowrap lp-like-below" }, words, el("span", { class: "lp-space" }), keep);

  return {
    element: el(
      "div",
      { class: "lp-like" },
      el(
        "div",
        { class: "lp-row lp-nowrap" },
        button,
        el("span", { class: "lp-dim", text: "twin" }),
        amount,
        el("span", { class: "lp-dim", text: "cousin" }),
      ),
      grid,
      below,
    ),
    show() {
      const { clips, playing, isAsking, tile } = variations;
      button.disabled = isAsking;
      grid.hidden = !clips.length;
      minis.forEach(({ element, redraw }, index) => {
        element.setAttribute("aria-pressed", String(index === playing));
        redraw();
      });
      const changes = Math.round(variations.changes);
      const found = changes ? `about ${changes} notes come or go` : "none differs: go towards cousin";
      const text = clips.length ? found : "Variations of the chosen tile, by the model.";
      setText(words, isAsking ? "asking the model …" : text);
      keep.hidden = playing === null;
      setText(keep, `Put in tile ${(tile ?? 0) + 1}`);
    },
  };
}
