// The frame over the lanes of what was played: it lies around the bars that are chosen. Drag on the lanes for a new one, in
// it to move it, at its edges to make it longer; with the keyboard each edge moves by bars.
/** @import { createTake, Frame } from "../../state/take.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { el } from "../dom.js";

/**
 * @param {object} options
 * @param {ReturnType<typeof createTake>} options.take
 * @param {() => Frame} options.shown        what the lanes show
 * @param {() => void} options.onChosen      called when a choice is done
 */
export function createFrame({ take, shown, onChosen }) {
  const edge = (/** @type {"from" | "to"} */ name, /** @type {string} */ label) => {
    const handle = el("span", { class: `lp-take-edge lp-take-${name}`, role: "slider", tabindex: 0, aria: { label } });
    handle.addEventListener("keydown", (event) => {
      const { from, to } = take.reach;
      const { frame } = take;
      /** @type {Record<string, number>} */
      const places = {
        ArrowLeft: frame[name] - STEPS_PER_BAR,
        ArrowRight: frame[name] + STEPS_PER_BAR,
        ArrowDown: frame[name] - STEPS_PER_BAR,
        ArrowUp: frame[name] + STEPS_PER_BAR,
        PageDown: frame[name] - 4 * STEPS_PER_BAR,
        PageUp: frame[name] + 4 * STEPS_PER_BAR,
        Home: from,
        End: to,
      };
      if (!(event.key in places) || to === from || event.ctrlKey || event.metaKey || event.altKey) return;
      choose(name === "from" ? { from: places[event.key], to: frame.to } : { from: frame.from, to: places[event.key] });
      onChosen();
      event.preventDefault();
      event.stopPropagation();
    });
    return handle;
  };
  const edges = { from: edge("from", "First bar that is kept"), to: edge("to", "Last bar that is kept") };
  const element = el("div", { class: "lp-take-frame", hidden: true }, edges.from, edges.to);

  /**
   * Choose bars, at least one of those that there are.
   * @param {Frame} wanted
   */
  function choose({ from, to }) {
    const { from: first, to: last } = take.reach;
    const start = Math.min(Math.max(from, first), last - STEPS_PER_BAR);
    take.choose({ from: start, to: Math.max(Math.min(to, last), start + STEPS_PER_BAR) });
  }

  return {
    element,
    /**
     * Let a drag on the lanes choose bars.
     * @param {HTMLElement} lanes
     */
    listenOn(lanes) {
      /** @type {{ kind: "new" | "move" | "from" | "to", bar: number, frame: Frame } | null} */
      let drag = null;
      const barAt = (/** @type {PointerEvent} */ event) => {
        const { left, width } = lanes.getBoundingClientRect();
        const { from, to } = shown();
        return Math.floor((from + ((event.clientX - left) / width) * (to - from)) / STEPS_PER_BAR);
      };
      lanes.addEventListener("pointerdown", (event) => {
        if (event.button || take.reach.to === take.reach.from) return;
        const target = /** @type {Element} */ (event.target);
        const { frame, reach } = take;
        const bar = barAt(event);
        const isInside = bar * STEPS_PER_BAR >= frame.from && bar * STEPS_PER_BAR < frame.to;
        const isWhole = frame.from === reach.from && frame.to === reach.to;
        const kind = target === edges.from ? "from" : target === edges.to ? "to" : isInside && !isWhole ? "move" : "new";
        drag = { kind, bar, frame };
        lanes.setPointerCapture(event.pointerId);
        if (kind === "new") choose({ from: bar * STEPS_PER_BAR, to: (bar + 1) * STEPS_PER_BAR });
      });
      lanes.addEventListener("pointermove", (event) => {
        if (!drag) return;
        const { kind, bar: first, frame } = drag;
        const bar = barAt(event);
        const moved = (bar - first) * STEPS_PER_BAR;
        if (kind === "new") choose({ from: Math.min(first, bar) * STEPS_PER_BAR, to: (Math.max(first, bar) + 1) * STEPS_PER_BAR });
        else if (kind === "from") choose({ from: Math.min(frame.from + moved, frame.to - STEPS_PER_BAR), to: frame.to });
        else if (kind === "to") choose({ from: frame.from, to: Math.max(frame.to + moved, frame.from + STEPS_PER_BAR) });
        else {
          const { from, to } = take.reach;
          const by = Math.min(Math.max(moved, from - frame.from), to - frame.to);
          choose({ from: frame.from + by, to: frame.to + by });
        }
      });
      for (const type of ["pointerup", "pointercancel"]) {
        lanes.addEventListener(type, () => {
          if (drag) onChosen();
          drag = null;
        });
      }
      lanes.addEventListener("dblclick", () => {
        take.choose(null);
        onChosen();
      });
    },
    show() {
      const { frame, reach } = take;
      const { from, to } = shown();
      element.hidden = frame.from === frame.to;
      const share = (/** @type {number} */ step) => `${(100 * (step - from)) / (to - from)}%`;
      element.style.left = share(frame.from);
      element.style.right = `calc(100% - ${share(frame.to)})`;
      for (const [name, handle] of /** @type {["from" | "to", HTMLElement][]} */ (Object.entries(edges))) {
        const bars = (frame[name] - reach.to) / STEPS_PER_BAR;
        handle.setAttribute("aria-valuemin", String((reach.from - reach.to) / STEPS_PER_BAR));
        handle.setAttribute("aria-valuemax", "0");
        handle.setAttribute("aria-valuenow", String(bars));
        handle.setAttribute("aria-valuetext", bars ? `${-bars} ${bars === -1 ? "bar" : "bars"} before the end` : "the end");
      }
    },
  };
}
