// What plays, large: drums as lanes of steps, a melody as a roll, several streams apart. Of long music some bars, which
// follow the playhead, below a strip of the whole.
/** @import { Clip, Disposables, LaneCommands, MusicSource, MusicState } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { formatPage, pageAt, zoomsOf } from "../../state/barwindow.js";
import { el, setText } from "../dom.js";
import { createSegments } from "../segments.js";
import { createLanesView } from "./lanesview.js";
import { createOverview } from "./overview.js";
import { createRollView } from "./rollview.js";
import { createStreamsView } from "./streamsview.js";

const MAX_LANE_STEPS = 32; // of a drum lane: more are dust

/**
 * @param {object} options
 * @param {MusicState} options.state
 * @param {MusicSource} options.playback
 * @param {LaneCommands} options.commands
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 */
export function createMusicView({ state, playback, commands, disposables, isDark }) {
  const { streams, steps } = state;
  const bars = steps / STEPS_PER_BAR;
  const isDrums = streams.length === 1 && streams[0].is_drum;
  const body = isDrums
    ? createLanesView({ state, playback, commands })
    : streams.length === 1
      ? createRollView({ disposables, isDark, ...streams[0] })
      : createStreamsView({ state, playback, commands, disposables, isDark });
  const zooms = isDrums && bars <= 4 ? [Math.min(bars, MAX_LANE_STEPS / STEPS_PER_BAR)] : zoomsOf(bars);
  let zoom = zooms.find((count) => count >= 4) ?? zooms[0];
  if (isDrums) zoom = zooms[0];
  let page = pageAt(0, { steps, zoom });
  /** @type {{ clip: Clip, look: { color: string, mutes: boolean[] } } | null} */
  let shown = null;

  /** @param {number} step */
  const turnTo = (step) => {
    const next = pageAt(step, { steps, zoom });
    if (next.from === page.from && next.steps === page.steps) return;
    page = next;
    redraw();
  };
  const overview = bars > 4 ? createOverview({ state, disposables, isDark, onTurn: turnTo }) : null;
  const words = el("span");
  const zoomer = createSegments({
    label: "Bars shown at once",
    choices: zooms.map((count) => [count, String(count), `${count} bars`]),
    onChoose(count) {
      zoom = count;
      turnTo(page.from);
      redraw();
    },
  });
  const pages = Array.from({ length: steps / page.steps }, (_, index) => pageAt(index * page.steps, { steps, zoom }));
  const pager = createSegments({
    label: "Bars that are shown",
    choices: pages.map((own) => [own.from, formatPage(own).replace(/^bars? /, "").replace(" to ", "–"), formatPage(own)]),
    onChoose: turnTo,
  });

  function redraw() {
    if (!shown) return;
    const { clip, look } = shown;
    body.show(clip, { ...look, ...page });
    overview?.show(clip, { color: look.color, page, now });
    setText(words, formatPage(page));
    zoomer.show(zoom);
    pager.show(page.from);
  }
  let now = -1;

  return {
    element: el(
      "div",
      { class: "lp-music" },
      overview?.element,
      overview
        ? el(
            "div",
            { class: "lp-zoom" },
            words,
            el("span", { class: "lp-space" }),
            el("span", { text: "zoom", aria: { hidden: true } }),
            zoomer.element,
          )
        : null,
      body.element,
    ),
    /** Turns the pages of music of a few bars; null where there is one page, or a strip of the whole. */
    pager: !overview && pages.length > 1 ? pager.element : null,
    /**
     * @param {Clip} clip
     * @param {{ color: string, mutes: boolean[] }} look
     */
    show(clip, look) {
      shown = { clip, look };
      redraw();
    },
    /** @param {number} step   the audible one, or -1 */
    movePlayhead(step) {
      if (step !== now && step >= 0 && (step < page.from || step >= page.from + page.steps)) turnTo(step);
      now = step;
      body.movePlayhead(step);
      overview?.movePlayhead(step);
    },
  };
}
