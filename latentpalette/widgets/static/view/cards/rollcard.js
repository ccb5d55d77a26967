// Card of one sequence: its name, a player, and its piano roll with a playhead. A click in the roll seeks.
/** @import { Disposables, OnError, RollItem } from "../../types.js" */

import { el } from "../dom.js";
import { icon } from "../icons.js";

const PLAY_EVENT = "latentpalette:sounding"; // only one player of a page plays

/**
 * @param {object} options
 * @param {RollItem} options.item
 * @param {() => Promise<{ bytes: BlobPart, type: string }>} options.loadSound
 * @param {Disposables} options.disposables
 * @param {OnError} options.onError
 */
export function createRollCard({ item, loadSound, disposables, onError }) {
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
  const audio = new Audio();
  /** @type {any} */
  let drawn = null; // Bokeh's view of the roll; its frame knows where on the page a step is
  let url = "";
  let animationFrame = 0;

  const currentStep = () => Math.min(audio.currentTime / item.step_seconds, item.steps);
  function moveNeedle() {
    const frame = drawn?.frame;
    const visible = frame && !audio.paused;
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
    const playing = !audio.paused;
    root.classList.toggle("lp-is-playing", playing);
    button.setAttribute("aria-label", `${playing ? "Stop" : "Play"} ${name}`.trim());
    if (playing && !animationFrame) moveNeedle();
  }
  async function start() {
    document.dispatchEvent(new CustomEvent(PLAY_EVENT, { detail: audio }));
    if (!url) {
      const { bytes, type } = await loadSound();
      url = URL.createObjectURL(new Blob([bytes], { type }));
      audio.src = url;
    }
    await audio.play();
  }
  function stop() {
    audio.pause();
    audio.currentTime = 0;
  }
  /** @param {() => Promise<void>} act */
  const tryTo = (act) => act().catch((problem) => problem.name !== "AbortError" && onError(problem));

  for (const type of ["play", "pause", "ended"]) disposables.on(audio, type, showState);
  disposables.on(document, PLAY_EVENT, ({ detail }) => detail !== audio && !audio.paused && stop());
  disposables.on(button, "click", () => (audio.paused ? tryTo(start) : stop()));
  disposables.on(picture, "click", (event) => {
    const frame = drawn?.frame;
    if (!frame || item.sound_error) return;
    const across = event.clientX - picture.getBoundingClientRect().left;
    if (across < frame.bbox.left || across > frame.bbox.right) return;
    const step = frame.x_scale.invert(across);
    tryTo(async () => {
      if (audio.paused) await start();
      audio.currentTime = Math.max(0, step) * item.step_seconds;
    });
  });
  disposables.add(() => {
    audio.pause();
    if (url) URL.revokeObjectURL(url);
  });

  return {
    root,
    /** @param {any} bokeh   BokehJS */
    async draw(bokeh) {
      const views = await bokeh.embed.embed_item(item.document, canvas);
      drawn = [...views].find((view) => view.frame) ?? null;
      disposables.add(() => views.clear());
    },
  };
}
