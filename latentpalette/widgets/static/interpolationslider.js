// Interpolation slider: one view of a session, put together from the slider, its cards and its status line.
/** @import { Model, Parts, SliderSession, Spot, Surroundings } from "./types.js" */

import { canAsk } from "./state/requests.js";
import { LETTERS } from "./view/color.js";
import { el } from "./view/dom.js";
import { createEndCard } from "./view/ends/endcard.js";
import { createEndSpots } from "./view/ends/endspots.js";
import { blendKindRow, originalEndsRow } from "./view/ends/setup.js";
import { icon } from "./view/icons.js";
import { samplesPages } from "./view/menus/samplespage.js";
import { launchRow } from "./view/menus/setuprows.js";
import { createShell } from "./view/shell.js";
import { createCrossfadeCard } from "./view/slider/crossfadecard.js";
import { createEndTile } from "./view/slider/endtile.js";
import { sliderEntries } from "./view/slider/keepentries.js";
import { createModelCard } from "./view/slider/modelcard.js";
import { createPage } from "./view/slider/page.js";
import { createSliderStatus } from "./view/slider/sliderstatus.js";
import { createTrack } from "./view/slider/track.js";
import { createWayLine } from "./view/slider/wayline.js";
import { formatBetween, formatMix } from "./view/slider/words.js";
import { keepRow } from "./state/rows.js";
import { formatWeight } from "./state/geometry.js";
import { openSlider } from "./state/slidersession.js";

/**
 * @param {{ model: Model }} widget
 * @returns {() => void}   called when the widget is gone
 */
const initialize = ({ model }) => keepRow(model, "tiles");

/**
 * Show a slider.
 * @param {{ model: Model, el: HTMLElement }} widget
 * @returns {() => void}   closes the view
 */
function render({ model, el: host }) {
  const { session, close } = openSlider(model);
  return createShell({ host, name: "Interpolation slider", session, close, shown: SHOWN, build: (around) => buildSlider(session, around) });
}

/**
 * @param {SliderSession} session
 * @param {Surroundings} around
 * @returns {Parts}
 */
function buildSlider(session, { disposables, isDark, mark, clipboard, onNotice }) {
  const { state, actions, transport } = session;
  const where = state.get("origin") ? "run the cell again" : "open the slider in a notebook";
  const unavailable = () => (canAsk(state, "decode") ? "" : `Other ends need Python: ${where}`);
  const page = createPage(session);
  const words = () => (session.audible().plays === "model" ? formatBetween(model.between()) : formatMix(mix.parts()));
  const tiles = [0, 1].map((end) => createEndTile({ session, end, disposables, isDark }));
  const track = createTrack({ session, words, disposables, isDark });
  const line = createWayLine({ session, onNotice });
  const model = createModelCard({ session, page, disposables, isDark, grip: clipboard.grip("what plays", place) });
  const mix = createCrossfadeCard({ session, page, disposables, isDark });
  const ends = [0, 1].map((end) =>
    createEndCard({ session, end, unavailable, grip: clipboard.grip(`end ${LETTERS[end]}`, () => spots.end(end)) }),
  );
  const spots = createEndSpots({
    session,
    cards: () => ends,
    chosen: place,
    lineOf: (element) => (track.element.contains(element) ? track.element : null),
  });
  const status = createSliderStatus({ session, words });
  const ride = () => state.set({ autoplay: !state.get("autoplay") });
  const autoplay = el(
    "button",
    { class: "lp-control lp-toggle", type: "button", title: "The slider moves by itself, to and fro (key t)", aria: { label: "To and fro", pressed: false }, on: { click: ride } },
    icon("toandfro"),
    el("span", { class: "lp-word", text: "to and fro" }),
  );

  /**
   * The place that plays, or is chosen; where it is an end, a clip is pasted into that.
   * @returns {Spot}
   */
  function place() {
    const t = state.get("t");
    const [a, b] = state.get("labels");
    const way = state.get("plays") === "model" ? "" : ", cross-fade";
    return {
      ...(t === 0 || t === 1 ? { paste: spots.end(t).paste, into: `end ${LETTERS[t]}` } : {}),
      name: `the place ${formatWeight(t)}`,
      copy: () => ({ clip: session.chosenClip(), label: `${a} to ${b}, ${formatWeight(t)}${way}` }),
    };
  }

  let last = "";
  function show() {
    autoplay.setAttribute("aria-pressed", String(state.get("autoplay")));
    tiles.forEach((tile) => tile.show());
    track.show();
    line.show();
    model.show();
    mix.show();
    ends.forEach((end) => end.show());
    status.show();
  }
  return {
    middle: [autoplay],
    setup: [
      launchRow({ state, title: "When another place takes over" }),
      blendKindRow(session, unavailable),
      originalEndsRow(session),
      ...samplesPages({ state, set: (conditions) => state.set({ conditions }) }),
    ],
    keep: sliderEntries(session),
    help: HELP,
    body: [
      el("div", { class: "lp-way-row" }, tiles[0].element, track.element, tiles[1].element),
      line.element,
      el("div", { class: "lp-compared" }, model.element, mix.element),
      el("div", { class: "lp-side lp-ends" }, ...ends.map(({ element }) => element)),
      status.element,
    ],
    show,
    tick() {
      track.move();
      const position = transport.position();
      const step = position ? Math.floor(position.phase) : -1;
      if (page.turnTo(step)) mark();
      model.movePlayhead(step);
      mix.movePlayhead(step);
      const { plays, t } = session.audible();
      if (`${plays} ${t}` === last) return;
      last = `${plays} ${t}`;
      mark(); // what was asked for sounds
    },
    spotAt: spots.at,
    repaint() {
      track.repaint();
      tiles.forEach((tile) => tile.repaint());
    },
    showNotice: status.showNotice,
    clearNotice: status.clearNotice,
    onKey(event) {
      const target = /** @type {Element} */ (event.target);
      if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input, select, textarea")) return false;
      const key = event.key.toLowerCase();
      const digit = Number(event.key);
      if (track.onKey(event)) return true;
      if (digit >= 1 && digit <= 9) actions.moveTo(session.steps()[digit - 1] ?? state.get("t"));
      else if (key === "x") actions.swap();
      else if (key === "t") ride();
      else if (key === "a") void ends[0].roll();
      else if (key === "b") void ends[1].roll();
      else return false;
      return true;
    },
  };
}

const SHOWN = [
  "end_clips", "labels", "left_out", "interpolation", "use_original_ends", "t", "n", "snap", "even_steps", "plays", "autoplay", "autoplay_bars",
];

const HELP = [
  ["Drag", "the slider: what the model makes of the place takes over in time. ← → move it by a step, Shift ← → a little."],
  ["X", "swaps what sounds: the model, or the cross-fade of the two pieces. They are in phase."],
  ["T", "the slider moves by itself, to and fro."],
  ["A, B", "sample another end."],
  ["Colors", "ink stays of A, filled with a plus has come from B, an outline with a plus is in neither, dashed has gone."],
  ["Bars", "below the slider: where the music changes. A high one is a cliff, a gap a plateau."],
];

export default { initialize, render };
