// Session of latent sliders: a piece of music, how far it is moved along each direction, and what is decoded there.
/** @import { Clip, ClipJson, Model, Places } from "../types.js" */

import { toBytes } from "./bytes.js";
import { clipFromJson } from "./clip.js";
import { readClips, writeClips } from "./cliptable.js";
import { coordinatesOf, moveAlong, normPercentile, readDirections } from "./directions.js";
import { createExactPlaces } from "./exactplaces.js";
import { createInstrumentSession } from "./instrumentsession.js";
import { MAX_LABEL_LENGTH } from "./labels.js";
import { keepInNotebook } from "./notebook.js";
import { asksPage, canAsk } from "./requests.js";
import { shareModel, shareSessions } from "./sharing.js";

export const REACH = 4; // of a slider, on both sides of the middle [standard deviations]
const GRAIN = 100; // places of a slider in a standard deviation
const RANDOM_REACH = 3;
const MUSIC = ["music_clip", "labels", "left_out", "start_z"];
const EDITED = [...MUSIC, "values", "held", "directions", "mutes", "locks", "volumes", "sounds", "chords"];

/** @type {Map<string, Clip>} */
const SHOWN = new Map(); // what was decoded last, by the id of the widget: the next view and the notebook have it

/** Open a view's share in the session of latent sliders. */
export const openLatentSliders = shareSessions(createLatentSession);

/**
 * Let the views of a widget find its model, and its notebook keep what was decoded last.
 * @param {Model} model
 * @returns {() => void}   forgets both, when the widget is gone
 */
export function keepPlace(model) {
  const id = model.get("widget_id");
  const unshare = shareModel(model);
  keepInNotebook(model, () => {
    const clip = SHOWN.get(id);
    return clip ? { clip: writeClips([clip]) } : {};
  });
  return () => {
    unshare();
    SHOWN.delete(id);
  };
}

/** @param {Model} unsafeModel */
function createLatentSession(unsafeModel) {
  const id = unsafeModel.get("widget_id");
  const session = createInstrumentSession(unsafeModel, {
    traits: [...EDITED, "plays", "clip", "direction_table", "norms", "page_requests"],
    edited: EDITED,
    audible: [...MUSIC, "values", "directions", "plays"],
    places: ["plays"],
    chosen: () => chosen(),
  });
  const { state, transport, commands, request, onError, changed } = session;

  // --- where the sliders stand ----------------------------------------------------------------------------------------
  /** @type {{ bytes: unknown, z: Float32Array, version: number }} */
  let start = { bytes: null, z: new Float32Array(0), version: 0 };
  /** z of the music. */
  function startZ() {
    const bytes = state.get("start_z");
    if (bytes !== start.bytes) start = { bytes, z: new Float32Array(toBytes(bytes).buffer), version: start.version + 1 };
    return start.z;
  }
  const table = readDirections(state.get("direction_table"), startZ().length);
  const kind = () => table[state.get("directions") === "dimensions" ? "dimensions" : "principal"];
  const values = () => /** @type {number[]} */ (state.get("values"));
  const zOf = (/** @type {number[]} */ amounts) => moveAlong(startZ(), amounts, kind().steps);
  /** Where the music lies along each slider. */
  const startPlaces = () => coordinatesOf(startZ(), table.mean, kind().weights.slice(0, values().length));

  /** @type {Clip} */
  let decoded = SHOWN.get(id) ?? readClips(toBytes(state.get("clip"))).at(0) ?? clipFromJson(state.get("music_clip"));
  const exact = createExactPlaces({
    request: (/** @type {number[]} */ amounts) => request("place", {}, [/** @type {ArrayBuffer} */ (zOf(amounts).buffer)]),
    rowKey() {
      startZ();
      return `${state.get("directions")} ${start.version} ${state.get("chords")}`;
    },
    canAsk: () => canAsk(state, "place"),
    isQuick: () => asksPage(state, "place"),
    onPlace() {
      takeDecoded();
      changed();
      if (state.get("playing")) transport.refresh();
    },
    onError,
  });
  function takeDecoded() {
    const clip = exact.get(values());
    if (!clip) return;
    decoded = clip;
    if (id) SHOWN.set(id, clip);
  }
  /** Ask for the place where the sliders stand. */
  function want() {
    exact.want(values());
    takeDecoded();
    changed();
  }

  // --- what plays -----------------------------------------------------------------------------------------------------
  /** @type {{ json: unknown, clip: Clip | null }} */
  let read = { json: null, clip: null };
  /** The music as it was. @returns {Clip} */
  function music() {
    const json = state.get("music_clip");
    if (json !== read.json) read = { json, clip: clipFromJson(json) };
    return /** @type {Clip} */ (read.clip);
  }
  const chosen = () => {
    const plays = state.get("plays");
    return { clip: plays === "music" ? music() : decoded, key: plays === "music" ? plays : `${plays} ${values()}`, name: plays };
  };

  /**
   * Begin with other music.
   * @param {ClipJson} clip
   * @param {string} label
   * @param {string[]} [leftOut]
   */
  async function begin(clip, label, leftOut = []) {
    onError(null);
    try {
      const { buffers } = await request("encode", { clip });
      commands.change({
        music_clip: clip,
        labels: [label.slice(0, MAX_LABEL_LENGTH)],
        left_out: [leftOut],
        start_z: toBytes(buffers[0]),
        values: values().map(() => 0),
      });
    } catch (problem) {
      onError(problem);
    }
  }
  /** @type {Places} */
  const places = {
    word: "end",
    clip: music,
    json: () => state.get("music_clip"),
    put: (_, clip, label, leftOut) => void begin(clip, label, leftOut),
    async sample(_, temperature, seed) {
      const { body } = await request("sample", { temperature, seed });
      await begin(body.clip, body.label);
    },
    beginEdit() {},
    editNotes() {},
    play() {},
    get playing() {
      return state.get("plays") === "music" ? 0 : null;
    },
  };

  const isHeld = (/** @type {number} */ index) => Boolean(state.get("held")[index]);
  /** @param {number} amount */
  const rounded = (amount) => Math.round(GRAIN * amount) / GRAIN;
  /**
   * Move one slider to a place.
   * @param {number} index
   * @param {number} place   [standard deviations from the middle]
   * @param {boolean} [isFurther]   true while the same move goes on
   */
  function moveTo(index, place, isFurther = false) {
    if (!canAsk(state, "place")) return;
    const amount = rounded(Math.min(Math.max(place, -REACH), REACH) - startPlaces()[index]);
    if (amount === values()[index]) return;
    commands.change({ values: values().with(index, amount) }, isFurther);
    if (state.get("plays") === "music") state.set({ plays: "moved" });
  }

  const unsubscribe = [
    ...["values", "directions", "start_z", "chords", "has_kernel", "page_requests"].map((name) => state.on(name, want)),
    state.on("clip", () => {
      decoded = readClips(toBytes(state.get("clip"))).at(0) ?? decoded;
      want();
    }),
  ];
  const disposeSession = session.dispose;
  want();

  return Object.assign(session, {
    places,
    music,
    /** What the model makes of the place, or of the last one that was decoded. */
    moved: () => decoded,
    /** True if that is the place where the sliders stand. */
    isExact: () => Boolean(exact.get(values())),
    /** Why the sliders cannot be moved, or "". */
    isStill: () => !canAsk(state, "place"),
    startPlaces,
    /** Where the sliders stand. */
    coordinates: () => startPlaces().map((place, k) => place + values()[k]),
    percentile: () => normPercentile(zOf(values()), state.get("norms")),
    mostSliders: () => table.count,
    /** What each slider is called. */
    names: () =>
      values().map((_, k) => {
        const label = state.get("directions") === "dimensions" ? String(largest(kind().steps[k])) : String(k + 1);
        return { label, title: state.get("directions") === "dimensions" ? `Dimension ${label} of z` : `Direction ${label}` };
      }),
    isHeld,
    actions: {
      moveTo,
      /**
       * @param {number} index
       * @param {number} amount   [standard deviations]
       * @param {boolean} [isFurther]
       */
      nudge(index, amount, isFurther) {
        moveTo(index, startPlaces()[index] + values()[index] + amount, isFurther);
      },
      /** Put a slider back to where the music lies. @param {number} index */
      restore(index) {
        if (values()[index]) commands.change({ values: values().with(index, 0) });
      },
      reset() {
        if (values().some(Boolean)) commands.change({ values: values().map(() => 0) });
      },
      /** Put the sliders that are not held where music may lie. */
      randomize() {
        if (!canAsk(state, "place")) return;
        const from = startPlaces();
        const drawn = values().map((own, k) => (isHeld(k) ? own : rounded(normal() - from[k])));
        commands.change({ values: drawn });
        if (state.get("plays") === "music") state.set({ plays: "moved" });
      },
      /** @param {number} index */
      toggleHeld(index) {
        const held = values().map((_, k) => isHeld(k));
        commands.change({ held: held.with(index, !held[index]) });
      },
      /** @param {number} n */
      setCount(n) {
        const count = Math.min(Math.max(Math.round(n), 1), table.count);
        if (count === values().length) return;
        commands.change({ values: Array.from({ length: count }, (_, k) => values()[k] ?? 0) });
      },
      /** @param {string} directions */
      setDirections(directions) {
        if (directions !== state.get("directions")) commands.change({ directions, values: values().map(() => 0) });
      },
      swap: () => state.set({ plays: state.get("plays") === "music" ? "moved" : "music" }),
    },
    dispose() {
      unsubscribe.forEach((off) => off());
      exact.dispose();
      disposeSession();
    },
  });
}

/** @param {Float32Array} numbers */
const largest = (numbers) => numbers.reduce((best, each, k) => (Math.abs(each) > Math.abs(numbers[best]) ? k : best), 0);

/** A number of the standard normal distribution, not far out. */
function normal() {
  const number = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return Math.min(Math.max(number, -RANDOM_REACH), RANDOM_REACH);
}
