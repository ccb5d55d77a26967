// Latent sliders: one view of a session, put together from the sliders, the radar, the cards and the status line.
/** @import { LatentSession, Model, Parts, Spot, Surroundings } from "./types.js" */

import { canAsk } from "./state/requests.js";
import { el } from "./view/dom.js";
import { createMusicCard } from "./view/latent/musiccard.js";
import { createPlayingCard } from "./view/latent/playingcard.js";
import { createRadar } from "./view/latent/radar.js";
import { createSlidersCard } from "./view/latent/sliderscard.js";
import { createLatentStatus } from "./view/latent/status.js";
import { latentEntries } from "./view/latent/keepentries.js";
import { formatDifference } from "./view/latent/words.js";
import { samplesPages } from "./view/menus/samplespage.js";
import { launchRow, numberRow } from "./view/menus/setuprows.js";
import { outlined } from "./view/clipboard.js";
import { pasteClip } from "./view/pasting.js";
import { createShell } from "./view/shell.js";
import { createTraitSwitch, letterSign } from "./view/traitswitch.js";
import { keepPlace, openLatentSliders } from "./state/latentsession.js";

/**
 * @param {{ model: Model }} widget
 * @returns {() => void}   called when the widget is gone
 */
const initialize = ({ model }) => keepPlace(model);

/**
 * Show latent sliders.
 * @param {{ model: Model, el: HTMLElement }} widget
 * @returns {() => void}   closes the view
 */
function render({ model, el: host }) {
  const { session, close } = openLatentSliders(model);
  return createShell({ host, name: "Latent sliders", session, close, shown: SHOWN, build: (around) => buildSliders(session, around) });
}

/**
 * @param {LatentSession} session
 * @param {Surroundings} around
 * @returns {Parts}
 */
function buildSliders(session, { disposables, isDark, mark, clipboard, onNotice }) {
  const { state, actions, transport, places } = session;
  const where = state.get("origin") ? "run the cell again, or " : "";
  const needs = (/** @type {string} */ parts) => `${where}write the page with ${parts}`;
  const noMoves = () => (canAsk(state, "place") ? "" : `What was saved plays. To move the sliders, ${needs('model="decoder"')}.`);
  const noMusic = () => (canAsk(state, "encode") ? "" : `Other music needs the whole model: ${needs('model="full"')}.`);
  let focused = -1;
  /** @param {number} index */
  const onFocus = (index) => {
    focused = index;
    mark();
  };
  const sliders = createSlidersCard({ session, unavailable: noMoves, onFocus });
  const radar = createRadar({ session, focused: () => focused, onFocus, disposables, isDark });
  const playing = createPlayingCard({ session, disposables, isDark, grip: clipboard.grip("what plays", spot) });
  const music = createMusicCard({ session, unavailable: noMusic, grip: clipboard.grip("the music", musicSpot) });
  const words = () => formatDifference(playing.difference());
  const status = createLatentStatus({ session, words });
  const plays = createTraitSwitch({
    state,
    trait: "plays",
    label: "What plays",
    choices: [
      { value: "music", text: "before", sign: letterSign("A"), name: "A, as it was", title: "The music as it was (key c changes)" },
      { value: "moved", text: "after", sign: letterSign("B"), name: "B, moved", title: "As the sliders stand (key c changes)" },
    ],
  });

  /** @returns {Spot} */
  function musicSpot() {
    return {
      name: "the music",
      copy: () => ({ clip: session.music(), label: state.get("labels")[0] }),
      paste(copied) {
        const reason = noMusic();
        if (reason) throw new Error(reason);
        return pasteClip(copied, {
          state,
          steps: session.music().steps,
          put: (clip, label) => places.put(0, clip, label),
          load: (file) => music.read([file]),
        });
      },
      mark: outlined(music.element),
    };
  }
  /** What plays; other music is pasted in the place of A. @returns {Spot} */
  function spot() {
    const isMusic = state.get("plays") === "music";
    if (isMusic) return musicSpot();
    return { ...musicSpot(), name: "what plays", copy: () => ({ clip: session.moved(), label: `${state.get("labels")[0]}, moved` }), into: "the music" };
  }

  function show() {
    plays.show();
    sliders.show();
    radar.show();
    playing.show();
    music.show();
    status.show();
  }
  return {
    middle: [plays.element],
    setup: [
      launchRow({ state, title: "When a change takes over" }),
      numberRow({
        label: "Sliders",
        name: "Number of sliders",
        min: 1,
        max: session.mostSliders(),
        get: () => state.get("values").length,
        set: actions.setCount,
        unavailable: noMoves,
        onNotice,
      }),
      directionsRow(session),
      ...samplesPages({ state, set: (conditions) => state.set({ conditions }) }),
    ],
    keep: latentEntries(session),
    help: HELP,
    body: [
      sliders.element,
      el("div", { class: "lp-beside" }, music.element, el("section", { class: "lp-card lp-radar-card", aria: { label: "Where the music lies" } }, radar.element)),
      playing.element,
      status.element,
    ],
    show,
    tick() {
      const position = transport.position();
      playing.movePlayhead(position ? Math.floor(position.phase) : -1);
    },
    spotAt: (element) => (element && music.element.contains(element) ? musicSpot() : spot()),
    repaint: show,
    showNotice: status.showNotice,
    clearNotice: status.clearNotice,
    onKey(event) {
      const target = /** @type {Element} */ (event.target);
      if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input:not([type='range']), select, textarea")) return false;
      const key = event.key.toLowerCase();
      const digit = Number(event.key);
      if (digit >= 1 && digit <= 9) sliders.focus(digit - 1);
      else if (key === "c") plays.turn();
      else if (key === "r") actions.randomize();
      else if (key === "0") actions.reset();
      else return false;
      return true;
    },
  };
}

/**
 * What the sliders move along.
 * @param {LatentSession} session
 */
function directionsRow({ state, actions }) {
  const select = el(
    "select",
    { aria: { label: "Along" } },
    el("option", { value: "principal", text: "directions of most change" }),
    el("option", { value: "dimensions", text: "single dimensions" }),
  );
  select.addEventListener("change", () => actions.setDirections(select.value));
  return {
    element: el("label", { class: "lp-item", title: "What the sliders move along" }, el("span", { text: "Along" }), select),
    show: () => void (select.value = state.get("directions")),
  };
}

const SHOWN = ["music_clip", "labels", "left_out", "start_z", "values", "held", "directions", "plays", "clip"];

const HELP = [
  ["Drag", "a slider, or a corner of the figure: the music follows. The triangle is where the music lies; double click puts it back there."],
  ["1 to 9", "choose a slider. ← → move it by a tenth, with Shift by a hundredth; Backspace puts it back, L holds it."],
  ["R", "sliders that are not held fall at random, where music may lie."],
  ["C", "swaps what sounds: A, the music as it was, or B, as the sliders stand. They are in phase."],
  ["0", "puts all sliders back."],
  ["Colors", "ink stays, filled with a plus has come, dashed has gone."],
];

export default { initialize, render };
