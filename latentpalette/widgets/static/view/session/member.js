// An instrument of a session: its name and what plays it, mute, solo, lock and volume, and the place for itself.
/** @import { InstrumentHandle } from "../../types.js" */
/** @import { GroupState } from "../../state/groupstate.js" */
/** @import { createGroupCommands } from "../../state/groupcommands.js" */

import { lockOf } from "../../state/lock.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";

/**
 * @param {object} options
 * @param {number} options.index         of the instrument in the session
 * @param {GroupState} options.state
 * @param {ReturnType<typeof createGroupCommands>["commands"]} options.commands
 * @param {() => void} options.mark
 */
export function createMember({ index, state: { members, instrument }, commands, mark }) {
  const { id, name } = members[index];
  const own = () => instrument(index);
  const isLocked = () => Boolean(own()?.state.get("locks")?.every((/** @type {unknown} */ lock) => lock !== null));

  /**
   * @param {string} label
   * @param {string} title
   * @param {(Element | string)[]} pictures
   * @param {(found: InstrumentHandle) => void} act
   */
  const button = (label, title, pictures, act) => {
    const made = el("button", { class: "lp-mini", type: "button", title, aria: { label: `${label} ${name}`, pressed: false } });
    made.append(...pictures);
    made.addEventListener("click", () => {
      const found = own();
      if (found) act(found);
      mark();
    });
    return made;
  };
  const mute = button("Mute", `Leave ${name} out`, [icon("muted")], () => commands.toggleMute(index));
  const solo = button("Solo", `Hear ${name} alone`, ["S"], () => commands.toggleSolo(index));
  const lock = button(
    "Lock",
    `Hold ${name}: it goes on with what it plays now, wherever you go in it`,
    [icon("unlocked"), icon("locked")],
    ({ state, clip, commands }) => {
      const playing = clip();
      if (isLocked()) commands.change({ locks: state.lanes.map(() => null) });
      else if (playing) commands.change({ locks: state.lanes.map((_, lane) => lockOf(playing, lane, state)) });
    },
  );
  const volume = el("input", { class: "lp-member-volume", type: "range", min: 0, max: 1, step: 0.01, aria: { label: `Volume of ${name}` } });
  volume.addEventListener("input", (event) => commands.setVolume(index, Number(volume.value), event.timeStamp));
  const sound = el("span", { class: "lp-dim lp-member-sound" });
  const doing = el("span", { class: "lp-dim lp-member-doing" });
  const slot = el("div", { class: "lp-member-slot" });
  const element = el(
    "li",
    { class: "lp-member" },
    el(
      "div",
      { class: "lp-member-head" },
      el("span", { class: "lp-member-name", text: name, title: name }),
      sound,
      doing,
      el("span", { class: "lp-mix" }, mute, solo, lock),
      volume,
    ),
    slot,
  );
  return {
    id,
    element,
    /** Where the instrument itself is shown. */
    slot,
    show() {
      const found = own();
      const off = Boolean(found?.state.get("silenced"));
      element.classList.toggle("lp-member-off", off);
      mute.setAttribute("aria-pressed", String(off));
      solo.setAttribute("aria-pressed", String(commands.isSolo(index)));
      lock.setAttribute("aria-pressed", String(isLocked()));
      lock.hidden = Boolean(found) && !found?.state.get("locks"); // a piano roll stays as it is
      for (const control of [mute, solo, lock, volume]) control.disabled = !found;
      const value = found?.state.get("volume") ?? 1;
      volume.value = String(value);
      volume.style.setProperty("--lp-share", `${100 * value}%`);
      const streams = found?.state.streams ?? [];
      setText(sound, streams.length === 1 ? streams[0].instrument : "");
      setText(doing, !found ? "not shown on this page" : off ? "muted" : isLocked() ? "held" : found.transport.sounding ? "plays" : "");
    },
  };
}
