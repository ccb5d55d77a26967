// Editor of a corner or an end of drums: a step grid, of long music or in a narrow place some bars at a time.
/** @import { Auditioner, Disposables, MusicState, Note, Places } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { formatPage, pageAt } from "../../state/barwindow.js";
import { isInLane } from "../../state/clip.js";
import { laneGrid } from "../../state/lanegrid.js";
import { el, setText } from "../dom.js";
import { createSegments } from "../segments.js";
import { connectBrush } from "../stepbrush.js";
import { createStepGrid } from "../stepgrid.js";
import { connectKeys } from "../stepkeys.js";

/**
 * @param {object} options
 * @param {MusicState} options.state
 * @param {Places} options.places
 * @param {Auditioner} options.transport
 * @param {Disposables} options.disposables
 */
export function createDrumEditor({ state, places, transport, disposables }) {
  const { lanes, steps } = state;
  const hasVelocity = state.get("has_velocity");
  let place = 0;
  let color = "";
  let zoom = 2; // bars at a time; one where steps would be too narrow for a finger
  let page = pageAt(0, { steps, zoom });
  const grid = createStepGrid({ lanes, label: `Steps of the ${places.word}`, editable: true, hasVelocity });
  const editor = {
    hasVelocity,
    onBegin() {
      places.beginEdit(place);
      places.play(place);
    },
    onSet(/** @type {number} */ lane, /** @type {number} */ step, /** @type {number} */ loudness) {
      const { notes } = places.clip(place);
      const isHere = (/** @type {Note} */ note) => note.step === step && isInLane(lanes[lane], note);
      const present = notes.find(isHere);
      if (loudness ? present && (!hasVelocity || present.velocity === loudness) : !present) return;
      const { stream, pitches } = lanes[lane];
      const pitch = pitches?.[0] ?? 0;
      const velocity = hasVelocity ? loudness : (state.get("accents")[lane]?.[step % STEPS_PER_BAR] ?? loudness);
      const note = present ? { ...present, velocity } : { step, offset: 0, length: 1, pitch, velocity, stream };
      const others = notes.filter((other) => !isHere(other));
      places.editNotes(place, loudness ? [...others, note] : others);
      if (loudness && !present) transport.audition({ stream, pitch, velocity });
    },
    onLeave: (/** @type {number} */ step) => turnTo(step),
  };
  connectBrush(grid, editor);
  const keys = connectKeys(grid, editor);
  const pager = el("span", { class: "lp-pager" });
  /** @type {{ element: HTMLElement, show(from: number): void } | null} */
  let pages = null;

  /** One button for each page, or in a narrow place one that turns to the next; none where there is one page. */
  function fillPager() {
    const starts = Array.from({ length: Math.ceil(steps / page.steps) }, (_, index) => index * page.steps);
    const names = starts.map((start) => formatPage(pageAt(start, { steps, zoom })));
    const short = names.map((name) => name.replace(/^bars? /, "").replace(" to ", "–"));
    if (starts.length === 1) pages = null;
    else if (zoom === 1) pages = createTurner({ starts, names, onTurn: turnTo });
    else {
      /** @type {[number, string, string][]} */
      const choices = starts.map((start, index) => [start, short[index], names[index]]);
      pages = createSegments({ label: "Bars that are edited", choices, onChoose: turnTo });
    }
    pager.replaceChildren(...(pages ? [pages.element] : []));
  }
  /** @param {number} step */
  function turnTo(step) {
    if (step < 0 || step >= steps) return;
    page = pageAt(step, { steps, zoom });
    draw();
  }
  function draw() {
    grid.show(laneGrid(places.clip(place), lanes), { color, from: page.from, steps: page.steps });
    keys.show();
    pages?.show(page.from);
  }
  const fit = () => {
    const fitting = getComputedStyle(grid.element).getPropertyValue("--lp-compact") ? 1 : 2;
    if (fitting === zoom && pages !== null) return;
    zoom = fitting;
    page = pageAt(page.from, { steps, zoom });
    fillPager();
    draw();
  };
  const observer = new ResizeObserver(fit);
  observer.observe(grid.element);
  disposables.add(() => observer.disconnect());
  fillPager();

  return {
    element: grid.element,
    /**
     * @param {number} which   place
     * @param {string} mark    color
     */
    show(which, mark) {
      [place, color] = [which, mark];
      draw();
    },
    /** Turns the bars that are shown. */
    pager,
    movePlayhead: grid.movePlayhead,
  };
}

/**
 * A button that says which page is shown and turns to the next.
 * @param {{ starts: number[], names: string[], onTurn: (step: number) => void }} options
 */
function createTurner({ starts, names, onTurn }) {
  let shown = 0;
  const element = el("button", {
    class: "lp-control lp-small lp-turner",
    type: "button",
    on: { click: () => onTurn(starts[(shown + 1) % starts.length]) },
  });
  return {
    element,
    /** @param {number} from */
    show(from) {
      shown = Math.max(0, starts.indexOf(from));
      setText(element, `${names[shown]} ›`);
      element.setAttribute("aria-label", `${names[shown]} of ${starts.length}: turn to the next`);
    },
  };
}
