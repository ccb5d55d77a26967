// Groove panel: one view of a session, put together from the loop, its feel, the pad and the status line.
/** @import { GrooveSession, Model, Parts, Surroundings } from "./types.js" */

import { canAsk } from "./state/requests.js";
import { el } from "./view/dom.js";
import { createFeelCard } from "./view/groove/feelcard.js";
import { grooveEntries } from "./view/groove/grooveentries.js";
import { grooveSpot } from "./view/groove/groovespot.js";
import { createGrooveStatus } from "./view/groove/groovestatus.js";
import { createLoopLanes } from "./view/groove/lanes.js";
import { createLoopCard } from "./view/groove/loopcard.js";
import { createTapCard } from "./view/groove/tapcard.js";
import { launchRow } from "./view/menus/setuprows.js";
import { createShell } from "./view/shell.js";
import { createTraitSwitch, letterSign } from "./view/traitswitch.js";
import { openGroove } from "./state/groovesession.js";
import { keepInNotebook } from "./state/notebook.js";
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
 * Show a groove panel.
 * @param {{ model: Model, el: HTMLElement }} widget
 * @returns {() => void}   closes the view
 */
function render({ model, el: host }) {
  const { session, close } = openGroove(model);
  return createShell({ host, name: "Groove panel", session, close, shown: SHOWN, build: (around) => buildPanel(session, around) });
}

/**
 * @param {GrooveSession} session
 * @param {Surroundings} around
 * @returns {Parts}
 */
function buildPanel(session, { disposables, isDark, clipboard, onNotice }) {
  const { state, actions, transport } = session;
  const where = state.get("origin") ? "run the cell again" : "open the panel in a notebook";
  const unavailable = () => (canAsk(state, "humanize") ? "" : `Other drummers, hats and taps need Python: ${where}`);
  const spot = grooveSpot(session);
  const lanes = createLoopLanes({ session, disposables, isDark, grip: clipboard.grip("the loop", () => spot) });
  const feel = createFeelCard({ session, unavailable });
  const loop = createLoopCard({ session, unavailable });
  const pad = createTapCard({ session, disposables, isDark, unavailable, onNotice });
  const status = createGrooveStatus({ session });
  const plays = createTraitSwitch({
    state,
    trait: "plays",
    label: "What plays",
    choices: [
      { value: "written", text: "written", sign: letterSign("A"), name: "As written", title: "As written (key c changes)" },
      { value: "played", text: "played", sign: letterSign("B"), name: "As the drummer plays", title: "As the drummer plays (key c changes)" },
    ],
  });

  function show() {
    plays.show();
    lanes.show();
    feel.show();
    loop.show();
    pad.show();
    status.show();
  }
  return {
    middle: [plays.element],
    setup: [
      launchRow({ state, title: "When a change takes over" }),
    ],
    keep: grooveEntries(session),
    help: HELP,
    onNote(event) {
      if (!session.isTapping() || !event.velocity) return false;
      pad.hit({ timeStamp: event.time });
      return true;
    },
    keysHelp: "Keys are heard, and while the click plays they are taps.",
    body: [
      el("div", { class: "lp-groove-main" }, lanes.element, pad.element),
      el("div", { class: "lp-side" }, loop.element, feel.element),
      status.element,
    ],
    show,
    tick() {
      const position = transport.position();
      lanes.movePlayhead(position && !session.isTapping() ? Math.floor(position.phase) : -1);
      pad.movePlayhead(position?.step ?? -1);
    },
    spotAt: () => spot,
    repaint: show,
    showNotice: status.showNotice,
    clearNotice: status.clearNotice,
    onSpace(event) {
      if (!session.isTapping()) return false;
      if (!event.repeat) pad.hit(event);
      return true;
    },
    onKey(event) {
      const target = /** @type {Element} */ (event.target);
      if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input:not([type='range']), select, textarea")) return false;
      const key = event.key.toLowerCase();
      if (key === "c") plays.turn();
      else if (key === "d") void feel.ask();
      else if (key === "t" && !unavailable()) actions.toggleTapping();
      else if (event.key === "Escape" && session.isTapping()) actions.toggleTapping();
      else return false;
      return true;
    },
  };
}

const SHOWN = [
  "written_clip", "played_clip", "label", "left_out", "timing", "velocity", "swing", "swing_of", "plays", "spread", "seed", "taps",
  "tap_latency", "tap_bars",
];

const HELP = [
  ["A, B", "the loop as written and as the drummer plays it, in phase. Key C changes."],
  ["Timing", "and velocity: how much of the drummer is played, up to twice as much."],
  ["D", "another drummer of the same hits."],
  ["T", "a click plays: tap on the space bar or the pad, and a whole kit plays your rhythm."],
  ["late by", "how late your taps arrive; the delay of the loudspeaker is known and counted already."],
];

export default { initialize, render };
