// The bar of a row of rolls: play all in order, repeat.
/** @import { Disposables, RollItem, RollPlayer } from "../types.js" */

import { el, setText } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @param {{ items: RollItem[], player: RollPlayer, disposables: Disposables }} options
 */
export function createRollBar({ items, player, disposables }) {
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
  return el("div", { class: "lp-rolls-bar" }, play, createRepeatButton({ player, disposables }), turn);
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
