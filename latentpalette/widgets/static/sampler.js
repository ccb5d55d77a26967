// Sampler: one view of a session, put together from tiles, cards and status line.
/** @import { Model, Parts, SamplerSession, Surroundings } from "./types.js" */

import { createLikeCard } from "./view/cards/likecard.js";
import { createRangesCard } from "./view/cards/rangescard.js";
import { createTileCard } from "./view/cards/tilecard.js";
import { el } from "./view/dom.js";
import { samplerSetup } from "./view/menus/samplersetup.js";
import { tileEntries } from "./view/menus/tileentries.js";
import { createRollControls } from "./view/rollcontrols.js";
import { createSamplerStatus } from "./view/samplerstatus.js";
import { createSegments } from "./view/segments.js";
import { createShell } from "./view/shell.js";
import { createTileBoard } from "./view/tileboard.js";
import { createTileSpots } from "./view/tilespots.js";
import { keepInNotebook } from "./state/notebook.js";
import { openSampler } from "./state/samplersession.js";
import { shareModel } from "./state/sharing.js";

/**
 * @param {{ model: Model }} widget
 * @returns {() => void}   called when the widget is gone
 */
function initialize({ model }) {
  const unshare = shareModel(model);
  keepInNotebook(model);
  return unshare;
}

/**
 * Show a sampler.
 * @param {{ model: Model, el: HTMLElement }} widget
 * @returns {() => void}   closes the view
 */
function render({ model, el: host }) {
  const { session, close } = openSampler(model);
  return createShell({ host, name: "Sampler", session, close, shown: SHOWN, build: (around) => buildSampler(session, around) });
}

/**
 * @param {SamplerSession} session
 * @param {Surroundings} around
 * @returns {Parts}
 */
function buildSampler(session, { disposables, isDark, clipboard, onNotice, mark }) {
  const { state, transport } = session;
  const music = {
    get: state.get,
    set: state.set,
    streams: state.streams,
    lanes: state.lanes,
    steps: state.table("clips").entries.find(({ steps }) => steps)?.steps ?? 32,
  };
  let shade = 0;
  const board = createTileBoard({ session, disposables, isDark, shade: () => shade });
  const spots = createTileSpots({ session, steps: music.steps });
  const card = createTileCard({ session, state: music, disposables, isDark, grip: clipboard.grip("the tile", spots.chosen) });
  const like = createLikeCard({ session, disposables, isDark });
  const ranges = createRangesCard({ session });
  /** @type {"like" | "ranges"} */
  let page = Object.keys(state.get("ranges")).length ? "ranges" : "like";
  const pages = createSegments({
    label: "More like this, or only some",
    choices: /** @type {["like" | "ranges", string][]} */ ([["like", "More like this"], ["ranges", "Only show"]]),
    onChoose(next) {
      page = next;
      mark();
    },
  });
  const status = createSamplerStatus(session);
  const roll = createRollControls({ session, onNotice });
  const shades = el(
    "select",
    { aria: { label: "Color the tiles by" } },
    ...state.get("attributes").map((/** @type {{ name: string }} */ { name }, /** @type {number} */ index) => el("option", { value: index, text: name })),
  );
  shades.addEventListener("change", () => {
    shade = Number(shades.value);
    mark();
  });
  let lastStep = NaN;

  return {
    middle: [roll.element],
    setup: samplerSetup({ session, narrow: roll.rows, onNotice }),
    keep: tileEntries(session),
    chords: { get: () => session.tiles.drawing.chords, set: (chords) => session.tiles.redraw({ chords }) },
    help: HELP,
    body: [
      el(
        "div",
        { class: "lp-tile-area" },
        board.element,
        el(
          "div",
          { class: "lp-shades lp-dim" },
          el("span", { text: "paler" }),
          el("i", { class: "lp-shade-scale", aria: { hidden: true } }),
          el("span", { text: "stronger: more" }),
          el("label", { class: "lp-field lp-small" }, shades),
        ),
      ),
      el("div", { class: "lp-beside" }, card.element, el("section", { class: "lp-card lp-more" }, pages.element, like.element, ranges.element)),
      status.element,
    ],
    show() {
      roll.show();
      board.show();
      card.show();
      pages.show(page);
      like.element.hidden = page !== "like";
      ranges.element.hidden = page !== "ranges";
      if (page === "ranges") void ranges.load();
      like.show();
      ranges.show();
      status.show();
    },
    tick() {
      const position = transport.position();
      const step = position ? Math.floor(position.phase) : -1;
      if (step === lastStep) return;
      lastStep = step;
      card.movePlayhead(step);
      const [kind, index] = String(position?.key ?? "").split(" ");
      board.showProgress(kind === "tile" ? Number(index) : null, (step + 1) / music.steps);
    },
    spotAt: spots.at,
    repaint: () => board.redraw(),
    showNotice: status.showNotice,
    clearNotice: status.clearNotice,
  };
}

const SHOWN = ["clips", "labels", "values", "stars", "tile", "temperature", "seed", "best_of", "conditions", "ranges", "tried"];

const HELP = [
  ["Click", "a tile, or go there with the arrow keys: it plays, in time."],
  ["Star", "what you like (S): a roll leaves it. Keep takes the starred ones away."],
  ["Re-roll", "all tiles without a star, with the next seed; R rolls the chosen tile alone."],
  ["T, seed", "low temperatures are careful, high ones wild. The same seed gives the same tiles, in Python as well."],
  ["Only show", "tiles whose hits, syncopation ... lie in ranges: samples are tried until the tiles are full."],
  ["More like this", "variations of the chosen tile, from twin to cousin."],
];

export default { initialize, render };
