// The bar of a row of rolls: play all in order, repeat.
/** @import { Disposables, RollItem, RollPlayer, RollSession } from "../types.js" */

import { TOGETHER } from "../state/together.js";
import { el, setText } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @param {{ session: RollSession, disposables: Disposables }} options
 */
export function createRollBar({ session, disposables }) {
  const { items, player } = session;
  const words = el("span", { text: "Play in order" });
  const play = el("button", { class: "lp-rolls-button", type: "button" }, icon("play"), icon("stop"), words);
  const turn = el("span", { class: "lp-rolls-caption" });
  play.disabled = items.every((item) => item.sound_error);
  disposables.on(play, "click", () => player.toggleAll());
  const showState = () => {
    const { inOrder, index } = player;
    play.classList.toggle("lp-is-on", inOrder);
    setText(words, inOrder ? "Stop" : "Play in order");
    setText(turn, inOrder && index !== null ? turnInWords(index, items) : "");
  };
  disposables.add(player.on("change", showState));
  showState();
  return el("div", { class: "lp-rolls-bar" }, play, createRepeatButton({ player, disposables }), createTogetherButton({ session, disposables }), turn);
}

/**
 * @param {number} index
 * @param {RollItem[]} items
 */
function turnInWords(index, items) {
  const { label } = items[index];
  return `${index + 1} of ${items.length}${label && label !== "·" ? `: ${label}` : ""}`;
}

/**
 * The switch that lets rolls play with the instruments of their page.
 * @param {{ session: RollSession, disposables: Disposables }} options
 */
export function createTogetherButton({ session, disposables }) {
  const { player, together } = session;
  const { label, title } = TOGETHER;
  const button = el("button", { class: "lp-rolls-button lp-rolls-together", type: "button", title, aria: { label } }, el("span", { text: "With others" }));
  disposables.on(button, "click", () => void together.toggle());
  const showState = () => {
    button.hidden = !together.isOffered;
    button.classList.toggle("lp-is-on", together.isOn);
    button.setAttribute("aria-pressed", String(together.isOn));
  };
  disposables.add(player.on("change", showState));
  showState();
  return button;
}

/**
 * The switch between once and again and again.
 * @param {{ player: RollPlayer, disposables: Disposables }} options
 */
export function createRepeatButton({ player, disposables }) {
  const title = "Repeat what plays, without a gap";
  const button = el("button", { class: "lp-rolls-button", type: "button", title, aria: { label: "Repeat" } }, icon("repeat"));
  disposables.on(button, "click", () => player.setRepeat(!player.repeat));
  const showState = () => {
    button.classList.toggle("lp-is-on", player.repeat);
    button.setAttribute("aria-pressed", String(player.repeat));
  };
  disposables.add(player.on("change", showState));
  showState();
  return button;
}
