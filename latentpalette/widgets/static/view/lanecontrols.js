// Controls of a lane: mute, lock and, of streams, solo. They are there where they are set, and where the pointer or the
// focus is.
/** @import { LaneCommands, MusicSource, MusicState } from "../types.js" */

import { lockOf } from "../state/lock.js";
import { isSolo, toggleSolo } from "../state/solo.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @template T
 * @param {T[]} list
 * @param {number} index
 * @param {T} value
 */
const replaced = (list, index, value) => list.map((item, i) => (i === index ? value : item));

/**
 * @param {object} options
 * @param {Pick<MusicState, "get" | "lanes">} options.state
 * @param {MusicSource} options.playback
 * @param {LaneCommands} options.commands
 * @param {number} options.lane
 * @param {boolean} [options.withSolo]
 * @param {boolean} [options.withLock]
 */
export function createLaneControls({ state, playback, commands, lane, withSolo = false, withLock = true }) {
  const { name } = state.lanes[lane];
  /**
   * @param {string} verb
   * @param {string} title
   * @param {(Element | string)[]} pictures
   * @param {() => void} click
   */
  const toggle = (verb, title, pictures, click) => {
    const button = el("button", {
      class: "lp-mini",
      type: "button",
      title,
      aria: { label: `${verb} ${name}`, pressed: false },
      on: { click },
    });
    button.append(...pictures);
    return button;
  };
  const mute = toggle("Mute", `Mute ${name}`, [icon("muted")], () => {
    commands.change({ mutes: replaced(state.get("mutes"), lane, !state.get("mutes")[lane]) });
  });
  const solo = withSolo
    ? toggle("Solo", `Hear ${name} alone`, ["S"], () => commands.change({ mutes: toggleSolo(state.get("mutes"), lane) }))
    : null;
  const lock = toggle(
    "Lock",
    `Lock ${name}: keep what it plays while the palette moves`,
    [icon("unlocked"), icon("locked")],
    () => commands.change({ locks: replaced(state.get("locks"), lane, state.get("locks")[lane] ? null : playing()) }),
  );
  /** What the lane plays now. */
  function playing() {
    const clip = playback.clip();
    return clip && lockOf(clip, lane, state);
  }
  const element = el("span", { class: "lp-minis" }, solo, mute, withLock ? lock : null);
  return {
    element,
    show() {
      const mutes = state.get("mutes");
      mute.setAttribute("aria-pressed", String(Boolean(mutes[lane])));
      solo?.setAttribute("aria-pressed", String(isSolo(mutes, lane)));
      lock.setAttribute("aria-pressed", String(Boolean(state.get("locks")[lane])));
    },
  };
}

/**
 * On a touch screen a tap on a lane shows its controls, those of one lane at a time.
 * @param {HTMLElement} rows   an element around lanes
 */
export function openLanesOnTap(rows) {
  rows.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const lane = target.closest(".lp-lane");
    if (!lane || target.closest("button")) return;
    for (const other of rows.querySelectorAll(".lp-lane.lp-open")) if (other !== lane) other.classList.remove("lp-open");
    lane.classList.toggle("lp-open");
  });
}
