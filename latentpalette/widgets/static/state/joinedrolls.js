// Piano rolls in a session: the notes themselves, played from a kit in phase with the others, instead of files of sound.
// For those who show them it is as the player of rolls (rollplayer.js).
/** @import { Clip, ClipJson, Model, RollItem, RollPlayer } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { clipFromJson } from "./clip.js";
import { createInstrumentSession } from "./instrumentsession.js";

/**
 * @param {Model} model
 * @param {{ items: RollItem[], onChange: () => void, on: RollPlayer["on"], onError: (problem: any) => void }} options
 */
export function createJoinedRolls(model, { items, onChange, on, onError }) {
  /** @type {{ json: ClipJson[] | null, clips: Clip[] }} */
  let known = { json: null, clips: [] };
  const clips = () => {
    const json = model.get("clips");
    if (json !== known.json) known = { json, clips: json.map(clipFromJson) };
    return known.clips;
  };
  /** @param {number} roll */
  const chosenAt = (roll) => ({ clip: clips()[roll], key: roll, name: items[roll].label.replace("·", "") });
  const session = createInstrumentSession(model, {
    traits: ["roll", "in_order", "clips"],
    edited: ["roll", "in_order"],
    music: ["qpm"],
    audible: ["roll", "in_order", "clips"],
    chosen: (state) => chosenAt(state.get("roll")),
    route: (state) =>
      state.get("in_order")
        ? {
            key: "in order",
            count: items.length,
            barsPerTurn: Math.ceil(Math.max(...items.map(({ steps }) => steps)) / STEPS_PER_BAR),
            mode: "loop",
            chosenAt,
          }
        : null,
  });
  const { state, transport } = session;
  const offs = [
    ...["playing", "roll", "in_order", "silenced"].map((name) => state.on(name, onChange)),
    session.on("change", () => {
      if (session.error) onError(new Error(session.error));
      onChange();
    }),
  ];

  /**
   * @param {number} roll
   * @param {boolean} order
   */
  const start = (roll, order) => {
    session.allowSound();
    state.set({ in_order: order, roll, playing: true });
    transport.refresh();
  };
  const player = {
    on,
    get playing() {
      return state.get("playing");
    },
    get inOrder() {
      return player.playing && Boolean(state.get("in_order"));
    },
    get waiting() {
      return player.playing && !transport.sounding;
    },
    /** In a session all repeat. */
    repeat: true,
    get index() {
      return player.playing ? Number(transport.position()?.key ?? state.get("roll")) : null;
    },
    /** @param {number} index */
    seconds(index) {
      const position = transport.position();
      return position && player.index === index ? position.phase * items[index].step_seconds : 0;
    },
    /** @param {number} index */
    toggle: (index) => (player.index === index ? transport.stop() : start(index, false)),
    toggleAll: () => (player.inOrder ? transport.stop() : start(0, true)),
    /** @param {number} index */
    playFrom: (index) => start(index, false), // where it is follows from the others
    seek() {},
    setRepeat() {},
    stop: transport.stop,
    dispose() {
      offs.forEach((off) => off());
      session.dispose();
    },
  };
  return player;
}
