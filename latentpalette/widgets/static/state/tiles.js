// Tiles of a sampler: which clips there are, and how they are rolled again. Python draws the samples, a batch at a time.
/** @import { Clip, ClipJson, OnError, Request, Timeouts } from "../types.js" */
/** @import { SessionState } from "./instrumentsession.js" */

import { toBytes } from "./bytes.js";
import { clipFromJson } from "./clip.js";
import { writeClips } from "./cliptable.js";
import { NO_ANSWER } from "./kernellink.js";
import { MAX_LABEL_LENGTH } from "./labels.js";
import { canAsk } from "./requests.js";

const MAX_BATCHES = 16; // as in sampled.py
const LOST_MILLISECONDS = 15000;

/** @typedef {Record<string, [low: number, high: number]>} Ranges   by the names of attributes */

/**
 * What tiles are drawn from.
 * @typedef {{ seed: number, temperature: number, best_of: number, conditions: Record<string, string | number>, ranges: Ranges }} Drawing
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
  const free = () => all().filter((index) => !state.get("stars")[index]);
  /** @returns {Drawing} */
  const present = () => ({
    seed: state.get("seed"),
    temperature: state.get("temperature"),
    best_of: state.get("best_of"),
    conditions: state.get("conditions") ?? {}, // a notebook that was saved by an earlier version has none
    ranges: state.get("ranges"),
  });

  const nextSeed = () => Math.max(state.get("last_seed"), (wanted ?? rolling)?.drawing.seed ?? 0) + 1;

  /**
   * Put clips into tiles; those without values are empty.
   * @param {number[]} places
   * @param {{ bytes: Uint8Array<ArrayBuffer>, labels: string[], values: number[][] }} clips
   * @param {Record<string, any>} others
   * @param {boolean} isFurther
   */
  function put(places, { bytes, labels, values }, others, isFurther) {
    const changedLabels = state.get("labels").slice();
    const changedValues = state.get("values").slice();
    places.forEach((place, k) => {
      changedLabels[place] = labels[k];
      changedValues[place] = values[k];
    });
    const clips = new DataView(table().with(places, bytes).toBytes().buffer);
    commands.change({ clips, labels: changedLabels, values: changedValues, ...others }, isFurther);
  }

  /** @param {Roll} roll */
  async function draw(roll) {
    const { places, drawing, isWhole } = roll;
    const settings = isWhole ? drawing : { ...drawing, seed: state.get("seed") }; // it is that of the other tiles
    const batches = Object.keys(drawing.ranges).length ? MAX_BATCHES : 1;
    let [found, tried] = [0, 0];
    for (let batch = 0; batch < batches && found < places.length; batch++) {
      const rest = places.slice(found);
      const { body, buffers } = await request("draw", { count: rest.length, batch, ...drawing });
      if (wanted) return; // overtaken
      const labels = rest.map((_, k) => (k < body.found ? `seed ${drawing.seed}, no. ${found + k + 1}` : ""));
      tried += body.tried;
      found += body.found;
      roll.left = places.slice(found);
      const others = { tried, found, last_seed: Math.max(state.get("last_seed"), drawing.seed) };
      put(rest, { bytes: toBytes(buffers[0]), labels, values: body.values }, { ...settings, ...others }, batch > 0 || roll.isFurther);
    }
  }

  async function drawAll() {
    while (wanted) {
      [rolling, wanted] = [wanted, null];
      const waiting = timers.setTimeout(() => onError(new Error(NO_ANSWER)), LOST_MILLISECONDS);
      changed();
      try {
        await draw(rolling);
      } catch (problem) {
        if (!wanted) onError(problem);
      }
      timers.clearTimeout(waiting);
    }
    rolling = null;
    changed();
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
      isWaiting: Boolean((wanted ?? rolling)?.left.includes(index)),
    }),
    /** What the tiles are drawn from: what was asked for last. */
    get drawing() {
      const asked = wanted ?? rolling;
      return asked ? { ...asked.drawing, seed: asked.isWhole ? asked.drawing.seed : state.get("seed") } : present();
    },
    get isRolling() {
      return rolling !== null;
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
        clips: new DataView(table().resized(count).toBytes().buffer),
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
      put([index], { bytes, labels: [label], values: [values] }, {}, false);
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
