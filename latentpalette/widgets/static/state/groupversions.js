// The past of a session: the states of all its instruments together, and what was edited in all of them. Both are there when
// all instruments are.
/** @import { Clip, Edits, Model, Versions } from "../types.js" */
/** @import { GroupState } from "./groupstate.js" */

import { joinSpans, playedClip } from "./clip.js";
import { createEdits } from "./edits.js";
import { playedSettings } from "./loop.js";
import { createVersions } from "./versions.js";

const NOT_SHOWN = "Not all instruments of this session are shown. Show them first.";

/** @param {{ state: GroupState, model: Model, onChange: () => void }} options */
export function createGroupVersions({ state, model, onChange }) {
  /** @type {Versions | null} */
  let whole = null;
  /** @type {Edits | null} */
  let edits = null;
  let latest = 0; // the instrument that was changed last: its place colors the state

  /** What all of them play, each as its mutes and locks have it, as long as the longest. */
  function picture() {
    const parts = state.instruments().map(({ state: own, picture }) => ({ own, ...picture() }));
    const clips = parts.map(({ own, clip }) => (clip && !own.get("silenced") ? playedClip(clip, playedSettings(own)) : null));
    const steps = Math.max(1, ...clips.map((clip) => clip?.steps ?? 0));
    let first = 0; // the index of an instrument's first stream among all
    const notes = clips.flatMap((clip, part) => {
      const offset = first;
      first += parts[part].own.streams.length;
      if (!clip) return [];
      return joinSpans([{ clip, from: 0, to: steps }]).notes.map((note) => ({ ...note, stream: note.stream + offset }));
    });
    /** @type {Clip | null} */
    const clip = parts.every(({ clip }) => clip) ? { steps, notes: notes.sort((one, other) => one.step - other.step) } : null;
    return { clip, weights: parts[latest]?.weights };
  }

  const begin = () => {
    if (whole || !state.isWhole) return;
    const isPage = model.get("has_kernel") === false && !model.get("origin");
    // On a page of their own the instruments keep what is theirs; in a notebook the session offers all of it.
    const ofAll = /^\d+\.(silenced|volume)$|^qpm$/;
    edits = createEdits({ state, model, names: isPage ? state.edited().filter((name) => ofAll.test(name)) : state.edited(), onChange });
    const [names, places] = [state.edited(), state.places()];
    for (const name of [...names, ...places]) {
      const index = Number.parseInt(name, 10);
      if (!Number.isNaN(index)) offs.push(state.on(name, () => void (latest = index)));
    }
    whole = createVersions({
      state,
      names: names.filter((name) => !places.includes(name)),
      places,
      picture,
      isMoving: () => state.instruments().some(({ transport }) => transport.followed),
      storage: edits.storage,
      onChange,
    });
    onChange();
  };
  const offs = [state.on("instruments", begin)];
  queueMicrotask(begin); // when its session is there as a whole

  /** @type {Versions} */
  const versions = {
    get list() {
      return whole?.list ?? [];
    },
    get current() {
      return whole?.current ?? null;
    },
    get isWhole() {
      return whole?.isWhole ?? true;
    },
    take: () => whole?.take(),
    refresh: () => whole?.refresh(),
    valuesOf: (version) => whole?.valuesOf(version) ?? {},
    clipOf: (version) => whole?.clipOf(version) ?? null,
    toggleStar: (version) => whole?.toggleStar(version) ?? false,
    starred: () => whole?.starred() ?? null,
    add: (saved) => whole?.add(saved),
    dispose() {
      offs.forEach((off) => off());
      whole?.dispose();
    },
  };
  return {
    versions,
    edits: {
      get offered() {
        return edits?.offered ?? null;
      },
      withdraw() {
        for (const instrument of state.instruments()) instrument.edits.withdraw();
        edits?.withdraw();
      },
      get initial() {
        return Object.fromEntries(state.edited().map((name) => [name, state.get(name)]));
      },
      present() {
        if (!state.isWhole) throw new Error(NOT_SHOWN);
        return Object.fromEntries(state.edited().map((name) => [name, state.get(name)]));
      },
    },
  };
}
