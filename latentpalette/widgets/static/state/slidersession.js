// Session of an interpolation slider: the place between two ends that sounds, as the model plays it or as a cross-fade.
/** @import { Clip, Model } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { crossfadeClip } from "./crossfade.js";
import { changesAlong } from "./difference.js";
import { END_TRAITS, createEnds } from "./ends.js";
import { chooseEvenPlaces, noteChanges } from "./evensteps.js";
import { createExactPlaces } from "./exactplaces.js";
import { nearestIndices } from "./fillin.js";
import { createInstrumentSession } from "./instrumentsession.js";
import { asksPage, canAsk } from "./requests.js";
import { placeOfTurn, turnAt, turnSteps, turnsOneWay } from "./ride.js";
import { MAX_N, MIN_N, createRows } from "./rows.js";
import { shareSessions } from "./sharing.js";

export const NUM_PLACES = 33; // of the row that Python decodes at once
const GRAIN = 1000; // places of the slider
const FINE = 0.01; // a fine move
const OWN = ["t", "n", "snap", "even_steps", "plays", "autoplay", "autoplay_bars"];
const EDITED = [...END_TRAITS, "t", "n", "snap", "even_steps", "autoplay_bars", "mutes", "locks", "volumes", "sounds", "chords"];
const INPUTS = ["end_clips", "interpolation", "chords"];
const weightsOf = (/** @type {number} */ t) => [1 - t, t, 0, 0]; // of the corners
const RIDE = ["autoplay", "autoplay_bars", "launch_quantization", "snap", "n", "even_steps"]; // what a ride depends on

/** Open a view's share in the session of a slider. */
export const openSlider = shareSessions(createSliderSession);

/** @param {Model} unsafeModel */
function createSliderSession(unsafeModel) {
  const id = unsafeModel.get("widget_id");
  /** @type {{ key: string, first: number, turn: number, oneWay: number } | null} */
  let ride = null; // while it moves by itself
  let goesBack = false; // from B to A
  let isHeld = false; // by a pointer: it does not move by itself then

  const session = createInstrumentSession(unsafeModel, {
    traits: [...END_TRAITS, ...OWN, "chords", "tiles"],
    edited: EDITED,
    audible: ["end_clips", "use_original_ends", "plays", ...RIDE],
    places: ["t"],
    weights: ({ get }) => weightsOf(get("t")),
    chosen: () => chosenAt(state.get("t")),
    route() {
      if (!state.get("autoplay") || isHeld) {
        ride = null;
        return null;
      }
      const turn = turnSteps(state.get("launch_quantization"), ends.steps);
      const key = JSON.stringify(RIDE.map((name) => state.get(name)));
      const oneWay = turnsOneWay(state.get("autoplay_bars"), turn);
      const first = turnAt(state.get("t"), oneWay, goesBack);
      const own = ride?.key === key ? ride : { key, first, turn: first, oneWay };
      if (state.get("playing")) ride = own;
      return {
        key: own,
        count: 2 * own.oneWay,
        first: own.first,
        barsPerTurn: turn / STEPS_PER_BAR,
        mode: "loop",
        chosenAt: (index) => chosenAt(stopAt(placeOfTurn(index, own.oneWay))),
        onTurn(index) {
          own.turn = index;
          goesBack = index >= own.oneWay;
          state.set({ t: stopAt(placeOfTurn(index, own.oneWay)) });
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
      if (!state.get("autoplay")) moveTo(end, true);
    },
    audible: () => [0, 1].find((end) => end === state.get("t")) ?? null,
  });
  const rowKey = () => JSON.stringify(INPUTS.map((name) => state.get(name)));
  const rows = createRows({
    id,
    state,
    trait: "tiles",
    inputs: INPUTS,
    count: () => NUM_PLACES,
    request,
    firstOf: (missing) => nearestIndices(missing, Math.round(state.get("t") * last())),
    onRow() {
      changed();
      want();
      if (state.get("playing")) transport.refresh();
    },
    changed,
    onError,
  });
  const exact = createExactPlaces({
    request: (/** @type {number} */ t) => request("place", { t }),
    rowKey,
    canAsk: () => canAsk(state, "place"),
    isQuick: () => asksPage(state, "place"),
    onPlace() {
      changed();
      if (state.get("playing")) transport.refresh();
    },
    onError,
  });
  /** Ask for the exact place of the slider, where the row does not have it. */
  function want() {
    const t = state.get("t");
    if (isInRow(t) || (ride && transport.followed)) exact.forget();
    else exact.want(t);
  }

  const last = () => rows.table.length - 1;
  const isInRow = (/** @type {number} */ t) => Number.isInteger(t * last());
  /**
   * The music of a place as the model plays it, before locks and mutes: exact, or the nearest of the row.
   * @param {number} t
   * @returns {Clip}
   */
  function clipAt(t) {
    if (state.get("use_original_ends") && (t === 0 || t === 1)) return ends.clip(t);
    const clip = (isInRow(t) || rows.isStale ? null : exact.get(t)) ?? rows.nearest(Math.round(t * last()));
    return clip ?? ends.silence();
  }
  /**
   * What sounds at a place.
   * @param {number} t
   */
  function chosenAt(t) {
    const plays = state.get("plays");
    const clip = plays === "crossfade" ? crossfadeClip(ends.clip(0), ends.clip(1), t) : clipAt(t);
    return { clip, key: `${plays} ${t}`, weights: weightsOf(t) };
  }

  // --- steps ----------------------------------------------------------------------------------------------------------
  /** @type {{ table: unknown, changes: (number | null)[] } | null} */
  let compared = null;
  /** @type {{ table: unknown, n: number, even: boolean, steps: number[] } | null} */
  let known = null;
  /** The places of the row, as clips; null where one is not there yet. */
  const places = () => Array.from({ length: rows.table.length }, (_, index) => rows.table.at(index));
  /** How many notes differ from each place of the row to the next; null where one is not there yet. */
  function changes() {
    if (compared?.table !== rows.table) compared = { table: rows.table, changes: changesAlong(places()) };
    return compared.changes;
  }
  /** Even steps are chosen once all places of the row are there. @param {number} n */
  const evenSteps = (n) =>
    chooseEvenPlaces(noteChanges(places().map((clip) => clip ?? ends.silence()), state.streams), n).map((place) => place / last());
  /** The places of the steps. */
  function steps() {
    const [n, even] = [state.get("n"), state.get("even_steps") && !rows.table.missing.length];
    const isKnown = known && known.n === n && known.even === even && (!even || known.table === rows.table);
    if (!known || !isKnown) {
      known = { table: rows.table, n, even, steps: even ? evenSteps(n) : Array.from({ length: n }, (_, index) => index / (n - 1)) };
    }
    return known.steps;
  }
  /**
   * The step nearest to a place.
   * @param {number} t
   */
  const nearestStep = (t) => steps().reduce((best, step) => (Math.abs(step - t) < Math.abs(best - t) ? step : best));
  /**
   * Where a slider that moves by itself stands: on a step, or a place of the row.
   * @param {number} t
   */
  const stopAt = (t) => (state.get("snap") ? nearestStep(t) : Math.round(t * last()) / last());

  /**
   * @param {number} t
   * @param {boolean} [isFurther]   true while the same move goes on
   */
  function moveTo(t, isFurther = false) {
    if (!Number.isFinite(t)) return;
    const next = Math.min(Math.max(t, 0), 1);
    if (next === state.get("t")) return;
    goesBack = next === 1 || (next > 0 && next < state.get("t"));
    commands.change({ t: next }, isFurther);
  }

  const unsubscribe = [
    state.on("t", () => {
      const isRiding = ride && transport.followed;
      if (isRiding && state.get("t") === stopAt(placeOfTurn(ride?.turn ?? 0, ride?.oneWay ?? 1))) return; // it has moved on by itself
      ride = null; // it goes on from there
      want();
      if (state.get("playing")) transport.refresh();
    }),
    state.on("playing", () => {
      if (!state.get("playing")) ride = null;
    }),
  ];
  const disposeSession = session.dispose;
  want();

  const slider = Object.assign(session, {
    rows,
    ends,
    clipAt,
    /** The clip of the place that is chosen, in the way that is to be heard. */
    chosenClip: () => chosenAt(state.get("t")).clip,
    changes,
    steps,
    nearestStep,
    /** What is audible, or would be. @returns {{ plays: string, t: number }} */
    audible() {
      const [plays, t] = String(transport.position()?.key ?? "").split(" ");
      return t === undefined ? { plays: state.get("plays"), t: state.get("t") } : { plays, t: Number(t) };
    },
    /**
     * Where the slider is drawn: on a ride it glides.
     * @returns {number}
     */
    shownPlace() {
      const position = ride && transport.followed ? transport.position() : null;
      if (!ride || position?.cell == null || state.get("snap")) return state.get("t");
      const { oneWay } = ride;
      const [from, to] = [position.cell, position.cell + 1].map((turn) => placeOfTurn(turn, oneWay));
      return from + (to - from) * position.cellPhase;
    },
    /** True if the music at a place is exact: not that of a place near it. */
    isExact: (/** @type {number} */ t) => (isInRow(t) ? Boolean(rows.table.at(t * last())) : Boolean(exact.get(t))),
    decodeState: () => rows.decodeState,
    actions: {
      moveTo,
      /**
       * Move as a pointer does: onto a step, if the slider snaps.
       * @param {number} t
       * @param {{ isFurther: boolean, isFine: boolean }} move   a fine one does not snap
       */
      drag(t, { isFurther, isFine }) {
        const place = Math.min(Math.max(t, 0), 1);
        moveTo(state.get("snap") && !isFine ? nearestStep(place) : Math.round(place * GRAIN) / GRAIN, isFurther);
      },
      /**
       * Move to the next step.
       * @param {number} turn         1 towards B, -1 towards A
       * @param {boolean} [isFurther]
       */
      step(turn, isFurther) {
        const t = state.get("t");
        const ahead = steps().filter((step) => (turn > 0 ? step > t + 1e-6 : step < t - 1e-6));
        if (ahead.length) moveTo(turn > 0 ? ahead[0] : ahead[ahead.length - 1], isFurther);
      },
      /**
       * Move a little.
       * @param {number} turn         1 towards B, -1 towards A
       * @param {boolean} [isFurther]
       */
      nudge: (turn, isFurther) => moveTo(Math.round((state.get("t") + turn * FINE) * GRAIN) / GRAIN, isFurther),
      /**
       * Hold the slider: while it is held it does not move by itself.
       * @param {boolean} to
       */
      hold(to) {
        if (isHeld === to) return;
        isHeld = to;
        if (state.get("autoplay") && state.get("playing")) transport.refresh();
      },
      /** @param {number} n */
      setN(n) {
        const next = Math.min(Math.max(Math.round(n), MIN_N), MAX_N);
        if (next !== state.get("n")) commands.change({ n: next });
      },
      swap: () => state.set({ plays: state.get("plays") === "model" ? "crossfade" : "model" }),
    },
    dispose() {
      unsubscribe.forEach((off) => off());
      rows.dispose();
      exact.dispose();
      disposeSession();
    },
  });
  return slider;
}
