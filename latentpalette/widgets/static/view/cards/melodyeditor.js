// Editor of a corner or an end with one melody or bass: the piano roll, its scale, and of long music the bars that are shown.
/** @import { Auditioner, Disposables, MusicState, Places } from "../../types.js" */
/** @import { Key } from "../../state/pitch.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { pageAt } from "../../state/barwindow.js";
import { SCALES, guessKey, tonicName } from "../../state/pitch.js";
import { el } from "../dom.js";
import { createRollEditor } from "../rolleditor.js";
import { createSegments } from "../segments.js";
import { createOverview } from "./overview.js";

const BARS = 2; // that are edited at once

/**
 * @param {object} options
 * @param {MusicState} options.state
 * @param {Places} options.places
 * @param {Auditioner} options.transport
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 */
export function createMelodyEditor({ state, places, transport, disposables, isDark }) {
  const { steps, streams } = state;
  let place = 0;
  let color = "";
  let page = pageAt(0, { steps, zoom: BARS });
  /** @type {(Key | undefined)[]} */
  const chosen = []; // by place; elsewhere it is the key that the notes are in
  /** @type {Key | null} */
  let lastChosen = null; // for a place without notes
  let folded = true;
  let guessed = guessKey([]);
  /** @type {unknown} */
  let guessedFrom = null; // the notes; those that are edited here keep their key

  const roll = createRollEditor({
    disposables,
    isDark,
    stream: streams[0],
    index: 0,
    onBegin() {
      places.beginEdit(place);
      places.play(place);
    },
    onEdit(notes) {
      places.editNotes(place, notes);
      guessedFrom = places.json(place);
    },
    onHear: ({ stream, pitch, velocity }) => transport.audition({ stream, pitch, velocity }),
    onLeave: turnTo,
  });
  const overview = steps > BARS * STEPS_PER_BAR ? createOverview({ state, disposables, isDark, onTurn: turnTo }) : null;
  const tonics = Array.from({ length: 12 }, (_, tonic) => tonic);
  const tonic = el(
    "select",
    { class: "lp-control lp-small", aria: { label: "Tonic" } },
    ...tonics.map((value) => el("option", { value, text: tonicName(value) })),
  );
  const scale = el(
    "select",
    { class: "lp-control lp-small", aria: { label: "Scale" } },
    ...Object.keys(SCALES).map((name) => el("option", { value: name, text: name })),
  );
  for (const select of [tonic, scale]) {
    select.addEventListener("change", () => {
      lastChosen = chosen[place] = { tonic: Number(tonic.value), scale: scale.value };
      draw();
    });
  }
  const rows = createSegments({
    label: "Rows",
    choices: [
      [false, "all", "All rows"],
      [true, "scale only", "Rows of the scale only"],
    ],
    onChoose(value) {
      folded = value;
      draw();
    },
  });

  /** @param {number} step */
  function turnTo(step) {
    page = pageAt(step, { steps, zoom: BARS });
    draw();
  }

  function draw() {
    const clip = places.clip(place);
    const json = places.json(place);
    if (json !== guessedFrom) {
      guessedFrom = json;
      guessed = clip.notes.length || !lastChosen ? guessKey(clip.notes) : lastChosen;
    }
    const shownKey = chosen[place] ?? guessed;
    tonic.value = String(shownKey.tonic);
    scale.value = shownKey.scale;
    rows.show(folded);
    overview?.show(clip, { color, page });
    roll.show({ notes: clip.notes, steps, from: page.from, count: page.steps, key: shownKey, folded, color });
  }

  return {
    element: el(
      "div",
      { class: "lp-melody" },
      el(
        "div",
        { class: "lp-row lp-nowrap lp-scale" },
        tonic,
        scale,
        el("span", { class: "lp-space" }),
        el("span", { class: "lp-dim lp-rows-word", text: "rows", aria: { hidden: true } }),
        rows.element,
      ),
      overview?.element,
      roll.element,
    ),
    /**
     * @param {number} which   place
     * @param {string} mark    color
     */
    show(which, mark) {
      const isRecolored = mark !== color;
      [place, color] = [which, mark];
      draw();
      if (isRecolored) roll.redraw();
    },
    /** Turns the bars that are shown; null where all are, or where another control does it. */
    pager: null,
    /** @param {number} step   the audible one, or -1 */
    movePlayhead(step) {
      roll.movePlayhead(step);
      overview?.movePlayhead(step);
    },
  };
}
