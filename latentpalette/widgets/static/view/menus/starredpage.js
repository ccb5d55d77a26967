// Starred tiles into the corners of a palette of the same page, chosen by its name, in Set up of a sampler.
/** @import { InstrumentState, OnError, SetupPage, Tiles } from "../../types.js" */

import { allInstruments } from "../../state/ensemble.js";
import { clipToJson } from "../../state/clip.js";
import { fittedClip } from "../../state/copiedclip.js";
import { el } from "../dom.js";
import { targetOf } from "../pasting.js";

const CORNERS = 4;
const NONE_STARRED = "Star tiles first: up to four of them go into the corners of a palette, in their order.";
const NO_PALETTE =
  "There is no palette beside this. A page makes none by itself: run lp.Palette(model, [tile.notes for tile in sampler.starred]) with four starred tiles in a cell, or display a palette and come back.";

/**
 * @param {object} options
 * @param {Pick<InstrumentState, "get" | "streams">} options.state
 * @param {Pick<Tiles, "starred" | "at">} options.tiles
 * @param {(text: string) => void} options.onNotice
 * @param {OnError} options.onError
 * @returns {SetupPage}
 */
export function createStarredPage({ state, tiles, onNotice, onError }) {
  const element = el("div", { class: "lp-starred" });
  const starred = () => tiles.starred.flatMap((index) => (tiles.at(index).clip ? [index] : []));
  const palettes = () => allInstruments().flatMap((handle) => (handle.setCorners ? [{ ...handle, setCorners: handle.setCorners }] : []));

  /** @param {ReturnType<typeof palettes>[number]} palette */
  function fill({ state: own, setCorners }) {
    const target = targetOf(own, { steps: own.get("corner_clips")[0].steps });
    const chosen = starred().slice(0, CORNERS);
    const music = chosen.map((index) => {
      const { clip, label } = tiles.at(index);
      const copied = { clip: clipToJson(/** @type {any} */ (clip)), label, qpm: state.get("qpm"), streams: state.streams };
      return { clip: fittedClip(copied, target), label };
    });
    if (music.some(({ clip }) => !clip)) return onError(new Error("This palette has other music: another length, other streams or other drums."));
    onError(null);
    setCorners(music);
    const count = chosen.length === 1 ? "1 starred tile is a corner" : `${chosen.length} starred tiles are corners`;
    onNotice(`${count} of the palette now`);
    open();
  }
  function open() {
    const count = starred().length;
    const found = palettes();
    const text = count ? (found.length ? "Which palette? Its corners become the starred tiles, in their order; its undo brings back what was there." : NO_PALETTE) : NONE_STARRED;
    element.replaceChildren(
      el("p", { class: "lp-note", text }),
      ...(count ? found : []).map((palette, index) =>
        el("button", { class: "lp-item", type: "button", on: { click: () => fill(palette) } }, el("span", { text: nameOf(palette.state, index) })),
      ),
    );
  }
  return {
    name: "starred",
    label: "Starred into a palette",
    element,
    value: () => (starred().length ? `${starred().length} ★` : "none starred"),
    open,
  };
}

/**
 * @param {Pick<InstrumentState, "get">} state
 * @param {number} index
 */
const nameOf = (state, index) => `Palette ${index + 1}: ${state.get("labels").join(", ")}`;
