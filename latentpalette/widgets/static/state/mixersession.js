// Session of a mixer: the row between its ends, the step or the row that plays, and the commands of its controls.
/** @import { Model } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { createEnds } from "./ends.js";
import { nearestIndices } from "./fillin.js";
import { createInstrumentSession } from "./instrumentsession.js";
import { MAX_N, MIN_N, createRows } from "./rows.js";
import { shareSessions } from "./sharing.js";

const EDITED = [
  "end_clips", "labels", "left_out", "n", "interpolation", "even_steps", "use_original_ends", "row_mode", "mutes", "locks",
  "volumes", "sounds", "chords",
];
const TRAITS = ["end_clips", "labels", "left_out", "n", "interpolation", "even_steps", "use_original_ends", "tile", "plays", "row_mode", "chords", "tiles"];
const AUDIBLE = ["end_clips", "use_original_ends", "plays", "row_mode"];

/**
 * The weights of the corners' colors of a step.
 * @param {number} index
 * @param {number} count   of the steps
 */
function weightsOf(index, count) {
  const share = index / Math.max(1, count - 1);
  return [1 - share, share, 0, 0];
}

/** Open a view's share in the session of a mixer. */
export const openMixer = shareSessions(createMixerSession);

/** @param {Model} unsafeModel */
function createMixerSession(unsafeModel) {
  const id = unsafeModel.get("widget_id");
  /** @type {{ row: unknown, first: number, turn: number } | null} */
  let followed = null; // the row while it plays

  const session = createInstrumentSession(unsafeModel, {
    traits: TRAITS,
    edited: EDITED,
    audible: AUDIBLE,
    places: ["tile"],
    weights: ({ get }) => weightsOf(get("tile"), get("n")),
    chosen() {
      const index = chosenIndex();
      const clip = clipAt(index);
      return clip && { clip, ...namesOf(index) };
    },
    route() {
      if (state.get("plays") !== "row") {
        followed = null;
        return null;
      }
      const { length } = rows.table;
      let key = followed;
      if (key?.row !== rows.shown) {
        const isOver = !followed && state.get("row_mode") === "once" && chosenIndex() === length - 1;
        const first = isOver ? 0 : chosenIndex();
        key = { row: rows.shown, first, turn: first };
      }
      if (state.get("playing")) followed = key;
      const own = key;
      return {
        key: own,
        count: length,
        first: own.first,
        barsPerTurn: ends.steps / STEPS_PER_BAR,
        mode: state.get("row_mode"),
        chosenAt: (index) => ({ clip: clipAt(index) ?? rows.nearest(index) ?? ends.silence(), ...namesOf(index) }),
        onTurn(index) {
          own.turn = index;
          state.set({ tile: tileOf(index) });
        },
      };
    },
  });
  const { state, transport, commands, request, onError, changed } = session;
  const ends = createEnds({
    state,
    commands,
    request,
    choose(end) {
      if (state.get("plays") === "tile") mixer.actions.choose(end ? rows.table.length - 1 : 0);
    },
    audible() {
      const index = mixer.audibleIndex();
      return index === 0 ? 0 : index === rows.table.length - 1 ? 1 : null;
    },
  });
  const rows = createRows({
    id,
    state,
    trait: "tiles",
    inputs: ["end_clips", "n", "interpolation", "even_steps", "chords"],
    count: () => state.get("n"),
    request,
    firstOf: (missing) => nearestIndices(missing, chosenIndex()),
    onRow() {
      changed();
      if (state.get("playing")) transport.refresh();
    },
    changed,
    onError,
  });

  /** @param {number} index   in the row that is shown */
  const namesOf = (index) => ({ key: `tile ${index}`, weights: weightsOf(index, rows.table.length) });
  /** The index in the row that is shown of the chosen step: another number of steps may be on its way. */
  const chosenIndex = () => moved(state.get("tile"), state.get("n"), rows.table.length);
  /** @param {number} index   in the row that is shown */
  const tileOf = (index) => moved(index, rows.table.length, state.get("n"));
  /**
   * The clip of a step of the row that is shown, before locks and mutes.
   * @param {number} index
   */
  function clipAt(index) {
    const { table } = rows;
    const isEnd = index === 0 || index === table.length - 1;
    return isEnd && state.get("use_original_ends") ? ends.clip(index ? 1 : 0) : table.at(index);
  }

  const unsubscribe = [
    state.on("tile", () => {
      if (!state.get("playing")) return;
      if (followed && transport.followed) {
        if (chosenIndex() === followed.turn) return; // the row has moved on by itself
        followed = { row: rows.shown, first: chosenIndex(), turn: chosenIndex() };
      }
      transport.refresh();
    }),
    state.on("playing", () => {
      if (!state.get("playing")) followed = null;
    }),
  ];
  const disposeSession = session.dispose;

  const mixer = Object.assign(session, {
    rows,
    ends,
    clipAt,
    chosenIndex,
    /** The steps of the row that is shown, as clips. */
    clips: () => Array.from({ length: rows.table.length }, (_, index) => clipAt(index)),
    /** The index of the step that sounds, or is chosen. */
    audibleIndex() {
      const [kind, index] = String(transport.position()?.key ?? "").split(" ");
      return kind === "tile" ? Math.min(Number(index), rows.table.length - 1) : chosenIndex();
    },
    decodeState: () => rows.decodeState,
    actions: {
      /**
       * Choose a step of the row that is shown.
       * @param {number} index
       */
      choose: (index) => state.set({ tile: tileOf(Math.min(Math.max(index, 0), rows.table.length - 1)) }),
      /**
       * @param {number} n
       * @param {boolean} [isFurther]   true while the same pull goes on
       */
      setN(n, isFurther = false) {
        const next = Math.min(Math.max(Math.round(n), MIN_N), MAX_N);
        if (next === state.get("n")) return;
        commands.change({ n: next, tile: moved(state.get("tile"), state.get("n"), next) }, isFurther);
      },
    },
    dispose() {
      unsubscribe.forEach((off) => off());
      rows.dispose();
      disposeSession();
    },
  });
  return mixer;
}

/**
 * Where an index of one row lies in another, at the same place on the way from A to B.
 * @param {number} index
 * @param {number} from   number of steps
 * @param {number} to
 */
export const moved = (index, from, to) => Math.round((Math.min(index, from - 1) / (from - 1)) * (to - 1));
