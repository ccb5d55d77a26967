// The row, pulled apart by handles at its ends: above the tiles a scrubber, below them how much changes from each to the next.
/** @import { Disposables, MixerSession } from "../../types.js" */

import { changesAlong, largestChange } from "../../state/difference.js";
import { MAX_N, MIN_N } from "../../state/rows.js";
import { el } from "../dom.js";
import { stepsOfWidth, widthOfSteps } from "./accordion.js";
import { createTiles } from "./tiles.js";

const GAP = 5; // [pixels] between a handle and the row, as in the style sheet
const WORDS_FROM = 40; // [pixels] of a tile: how much changes is said below it
const NUMBERS_FROM = 17;

/**
 * @param {object} options
 * @param {MixerSession} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {() => string} options.unavailable   why there can be no other number of steps, or ""
 */
export function createStrip({ session, disposables, isDark, unavailable }) {
  const { state, actions, transport } = session;
  const tiles = createTiles({ session, disposables, isDark });

  // --- scrubber -----------------------------------------------------------------------------------------------------
  const track = el("div", { class: "lp-scrub-track" }, el("i"), el("b"));
  const scrub = el("div", { class: "lp-scrub", role: "slider", tabindex: 0, aria: { label: "Place in the row", valuemin: 1 } }, track);
  /** @param {PointerEvent} event */
  const seek = (event) => {
    const { left, width } = track.getBoundingClientRect();
    const { length } = session.rows.table;
    const index = Math.min(length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * length)));
    if (index !== session.chosenIndex()) actions.choose(index);
  };
  scrub.addEventListener("pointerdown", (event) => {
    scrub.setPointerCapture(event.pointerId);
    seek(event);
  });
  scrub.addEventListener("pointermove", (event) => {
    if (scrub.hasPointerCapture(event.pointerId)) seek(event);
  });
  onArrows(scrub, (turn) => actions.choose(turn === "first" ? 0 : turn === "last" ? MAX_N : session.chosenIndex() + turn));

  // --- handles ------------------------------------------------------------------------------------------------------
  const changes = el("div", { class: "lp-changes", role: "img" });
  const pulled = el("div", { class: "lp-pulled" }, scrub, tiles.element, changes);
  const handles = [-1, 1].map((side) => {
    const handle = el(
      "div",
      {
        class: "lp-pull",
        role: "slider",
        tabindex: 0,
        aria: { label: side < 0 ? "Steps: pull end A" : "Steps: pull end B", valuemin: MIN_N, valuemax: MAX_N, orientation: "horizontal" },
      },
      el("span", { aria: { hidden: true } }),
    );
    let isFurther = false;
    handle.addEventListener("pointerdown", (event) => {
      if (event.button || unavailable()) return;
      handle.setPointerCapture(event.pointerId);
      isFurther = false;
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const { left, width } = element.getBoundingClientRect();
      const pulledTo = 2 * (Math.abs(event.clientX - left - width / 2) - handle.clientWidth / 2);
      const share = Math.min(1, Math.max(widthOfSteps(MIN_N, width), pulledTo / roomOf(width)));
      element.classList.add("lp-pulling");
      element.style.setProperty("--lp-share", String(share));
      const n = stepsOfWidth(share, width);
      if (n === state.get("n")) return;
      actions.setN(n, isFurther);
      isFurther = true;
    });
    const release = () => {
      element.classList.remove("lp-pulling");
      show();
    };
    handle.addEventListener("pointerup", release);
    handle.addEventListener("pointercancel", release);
    onArrows(handle, (turn) => {
      if (unavailable()) return;
      actions.setN(turn === "first" ? MIN_N : turn === "last" ? MAX_N : state.get("n") + (Math.abs(turn) > 1 ? turn : turn * side));
    }, side);
    return handle;
  });
  const element = el("div", { class: "lp-accordion" }, handles[0], pulled, handles[1]);
  const roomOf = (/** @type {number} */ width) => width - 2 * (handles[0].clientWidth + GAP);
  const observer = new ResizeObserver(() => showChanges());
  observer.observe(pulled);
  disposables.add(() => observer.disconnect());

  // --- how much changes ---------------------------------------------------------------------------------------------
  function showChanges() {
    const along = changesAlong(session.clips());
    const { index: cliff, isCliff } = largestChange(along);
    const most = Math.max(1, ...along.map((change) => change ?? 0));
    const wide = pulled.clientWidth / (along.length + 1);
    const notes = (/** @type {number} */ change) => (change === 1 ? "1 note" : `${change} notes`);
    const words = along.map((change, i) => (change === null ? "…" : change === 0 ? "same" : `${notes(change)}${i === cliff && isCliff ? ", a cliff" : ""}`));
    changes.setAttribute("aria-label", `How much changes from step to step: ${words.join("; ")}`);
    changes.replaceChildren(
      ...along.map((change, i) => {
        const title = `From step ${i + 1} to step ${i + 2}: ${words[i]}`;
        const isMarked = i === cliff && isCliff;
        const word = change === null ? "" : change === 0 ? "same" : isMarked ? `cliff ${change}` : String(change);
        const text = wide >= WORDS_FROM ? word : wide >= NUMBERS_FROM ? String(change ?? "") : "";
        return el(
          "span",
          { class: isMarked ? "lp-change lp-cliff" : "lp-change", title, style: { left: `${((i + 1) / (along.length + 1)) * 100}%` } },
          el("i", { style: { height: `${change ? Math.round(3 + 13 * (change / most)) : 1}px` } }),
          el("em", { text }),
        );
      }),
    );
  }

  let lastTable = /** @type {unknown} */ (null);
  let lastPlayed = "";
  function show() {
    const n = state.get("n");
    if (!element.classList.contains("lp-pulling")) element.style.setProperty("--lp-share", String(widthOfSteps(n, element.clientWidth || Infinity)));
    element.style.setProperty("--lp-columns", String(n));
    tiles.mark(markedTile());
    tiles.show();
    const reason = unavailable();
    for (const handle of handles) {
      handle.setAttribute("aria-valuenow", String(n));
      handle.setAttribute("aria-valuetext", `${n} steps`);
      handle.setAttribute("aria-disabled", String(Boolean(reason)));
      handle.title = reason || "Pull the ends apart for more steps";
    }
    scrub.setAttribute("aria-valuemax", String(session.rows.table.length));
    const played = JSON.stringify([state.get("end_clips"), state.get("use_original_ends")]);
    if (session.rows.table !== lastTable || played !== lastPlayed) {
      lastTable = session.rows.table;
      lastPlayed = played;
      showChanges();
    }
    movePlayhead();
  }

  /** The tile that has the frame; none while the row that is shown is not the one to come. */
  const markedTile = () => (session.rows.table.length === state.get("n") ? session.audibleIndex() : -1);

  function movePlayhead() {
    const { length } = session.rows.table;
    const position = transport.position();
    const index = session.audibleIndex();
    const steps = state.get("end_clips")[0].steps;
    const phase = !position ? 0 : position.cell === null ? position.phase / steps : position.cellPhase;
    track.style.setProperty("--lp-at", String(Math.min(1, (index + phase) / length)));
    scrub.setAttribute("aria-valuenow", String(index + 1));
    scrub.setAttribute("aria-valuetext", `step ${index + 1} of ${length}`);
    tiles.mark(markedTile());
  }

  return { element, show, movePlayhead, repaint: tiles.redraw };
}

/**
 * Call a function for the arrow keys: with +1 or -1, or with "first" or "last".
 * @param {HTMLElement} element
 * @param {(turn: number | "first" | "last") => void} onTurn
 * @param {number} [side]   -1 where ArrowUp means to the left
 */
function onArrows(element, onTurn, side = 1) {
  const turns = /** @type {Record<string, number | "first" | "last">} */ ({
    ArrowRight: 1, ArrowUp: side, ArrowLeft: -1, ArrowDown: -side, PageUp: 4, PageDown: -4, Home: "first", End: "last",
  });
  element.addEventListener("keydown", (event) => {
    const turn = turns[event.key];
    if (turn === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    onTurn(turn);
  });
}
