// Card of the tile that plays: what it plays, where it comes from, its star, and its roll.
/** @import { Disposables, MusicState, SamplerSession } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { playedClip } from "../../state/clip.js";
import { cornerWeights, markColor } from "../color.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createMusicView } from "./musicview.js";

/**
 * @param {object} options
 * @param {SamplerSession} options.session
 * @param {MusicState} options.state
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {HTMLElement} options.grip   of its clip
 */
export function createTileCard({ session, state, disposables, isDark, grip }) {
  const { tiles, transport, variations } = session;
  const chosen = variations.chosen;
  const title = el("h4", { class: "lp-title" });
  const label = el("span", { class: "lp-dim lp-next" });
  const time = el("span", { class: "lp-dim lp-time" });
  const music = createMusicView({ state, playback: { clip: chosen }, commands: session.commands, disposables, isDark });
  const star = el("button", {
    class: "lp-mini lp-star",
    type: "button",
    title: "Star: a roll leaves it (S)",
    aria: { label: "Star the tile", pressed: false },
    on: { click: () => tiles.toggleStar(state.get("tile")) },
  });
  star.append(icon("star"));
  const dice = el("button", {
    class: "lp-mini",
    type: "button",
    title: "Roll this tile again (R)",
    aria: { label: "Roll this tile" },
    on: { click: () => tiles.rollOne(state.get("tile")) },
  });
  dice.append(icon("dice"));
  const bars = state.steps / STEPS_PER_BAR;

  return {
    element: el(
      "section",
      { class: "lp-card lp-tile-card", aria: { label: "Playing" } },
      el("div", { class: "lp-row lp-nowrap lp-head" }, title, label, el("span", { class: "lp-space" }), time, music.pager, grip, dice, star),
      music.element,
    ),
    show() {
      const index = state.get("tile");
      const { label: source, isStarred } = tiles.at(index);
      const verb = transport.sounding ? "Playing" : "Selected";
      const variation = variations.playing;
      setText(title, `${verb}: ${variation === null ? `tile ${index + 1}` : `variation ${variation + 1}`}`);
      setText(label, variation === null ? "" : `on tile ${index + 1}`);
      title.title = source;
      star.setAttribute("aria-pressed", String(isStarred));
      const clip = chosen() ?? { steps: state.steps, notes: [] };
      const { lanes, get } = state;
      const played = playedClip(clip, { lanes, locks: get("locks"), accents: get("accents") });
      music.show(played, { color: markColor(cornerWeights(0), isDark()), mutes: get("mutes") });
    },
    /** @param {number} step   the audible one, or -1 */
    movePlayhead(step) {
      music.movePlayhead(step);
      const bar = Math.floor(step / STEPS_PER_BAR) + 1;
      const beat = (Math.floor(step / 4) % 4) + 1;
      setText(time, step < 0 ? "" : bars > 2 ? `bar ${bar}` : `bar ${bar} · beat ${beat}`);
    },
  };
}
