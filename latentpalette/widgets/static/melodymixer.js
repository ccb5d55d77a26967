// Melody mixer: one view of a session, put together from the row, its cards and its status line.
/** @import { MixerSession, Model, Parts, Spot, Surroundings } from "./types.js" */

import { canAsk } from "./state/requests.js";
import { LETTERS } from "./view/color.js";
import { el } from "./view/dom.js";
import { icon } from "./view/icons.js";
import { createEditCard } from "./view/ends/editcard.js";
import { createEndCard } from "./view/ends/endcard.js";
import { createEndSpots } from "./view/ends/endspots.js";
import { blendKindRow, originalEndsRow } from "./view/ends/setup.js";
import { samplesPages } from "./view/menus/samplespage.js";
import { launchRow } from "./view/menus/setuprows.js";
import { mixerEntries } from "./view/mixer/keepentries.js";
import { createMixerStatus } from "./view/mixer/mixerstatus.js";
import { createStepCard } from "./view/mixer/playingcard.js";
import { createRowLine } from "./view/mixer/rowline.js";
import { createStrip } from "./view/mixer/strip.js";
import { createShell } from "./view/shell.js";
import { createTraitSwitch } from "./view/traitswitch.js";
import { openMixer } from "./state/mixersession.js";
import { keepRow } from "./state/rows.js";

/**
 * @param {{ model: Model }} widget
 * @returns {() => void}   called when the widget is gone
 */
const initialize = ({ model }) => keepRow(model, "tiles");

/**
 * Show a mixer.
 * @param {{ model: Model, el: HTMLElement }} widget
 * @returns {() => void}   closes the view
 */
function render({ model, el: host }) {
  const { session, close } = openMixer(model);
  return createShell({ host, name: "Melody mixer", session, close, shown: SHOWN, build: (around) => buildMixer(session, around) });
}

/**
 * @param {MixerSession} session
 * @param {Surroundings} around
 * @returns {Parts}
 */
function buildMixer(session, { disposables, isDark, mark, clipboard, onNotice }) {
  const { state, actions, transport } = session;
  const where = state.get("origin") ? "run the cell again" : "open the mixer in a notebook";
  const unavailable = () => (canAsk(state, "decode") ? "" : `Other ends and steps need Python: ${where}`);
  const strip = createStrip({ session, disposables, isDark, unavailable });
  const line = createRowLine({ session, unavailable, onNotice });
  const card = createStepCard({ session, disposables, isDark, grip: clipboard.grip("the step", step) });
  const editing = createEditCard({ session, disposables, isDark, onChange: show });
  const onEdit = editing.canEdit ? editing.toggle : null;
  const ends = [0, 1].map((end) =>
    createEndCard({ session, end, unavailable, onEdit, grip: clipboard.grip(`end ${LETTERS[end]}`, () => spots.end(end)) }),
  );
  const spots = createEndSpots({
    session,
    cards: () => ends,
    chosen: step,
    edited: () => editing.edited,
    lineOf: (element) => (strip.element.contains(element) ? strip.element : null),
  });
  const status = createMixerStatus({ session, difference: card.difference });
  const plays = createTraitSwitch({
    state,
    trait: "plays",
    label: "What plays",
    choices: [
      { value: "tile", text: "step", sign: icon("repeat"), name: "Play the step", title: "The chosen step plays, again and again" },
      { value: "row", text: "row", sign: icon("row"), name: "Play the row", title: "All steps play, one after the other" },
    ],
  });

  /**
   * The step that plays, or is chosen; at an end of the row a clip is pasted into that.
   * @returns {Spot}
   */
  function step() {
    const index = session.chosenIndex();
    const { length } = session.rows.table;
    const end = index === 0 ? 0 : index === length - 1 ? 1 : null;
    const [a, b] = state.get("labels");
    return {
      ...(end === null ? {} : { paste: spots.end(end).paste, into: `end ${LETTERS[end]}` }),
      name: `step ${index + 1}`,
      copy() {
        const clip = session.clipAt(index);
        return clip && { clip, label: end === null ? `${a} to ${b}, step ${index + 1} of ${length}` : [a, b][end] };
      },
    };
  }

  let last = "";
  function show() {
    plays.show();
    strip.show();
    line.show();
    card.element.hidden = editing.edited !== null;
    card.show();
    editing.show();
    ends.forEach((card, end) => card.show(editing.edited === end));
    status.show();
  }
  return {
    middle: [plays.element],
    setup: [
      launchRow({ state, title: "When another step takes over" }),
      blendKindRow(session, unavailable),
      originalEndsRow(session),
      ...samplesPages({ state, set: (conditions) => state.set({ conditions }) }),
    ],
    keep: mixerEntries(session),
    help: HELP,
    body: [
      el("div", { class: "lp-mixer-row" }, strip.element, line.element),
      card.element,
      editing.element,
      el("div", { class: "lp-side lp-ends" }, ...ends.map(({ element }) => element)),
      status.element,
    ],
    show,
    tick() {
      strip.movePlayhead();
      const position = transport.position();
      const step = position ? Math.floor(position.phase) : -1;
      card.movePlayhead(step);
      editing.movePlayhead(step);
      const place = `${session.audibleIndex()} ${session.chosenIndex()}`;
      if (place === last) return;
      last = place;
      mark(); // what was asked for sounds
    },
    keys: {
      isOpen: () => editing.edited !== null && session.ends.playing === editing.edited && state.get("plays") === "tile",
      clip: () => session.ends.clip(editing.edited ?? 0),
      begin: () => session.ends.beginEdit(editing.edited ?? 0),
      edit: (notes) => session.ends.editNotes(editing.edited ?? 0, notes),
    },
    keysHelp: editing.canEdit
      ? "Keys are heard, and while an end is edited they are recorded into it; the first one begins the loop."
      : "Keys are heard; ends of several streams are not recorded into.",
    spotAt: spots.at,
    repaint: strip.repaint,
    showNotice: status.showNotice,
    clearNotice: status.clearNotice,
    onKey(event) {
      const target = /** @type {Element} */ (event.target);
      if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input, select, textarea")) return false;
      const digit = Number(event.key);
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") actions.choose(session.chosenIndex() + (event.key === "ArrowLeft" ? -1 : 1));
      else if (digit >= 1 && digit <= 9) actions.choose(digit - 1);
      else if (event.key === "r") plays.turn();
      else if (event.key === "Escape" && editing.edited !== null) editing.close();
      else if (event.key === "a") void ends[0].roll();
      else if (event.key === "b") void ends[1].roll();
      else return false;
      return true;
    },
  };
}

const SHOWN = ["end_clips", "labels", "left_out", "n", "interpolation", "even_steps", "use_original_ends", "tile", "plays", "row_mode"];

const HELP = [
  ["Pull", "the handles at the ends apart: there are more steps between them. Keyboard: arrows on a handle."],
  ["Click", "a step: it takes over in time. ← → and 1 to 9 do the same."],
  ["R", "plays the row, or the step alone."],
  ["A, B", "sample another end."],
  ["Edit", "an end by hand: steps of drums, or a piano roll. Esc closes it."],
  ["+, dashed", "notes that have come since the step before, and those that have gone."],
];

export default { initialize, render };
