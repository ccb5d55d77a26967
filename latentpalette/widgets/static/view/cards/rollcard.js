// Card of one sequence: its name, the button that plays it, and its piano roll with a playhead. A click in the roll plays
// from there; with the keyboard, Space plays and the arrows move by beats.
/** @import { Disposables, RollItem, RollSession } from "../../types.js" */

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createOverviewStrip } from "../overviewstrip.js";
import { createRepeatButton, createTogetherButton } from "../rollbar.js";
import { createRollClip } from "../rollclip.js";
import { createRollView } from "../rollview.js";
import { placeInWords } from "../rollwindow.js";

const STEPS_PER_BEAT = 4;
const STEPS_PER_BAR = 16;
const MAX_CLICK = 4; // [pixels]; a pointer that has moved further has dragged

/**
 * @param {object} options
 * @param {RollItem} options.item
 * @param {number} options.index
 * @param {RollSession} options.session
 * @param {boolean} options.alone   it is the only one, so it has the switch to repeat
 * @param {Disposables} options.disposables
 */
export function createRollCard({ item, index, session, alone, disposables }) {
  const { player } = session;
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
  const view = createRollView(item);
  const strip = createOverviewStrip({ view, steps: item.steps, name, disposables });
  const root = el(
    "section",
    { class: "lp-rolls-card", aria: { label: `${name ? `${name}: ` : ""}${item.caption}; ${item.alt_text}` } },
    el(
      "header",
      { class: "lp-rolls-head" },
      button,
      ...(alone ? [createRepeatButton({ player, disposables }), createTogetherButton({ session, disposables })] : []),
      item.label ? el("b", { text: item.label }) : null,
      el("span", { class: "lp-rolls-caption lp-rolls-facts", title: item.caption, text: item.caption }),
      item.sound_note ? el("span", { class: "lp-rolls-caption", text: item.sound_note }) : null,
    ),
    picture,
    strip.root,
  );
  const copy = createRollClip({ item, name, root, disposables });
  if (copy) root.querySelector("header")?.append(copy);
  let animationFrame = 0;

  const isSounding = () => player.index === index;
  const currentStep = () => Math.min(player.seconds(index) / item.step_seconds, item.steps);

  function moveNeedle() {
    const sounding = isSounding();
    const step = currentStep();
    if (sounding) view.follow(step);
    const { frame } = view;
    picture.classList.toggle("lp-is-long", view.isLong);
    const x = frame && (sounding || step > 0) ? view.xOf(step) : null;
    needle.hidden = x === null || !frame || x < frame.left - 1 || x > frame.right + 1; // of a long roll a part is shown
    if (x !== null && frame) {
      const [top, height] = [`${frame.top}px`, `${frame.height}px`];
      Object.assign(needle.style, { top, height, transform: needle.hidden ? "" : `translateX(${x.toFixed(1)}px)` });
    }
    strip.showPlace(sounding || step > 0 ? step : null);
    animationFrame = sounding ? requestAnimationFrame(moveNeedle) : 0;
  }

  function showState() {
    const sounding = isSounding();
    if (sounding && !root.classList.contains("lp-is-playing")) view.startFollowing();
    root.classList.toggle("lp-is-playing", sounding);
    button.setAttribute("aria-label", `${sounding ? "Stop" : "Play"} ${name}`.trim());
    button.setAttribute("aria-busy", String(sounding && player.waiting));
    picture.setAttribute("aria-valuenow", String(Math.floor(currentStep())));
    picture.setAttribute("aria-valuetext", placeInWords(currentStep()));
    if (!animationFrame) moveNeedle();
  }
  disposables.add(player.on("change", showState));
  disposables.add(view.on("window", () => animationFrame || moveNeedle()));
  disposables.add(() => cancelAnimationFrame(animationFrame));

  if (item.sound_error) {
    button.disabled = true;
    button.title = item.sound_error;
  } else {
    picture.tabIndex = 0;
    picture.setAttribute("role", "slider");
    picture.setAttribute("aria-label", `Position ${name}`.trim());
    picture.setAttribute("aria-valuemin", "0");
    picture.setAttribute("aria-valuemax", String(item.steps));
    disposables.on(button, "click", () => player.toggle(index));
    listenToPointer();
    disposables.on(picture, "keydown", onKey);
  }

  // A click plays; a drag moves a long roll.
  function listenToPointer() {
    let pressed = { x: 0, y: 0, start: 0 };
    let dragged = false;
    disposables.on(picture, "pointerdown", ({ clientX, clientY }) => {
      pressed = { x: clientX, y: clientY, start: view.start };
      dragged = false;
    }, true);
    disposables.on(picture, "pointermove", (/** @type {PointerEvent} */ event) => {
      if (!event.buttons) return;
      dragged ||= Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > MAX_CLICK;
      if (!dragged || !view.isLong || !view.frame) return;
      picture.setPointerCapture(event.pointerId); // it goes on outside
      view.show(Math.round(pressed.start - (event.clientX - pressed.x) * (view.length / view.frame.width)));
    }, true);
    disposables.on(picture, "click", ({ clientX }) => {
      const { frame } = view;
      if (!frame || dragged) return;
      const across = clientX - picture.getBoundingClientRect().left;
      if (across < frame.left || across > frame.right) return;
      player.playFrom(index, Math.max(0, view.stepAt(across)) * item.step_seconds);
    });
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const beat = Math.round((currentStep() / STEPS_PER_BEAT) * 8) / 8; // 3.999, as it is heard, is 4
    const steps = {
      ArrowRight: (Math.floor(beat) + 1) * STEPS_PER_BEAT,
      ArrowLeft: (Math.ceil(beat) - 1) * STEPS_PER_BEAT,
      PageDown: currentStep() + STEPS_PER_BAR,
      PageUp: currentStep() - STEPS_PER_BAR,
      Home: 0,
      End: item.steps - STEPS_PER_BEAT,
    }[event.key];
    if (event.key === " ") player.toggle(index);
    else if (steps !== undefined) moveTo(steps);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} step */
  function moveTo(step) {
    const place = Math.max(0, Math.min(step, item.steps - 1));
    view.startFollowing();
    view.follow(place);
    player.seek(index, place * item.step_seconds);
  }

  showState();
  return {
    root,
    /** @param {any} bokeh   BokehJS */
    async draw(bokeh) {
      disposables.add(await view.draw(bokeh, canvas));
      if (!animationFrame) moveNeedle(); // another view has started it
    },
  };
}
