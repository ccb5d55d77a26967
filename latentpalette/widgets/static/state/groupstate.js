// State of a session: traits of its own, and those of its instruments, under the number of each: "0.mutes" is of the first.
/** @import { InstrumentHandle, InstrumentState, Lane, Model, Stream } from "../types.js" */

import { toText } from "./bytes.js";
import { describeChange } from "./changewords.js";
import { fits } from "./checkvalues.js";
import { createEmitter } from "./emitter.js";
import { instrumentsOf, onPageChange } from "./ensemble.js";

/** @typedef {{ id: string, name: string }} Member */

export const TRAITS = ["qpm", "volume", "playing"];
export const OF_EACH = ["launch_quantization"]; // the instruments have it, all the same when it is set here
const EVERY = ["mutes", "locks", "volumes", "sounds", "silenced", "volume"]; // is edited in every instrument
const OF_ROLLS = ["silenced", "volume"]; // which have no lanes; their sounds are files

/** @typedef {ReturnType<typeof createGroupState>} GroupState */

/** @param {Model} model */
export function createGroupState(model) {
  const emitter = createEmitter();
  /** @type {Member[]} */
  const members = model.get("members");
  const instruments = () => instrumentsOf(members.map(({ id }) => id));
  /** @param {number} index */
  const instrument = (index) => /** @type {InstrumentHandle | undefined} */ (instrumentsOf([members[index]?.id])[0]);
  /** @param {string} name */
  const ofMember = (name) => {
    const [, index, own] = /^(\d+)\.(.+)$/.exec(name) ?? [];
    return own ? { own, index: Number(index), found: instrument(Number(index)) } : null;
  };
  /** @param {number} index */
  const editedOf = (index) => {
    const found = instrument(index);
    if (!found) return [];
    const every = found.state.get("mutes") === undefined ? OF_ROLLS : EVERY;
    return [...new Set([...found.edits.names, ...every])].filter((name) => name !== "qpm").map((name) => `${index}.${name}`);
  };

  const state = {
    members,
    instruments,
    instrument,
    /** True if all instruments are shown. */
    get isWhole() {
      return instruments().length === members.length;
    },
    /** The names of all that is edited in the session; those of instruments that are shown. */
    edited: () => ["qpm", ...members.flatMap((_, index) => editedOf(index))],
    /** The names of those that say what of their music plays. */
    places: () =>
      members.flatMap((_, index) => (instrument(index)?.edits.places ?? []).map((name) => `${index}.${name}`)),

    /** @param {string} name */
    get(name) {
      const part = ofMember(name);
      if (part) return part.found?.state.get(part.own);
      if (OF_EACH.includes(name)) return instruments()[0]?.state.get(name);
      if (name === "model_name") return members.map((_, index) => instrument(index)?.state.get(name) ?? "rolls").join(" + ");
      return model.get(name);
    },
    /** @param {Record<string, any>} values */
    set(values) {
      for (const [name, value] of Object.entries(values)) {
        const part = ofMember(name);
        if (part) part.found?.state.set({ [part.own]: value });
        else if (OF_EACH.includes(name)) for (const { state: own } of instruments()) own.set({ [name]: value });
        else model.set(name, value);
      }
      model.save_changes();
    },
    on: emitter.on,
    /** @returns {Stream[]} */
    get streams() {
      return instruments().flatMap(({ state: own }) => own.streams);
    },
    /** @returns {Lane[]} */
    get lanes() {
      let first = 0; // the index of an instrument's first stream among all
      return instruments().flatMap(({ state: own }) => {
        const offset = first;
        first += own.streams.length;
        return own.lanes.map((lane) => ({ ...lane, stream: lane.stream + offset }));
      });
    },
    /** @type {NonNullable<InstrumentState["fits"]>} */
    fits(name, value) {
      const part = ofMember(name);
      if (!part) return fits(name, value, { ...state, fits: undefined });
      return part.found !== undefined && fits(part.own, value, part.found.state);
    },
    /** @type {NonNullable<InstrumentState["describe"]>} */
    describe(before, after) {
      if (!before) return "as it came";
      const words = [before.qpm === after.qpm ? "" : describeChange({ qpm: before.qpm }, { qpm: after.qpm }, [])];
      members.forEach(({ name }, index) => {
        const [own, other] = [before, after].map((values) => partOf(values, index));
        if (toText(own) !== toText(other)) words.push(`${name}: ${describeChange(own, other, instrument(index)?.state.lanes ?? [])}`);
      });
      return words.filter(Boolean).join("; ") || "as before";
    },
    dispose() {
      offPage();
      offs.forEach((off) => off());
      for (const [type, handler] of handlers) model.off(type, handler);
    },
  };

  const handlers = TRAITS.map((name) => /** @type {[string, () => void]} */ ([`change:${name}`, () => emitter.emit(name)]));
  for (const [type, handler] of handlers) model.on(type, handler);
  /** @type {(() => void)[]} */
  let offs = [];
  const watch = () => {
    offs.forEach((off) => off());
    offs = [...state.edited(), ...state.places()].flatMap((name) => {
      const part = ofMember(name);
      return part?.found ? [part.found.state.on(part.own, () => emitter.emit(name))] : [];
    });
    offs.push(...instruments().flatMap(({ state: own }) => OF_EACH.map((name) => own.on(name, () => emitter.emit(name)))));
    emitter.emit("instruments");
  };
  const offPage = onPageChange(watch);
  watch();
  return state;
}

/**
 * The values that are those of one instrument, under its own names.
 * @param {Record<string, any>} values
 * @param {number} index
 * @returns {Record<string, any>}
 */
export const partOf = (values, index) =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (name.startsWith(`${index}.`) ? [[name.slice(`${index}.`.length), value]] : [])),
  );
