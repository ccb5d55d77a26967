// Tiles of a sampler: which clips there are, and how they are rolled again. Python draws the samples, a few at a time:
// what plays comes first, and the others follow.
/** @import { Clip, ClipJson, ClipTable, OnError, Request, Timeouts } from "../types.js" */
/** @import { SessionState } from "./instrumentsession.js" */

import { createTileFilling, labelOf } from "./awaitedtiles.js";
import { toBytes } from "./bytes.js";
import { clipFromJson } from "./clip.js";
import { writeClips } from "./cliptable.js";
import { NO_ANSWER } from "./kernellink.js";
import { MAX_LABEL_LENGTH } from "./labels.js";
import { canAsk } from "./requests.js";

const LOST_MILLISECONDS = 15000;

/** @typedef {Record<string, [low: number, high: number]>} Ranges   by the names of attributes */

/**
 * What tiles are drawn from.
 * @typedef {{ seed: number, temperature: number, best_of: number, conditions: Record<string, string | number>, chords: string[], ranges: Ranges }} Drawing
 */

/**
 * A roll of all free tiles, or of some of them; those in `left` are still awaited. One that goes on with a change is undone
 * with it.
 * @typedef {{ places: number[], left: number[], drawing: Drawing, isWhole: boolean, isFurther: boolean }} Roll
 */

/**
 * True if attributes lie in all ranges.
 * @param {number[]} values
 * @param {{ name: string }[]} attributes
 * @param {Ranges} ranges
 */
export function isInside(values, attributes, ranges) {
  return attributes.every(({ name }, k) => !ranges[name] || (values[k] >= ranges[name][0] && values[k] <= ranges[name][1]));
}

/**
 * @param {object} session
 * @param {SessionState} session.state
 * @param {{ change(values: Record<string, any>, isFurther?: boolean): void }} session.commands
 * @param {Request} session.request
 * @param {() => void} session.changed
 * @param {OnError} session.onError
 * @param {Timeouts} [timers]
 */
export function createTiles({ state, commands, request, changed, onError }, timers = globalThis) {
  /** @type {Roll | null} */
  let wanted = null; // the latest roll that has not begun
  /** @type {Roll | null} */
  let rolling = null;
  /** @type {Ranges | null} */
  let previewed = null; // while they are dragged

  const table = () => state.table("clips");
  const all = () => Array.from({ length: table().length }, (_, index) => index);
  const isAwaited = (/** @type {number} */ index) => filling.awaited().some((tile) => tile.index === index);
  /** Those that have no star, or are not there yet. */
  const free = () => all().filter((index) => !state.get("stars")[index] || isAwaited(index));
  /** @returns {Drawing} */
  const present = () => ({
    seed: state.get("seed"),
    temperature: state.get("temperature"),
    best_of: state.get("best_of"),
    conditions: state.get("conditions") ?? {}, // a notebook that was saved by an earlier version has none
    chords: state.get("chords") ?? [],
    ranges: state.get("ranges"),
  });

  const nextSeed = () => Math.max(state.get("last_seed"), (wanted ?? rolling)?.drawing.seed ?? 0) + 1;

  /**
   * Change tiles.
   * @param {number[]} places
   * @param {{ clips: ClipTable, labels: string[], values: number[][] }} tiles   the clips of all, and the others of these
   * @param {Record<string, any>} others
   * @param {boolean} isFurther
   */
  function put(places, { clips, labels, values }, others, isFurther) {
    const changedLabels = state.get("labels").slice();
    const changedValues = state.get("values").slice();
    places.forEach((place, k) => {
      changedLabels[place] = labels[k];
      changedValues[place] = values[k];
    });
    commands.change({ clips: clips.toBytes(), labels: changedLabels, values: changedValues, ...others }, isFurther);
  }

  const filling = createTileFilling({
    state,
    request,
    drawing: present,
    waits: () => Boolean(wanted ?? rolling),
    arrive(tiles, { bytes, values }) {
      const places = tiles.map(({ index }) => index);
      const labels = tiles.map(({ seed, number }) => labelOf(seed, number));
      put(places, { clips: table().with(places, bytes), labels, values }, {}, true); // undone with the roll
    },
    changed,
    onError,
  });
  const fillIn = () => void filling.fillIn();
  state.on("clips", () => queueMicrotask(fillIn)); // once the labels are there, too

  /**
   * What a roll changes beside its tiles.
   * @param {Roll} roll
   * @param {number} tried
   * @param {number} found
   */
  function others({ drawing, isWhole }, tried, found) {
    const settings = isWhole ? drawing : { ...drawing, seed: state.get("seed") }; // it is that of the other tiles
    return { ...settings, tried, found, last_seed: Math.max(state.get("last_seed"), drawing.seed) };
  }

  /**
   * Draw what plays, or the first tiles; the others are awaited from then on.
   * @param {Roll} roll
   */
  async function draw(roll) {
    const { places, drawing, isFurther } = roll;
    const first = Math.max(0, places.indexOf(state.get("tile")));
    const { body, buffers } = await request("draw", { count: first ? 1 : places.length, start: first, ...drawing });
    if (wanted) return; // overtaken
    const came = places.slice(first, first + body.found);
    const clips = table().without(places).with(came, toBytes(buffers[0]));
    const labels = places.map((_, k) => labelOf(drawing.seed, k));
    const values = places.map((place) => body.values[came.indexOf(place)] ?? []);
    put(places, { clips, labels, values }, others(roll, places.length, places.length), isFurther);
  }

  /**
   * Draw samples until all tiles have one whose attributes lie in the ranges; a tile keeps what it has until then.
   * @param {Roll} roll
   */
  async function drawInside(roll) {
    const { places, drawing } = roll;
    let [found, tried, more] = [0, 0, true];
    while (more && found < places.length) {
      const rest = places.slice(found);
      const { body, buffers } = await request("draw", { count: rest.length, start: tried, ...drawing });
      const isUndone = tried > 0 && state.get("last_seed") < drawing.seed;
      if (wanted || isUndone) return;
      const isFurther = tried > 0 || roll.isFurther;
      const came = rest.slice(0, body.found);
      const empty = body.more ? [] : rest.slice(body.found);
      const labels = [...came.map((_, k) => labelOf(drawing.seed, found + k)), ...empty.map(() => "")];
      [found, tried, more] = [found + body.found, tried + body.tried, body.more];
      roll.left = places.slice(found);
      const clips = table().without(empty).with(came, toBytes(buffers[0]));
      put([...came, ...empty], { clips, labels, values: [...body.values, ...empty.map(() => [])] }, others(roll, tried, found), isFurther);
    }
  }

  async function drawAll() {
    while (wanted) {
      [rolling, wanted] = [wanted, null];
      const waiting = timers.setTimeout(() => onError(new Error(NO_ANSWER)), LOST_MILLISECONDS);
      changed();
      try {
        await (Object.keys(rolling.drawing.ranges).length ? drawInside : draw)(rolling);
      } catch (problem) {
        if (!wanted) onError(problem);
      }
      timers.clearTimeout(waiting);
    }
    rolling = null;
    changed();
    fillIn();
  }

  /**
   * @param {number[]} places
   * @param {Partial<Drawing>} drawing   what is other than before
   * @param {boolean} [isWhole]
   * @param {boolean} [isFurther]
   */
  function roll(places, drawing, isWhole = false, isFurther = false) {
    const overtaken = wanted ?? rolling; // its tiles are rolled, too
    if (!canAsk(state, "draw")) {
      const where = state.get("origin") ? "run the cell again" : "open the sampler in a notebook";
      return onError(new Error(`New tiles need Python: ${where}.`));
    }
    onError(null);
    if (!places.length) return onError(new Error("Every tile has a star, and stays. Take a star away, or roll one tile."));
    const all = [...new Set([...(overtaken?.places ?? []), ...places])].sort((one, other) => one - other);
    wanted = {
      places: all,
      left: all,
      drawing: { ...(overtaken?.drawing ?? present()), ...drawing },
      isWhole: isWhole || Boolean(overtaken?.isWhole),
      isFurther,
    };
    if (!rolling) void drawAll();
  }

  fillIn();
  return {
    /** How many there are. */
    get count() {
      return table().length;
    },
    /**
     * @param {number} index
     * @returns {{ clip: Clip | null, label: string, values: number[], isStarred: boolean, isWaiting: boolean }}
     */
    at: (index) => ({
      clip: table().at(index),
      label: state.get("labels")[index] ?? "",
      values: state.get("values")[index] ?? [],
      isStarred: Boolean(state.get("stars")[index]),
      isWaiting: Boolean((wanted ?? rolling)?.left.includes(index)) || (isAwaited(index) && canAsk(state, "draw")),
    }),
    /** How many are not there yet. */
    get numAwaited() {
      return canAsk(state, "draw") ? filling.awaited().length : 0;
    },
    /** What the tiles are drawn from: what was asked for last. */
    get drawing() {
      const asked = wanted ?? rolling;
      return asked ? { ...asked.drawing, seed: asked.isWhole ? asked.drawing.seed : state.get("seed") } : present();
    },
    get isRolling() {
      return rolling !== null || filling.isFilling;
    },
    /** What the tiles are held against: ranges that are dragged, or those that are set. */
    get ranges() {
      return previewed ?? (wanted ?? rolling)?.drawing.ranges ?? state.get("ranges");
    },
    /** @param {Ranges | null} ranges */
    preview(ranges) {
      previewed = ranges;
      changed();
    },
    /** How many samples were found in the last roll. */
    get rolled() {
      return state.get("found");
    },
    /** The tiles that have a star. */
    get starred() {
      return all().filter((index) => state.get("stars")[index]);
    },
    /**
     * Have more tiles, which are rolled, or fewer: the last ones go.
     * @param {number} count
     */
    setCount(count) {
      const before = table().length;
      if (count === before) return;
      if (count > before && !canAsk(state, "draw")) {
        return onError(new Error(`More tiles need Python: ${state.get("origin") ? "run the cell again" : "open the sampler in a notebook"}.`));
      }
      const fitted = (/** @type {string} */ name, /** @type {() => any} */ empty) =>
        Array.from({ length: count }, (_, index) => state.get(name)[index] ?? empty());
      commands.change({
        clips: table().resized(count).toBytes(),
        labels: fitted("labels", () => ""),
        values: fitted("values", () => []),
        stars: fitted("stars", () => false),
      });
      if (state.get("tile") >= count) state.set({ tile: count - 1 });
      if (count > before) roll(all().slice(before), { seed: nextSeed() }, false, true);
    },
    /** Roll all tiles that have no star, with the next seed. */
    rollFree: () => roll(free(), { seed: nextSeed() }, true),
    /**
     * Draw the tiles that have no star from something else.
     * @param {Partial<Drawing>} drawing
     */
    redraw: (drawing) => roll(free(), drawing, true),
    /**
     * Ask for other ranges: tiles that lie in them stay.
     * @param {Ranges} ranges
     */
    ask(ranges) {
      const attributes = state.get("attributes");
      const outside = free().filter((index) => {
        const values = state.get("values")[index] ?? [];
        return !values.length || !isInside(values, attributes, ranges);
      });
      if (outside.length && canAsk(state, "draw")) roll(outside, { ranges, seed: nextSeed() });
      else commands.change({ ranges });
    },
    /**
     * Roll one tile, with the next seed; that of the others stays.
     * @param {number} index
     */
    rollOne: (index) => roll([index], { seed: nextSeed() }),
    /** @param {number} index */
    toggleStar(index) {
      const stars = state.get("stars").slice();
      stars[index] = !stars[index];
      commands.change({ stars });
    },
    /**
     * Put a clip into a tile.
     * @param {number} index
     * @param {{ bytes: Uint8Array<ArrayBuffer>, label: string, values: number[] }} clip
     */
    replace(index, { bytes, label, values }) {
      put([index], { clips: table().with([index], bytes), labels: [label], values: [values] }, {}, false);
    },
    /**
     * Put music into a tile; Python measures it where there is one.
     * @param {number} index
     * @param {{ clip: ClipJson, label: string }} music
     */
    async take(index, { clip, label }) {
      const values = canAsk(state, "measure") ? (await request("measure", { clip })).body.values : [];
      this.replace(index, { bytes: writeClips([clipFromJson(clip)]), label: label.slice(0, MAX_LABEL_LENGTH), values });
    },
  };
}
