// Tiles of a sampler: each has its number, its star, how much of an attribute it has, and its music. A click plays it.
/** @import { Disposables, SamplerSession } from "../types.js" */
/** @import { PitchRange } from "./draw/contour.js" */

import { createCanvas } from "./canvas.js";
import { el, setText } from "./dom.js";
import { pitchRanges } from "./draw/contour.js";
import { drawDots } from "./draw/field.js";
import { inkOf } from "./draw/ink.js";
import { drawThumbnail } from "./draw/thumbnail.js";
import { icon } from "./icons.js";
import { formatAttribute } from "../state/attributes.js";
import { isInside } from "../state/tiles.js";

const MARGIN = 2; // [pixels of the page]
const FEW = 12; // tiles: so many are all in view in a narrow place

/**
 * How many tiles stand side by side: about as many as below each other, so that the fewest places are left free.
 * @param {number} count
 */
export function tileColumns(count) {
  const side = Math.min(8, Math.max(2, Math.ceil(Math.sqrt(count))));
  const free = (/** @type {number} */ columns) => Math.ceil(count / columns) * columns - count;
  return side < 8 && free(side + 1) < free(side) ? side + 1 : side;
}

/**
 * @param {object} options
 * @param {SamplerSession} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {() => number} options.shade        the attribute that colors them
 */
export function createTileBoard({ session, disposables, isDark, shade }) {
  const { state, tiles, transport, variations } = session;
  /** @type {ReturnType<typeof createTile>[]} */
  let shown = [];
  const element = el("div", { class: "lp-tiles", role: "group", aria: { label: "Tiles" } });

  /** @param {number} index */
  function select(index) {
    variations.clear();
    state.set({ tile: index });
    if (!state.get("playing")) transport.start();
  }

  /** @param {number} index */
  function createTile(index) {
    const number = el("b", { text: String(index + 1) });
    const amount = el("span", { class: "lp-tile-amount" });
    const canvas = createCanvas({
      className: "lp-tile-canvas",
      disposables,
      draw(ctx, { across, down, scale }) {
        const { clip, isWaiting } = tiles.at(index);
        const ink = inkOf(isDark());
        const box = { left: MARGIN * scale, top: 0, across: across - 2 * MARGIN * scale, down };
        if (isWaiting) return drawDots(ctx, box, scale, { ...ink, veil: "transparent" });
        if (!clip) return;
        const look = { streams: state.streams, lanes: state.lanes, ranges: ranges(), scale };
        drawThumbnail(ctx, clip, box, { ...look, main: ink.main, soft: ink.soft });
      },
    });
    const main = el(
      "button",
      { class: "lp-tile-main", type: "button", tabindex: index ? -1 : 0, on: { click: () => select(index) } },
      el("span", { class: "lp-tile-head" }, number, amount),
      canvas.element,
    );
    const star = el("button", {
      class: "lp-mini lp-star",
      type: "button",
      tabindex: -1,
      title: "Star: a roll leaves it",
      aria: { label: `Star tile ${index + 1}`, pressed: false },
      on: { click: () => tiles.toggleStar(index) },
    });
    star.append(icon("star"));
    const tile = el("div", { class: "lp-tile", draggable: "true", data: { tile: index } }, main, star);
    return {
      element: tile,
      main,
      redraw: canvas.redraw,
      show() {
        const { clip, values, label, isStarred, isWaiting } = tiles.at(index);
        const attributes = state.get("attributes");
        const chosen = state.get("tile") === index;
        const own = shade();
        const amountText = values.length ? formatAttribute(attributes[own], values[own]) : "";
        tile.classList.toggle("lp-chosen", chosen);
        tile.classList.toggle("lp-empty", !clip && !isWaiting);
        tile.classList.toggle("lp-outside", !isWaiting && values.length > 0 && !isInside(values, attributes, tiles.ranges));
        tile.style.setProperty("--lp-share", `${Math.round(100 * shareOf(own, values[own]))}%`);
        setText(amount, isWaiting ? "" : clip ? amountText : label ? "not drawn" : "none found");
        tile.classList.toggle("lp-waiting", isWaiting);
        star.setAttribute("aria-pressed", String(isStarred));
        main.setAttribute("aria-label", `Tile ${index + 1}${clip ? `, ${amountText}, ${label}` : isWaiting ? ", on its way" : ", empty"}${isStarred ? ", starred" : ""}`);
        main.setAttribute("aria-pressed", String(chosen));
        main.tabIndex = chosen ? 0 : -1;
        canvas.redraw();
      },
    };
  }

  let rangesOf = { clips: /** @type {unknown} */ (null), ranges: /** @type {PitchRange[]} */ ([]) };
  /** One range of pitches for all tiles: higher is higher everywhere. */
  function ranges() {
    const clips = state.get("clips");
    if (rangesOf.clips !== clips) {
      const all = Array.from({ length: tiles.count }, (_, index) => tiles.at(index).clip);
      rangesOf = { clips, ranges: pitchRanges(all, state.streams.length) };
    }
    return rangesOf.ranges;
  }

  /**
   * Where a value lies among those of all tiles, 0 to 1.
   * @param {number} attribute
   * @param {number | undefined} value
   */
  function shareOf(attribute, value) {
    if (value === undefined) return 0;
    const all = Array.from({ length: tiles.count }, (_, index) => tiles.at(index).values[attribute]).filter((other) => other !== undefined);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return high > low ? (value - low) / (high - low) : 0.5;
  }

  element.addEventListener("keydown", (event) => {
    const index = state.get("tile");
    const columns = shown.filter((tile) => tile.element.offsetTop === shown[0].element.offsetTop).length;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -index, End: tiles.count - 1 - index };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) {
      const next = index + moves[event.key];
      if (next >= 0 && next < tiles.count) {
        variations.clear();
        state.set({ tile: next });
        shown[next].main.focus();
      }
    } else if (event.key.toLowerCase() === "s") tiles.toggleStar(index);
    else if (event.key.toLowerCase() === "r") tiles.rollOne(index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    show() {
      if (shown.length !== tiles.count) {
        shown = Array.from({ length: tiles.count }, (_, index) => createTile(index));
        element.replaceChildren(...shown.map((tile) => tile.element));
        const columns = tileColumns(tiles.count);
        element.classList.toggle("lp-many", tiles.count > FEW);
        element.style.setProperty("--lp-wide", String(columns));
        element.style.setProperty("--lp-lines", String(Math.ceil(tiles.count / columns)));
      }
      shown.forEach((tile) => tile.show());
    },
    redraw: () => shown.forEach((tile) => tile.redraw()),
    /**
     * How much of the loop has passed.
     * @param {number | null} index   of the tile that sounds
     * @param {number} part           0 to 1
     */
    showProgress(index, part) {
      shown.forEach((tile, k) => {
        tile.element.classList.toggle("lp-sounding", k === index);
        if (k === index) tile.element.style.setProperty("--lp-passed", String(part));
      });
    },
  };
}
