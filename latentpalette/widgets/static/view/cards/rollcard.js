// Card of one sequence: its name, its player's button, and its piano roll with a playhead. A click in the roll seeks.
/** @import { Disposables, OnError, RollItem, RollPlayer } from "../../types.js" */

import { el } from "../dom.js";
import { icon } from "../icons.js";

/**
 * @param {object} options
 * @param {RollItem} options.item
 * @param {RollPlayer} options.player
 * @param {Disposables} options.disposables
 * @param {OnError} options.onError
 */
export function createRollCard({ item, player, disposables, onError }) {
  const name = item.label && item.label !== "·" ? item.label : "";
  const button = el(
    "button",
    { class: "lp-rolls-play", type: "button", aria: { label: `Play ${name}`.trim() } },
    icon("play"),
    icon("stop"),
  );
  const needle = el("i", { class: "lp-rolls-needle", hidden: true });
  const canvas = el("div", { class: "lp-rolls-canvas", style: { "min-height": `${item.height}px` } });
  const picture = el("div", { class: "lp-rolls-picture" }, canvas, needle);
  const root = el(
    "section",
    { class: "lp-rolls-card", aria: { label: `${name ? `${name}: ` : ""}${item.caption}; ${item.alt_text}` } },
    el(
      "header",
      { class: "lp-rolls-head" },
      button,
      item.label ? el("b", { text: item.label }) : null,
      el("span", { class: "lp-rolls-caption", text: item.caption }),
      item.sound_note ? el("span", { class: "lp-rolls-caption", text: item.sound_note }) : null,
    ),
    picture,
  );
  if (item.sound_error) {
    button.disabled = true;
    button.title = item.sound_error;
  }
  /** @type {any} */
  let drawn = null; // Bokeh's view of the roll; its frame knows where on the page a step is
  let animationFrame = 0;

  const currentStep = () => Math.min(player.seconds / item.step_seconds, item.steps);
  function moveNeedle() {
    const frame = drawn?.frame;
    const visible = frame && player.playing;
    const left = visible ? frame.x_scale.compute(currentStep()) : 0;
    needle.hidden = !visible || left < frame.bbox.left || left > frame.bbox.right; // a long roll shows a part of it
    if (visible) {
      Object.assign(needle.style, {
        top: `${frame.bbox.top}px`,
        height: `${frame.bbox.height}px`,
        transform: `translateX(${left.toFixed(1)}px)`,
      });
    }
    animationFrame = visible ? requestAnimationFrame(moveNeedle) : 0;
  }
  function showState() {
    const { playing } = player;
    root.classList.toggle("lp-is-playing", playing);
    button.setAttribute("aria-label", `${playing ? "Stop" : "Play"} ${name}`.trim());
    if (playing && !animationFrame) moveNeedle();
  }
  /** @param {Promise<void>} sounding */
  const report = (sounding) => void sounding.catch((problem) => problem.name !== "AbortError" && onError(problem));

  disposables.add(player.on("change", showState));
  disposables.on(button, "click", () => report(player.toggle()));
  disposables.on(picture, "click", (event) => {
    const frame = drawn?.frame;
    if (!frame || item.sound_error) return;
    const across = event.clientX - picture.getBoundingClientRect().left;
    if (across < frame.bbox.left || across > frame.bbox.right) return;
    report(player.playFrom(Math.max(0, frame.x_scale.invert(across)) * item.step_seconds));
  });
  disposables.add(() => cancelAnimationFrame(animationFrame));
  showState();

  return {
    root,
    /** @param {any} bokeh   BokehJS */
    async draw(bokeh) {
      const views = await bokeh.embed.embed_item(item.document, canvas);
      drawn = [...views].find((view) => view.frame) ?? null;
      if (player.playing) moveNeedle(); // another view has started it
      disposables.add(() => views.clear());
    },
  };
}
