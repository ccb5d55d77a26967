// What a sampler asks the engine of its page: samples within ranges of attributes, what there is, and variations.
/** @import { Attribute } from "../../../state/attributes.js" */
/** @import { Clip, EngineMusic } from "../../../types.js" */

import { toBytes } from "../../../state/bytes.js";
import { readClips } from "../../../state/cliptable.js";
import { measure } from "../../measures.js";
import { batchSeed } from "../../random.js";
import { tableOf } from "./bytes.js";

const QUICK_STEPS = 64; // as in sampled.py: so many steps of streams are sampled in a millisecond or two
const BATCHES = { quick: 64, slow: 16 };
const MAX_BATCHES = 16;
const SPREAD = { quick: 192, slow: 32 };

/** @param {EngineMusic} music */
export function createTilesAnswers(music) {
  const pace = music.steps * music.streams.length <= QUICK_STEPS ? "quick" : "slow";
  /** @type {Map<string, number[][]>} */
  const spreads = new Map();
  /**
   * @param {Clip[]} clips
   * @param {Attribute[]} attributes
   */
  const measureAll = (clips, attributes) => clips.map((clip) => measure(attributes, clip, music.streams));

  return {
    /**
     * @param {any} body
     * @param {{ traits: { attributes: Attribute[] } }} context
     */
    *draw({ count, start, seed, temperature, best_of, ranges, conditions }, { traits: { attributes } }) {
      const asked = attributes.flatMap(({ name }, index) => (name in ranges ? [{ index, limits: ranges[name] }] : []));
      const size = BATCHES[pace];
      const [batch, first] = [Math.floor(start / size), start % size];
      const drawn = asked.length
        ? yield* music.sample(size, { temperature, conditions, seed: batchSeed(seed, batch), bestOf: 1, skip: first })
        : yield* music.sample(start + count, { temperature, conditions, seed, bestOf: best_of, skip: start });
      /** @type {Clip[]} */
      const clips = [];
      /** @type {number[][]} */
      const values = [];
      let tried = 0;
      for (const clip of drawn) {
        if (clips.length === count) break;
        tried++;
        const [numbers] = measureAll([clip], attributes);
        if (!asked.every(({ index, limits: [low, high] }) => numbers[index] >= low && numbers[index] <= high)) continue;
        clips.push(clip);
        values.push(numbers);
      }
      const more = asked.length > 0 && (tried < drawn.length || batch < MAX_BATCHES - 1);
      return { body: { values, found: clips.length, tried, more }, buffers: [tableOf(clips)] };
    },
    /**
     * @param {{ temperature: number }} body
     * @param {{ traits: { conditions: any, attributes: Attribute[] } }} context
     */
    *spread({ temperature }, { traits: { conditions, attributes } }) {
      const key = JSON.stringify([temperature, conditions]);
      if (!spreads.has(key)) {
        const clips = yield* music.sample(SPREAD[pace], { temperature, seed: 0, bestOf: 1, conditions });
        const measured = measureAll(clips, attributes);
        spreads.set(key, attributes.map((_, index) => measured.map((values) => values[index])));
      }
      return { body: { values: spreads.get(key) }, buffers: [] };
    },
    /**
     * @param {any} body
     * @param {{ traits: { clips: ArrayBufferView<ArrayBuffer>, attributes: Attribute[] } }} context
     */
    *similar({ tile, count, similarity, seed }, { traits }) {
      const clip = readClips(toBytes(traits.clips)).at(tile);
      if (!clip) throw new Error("This tile is empty. Choose another one.");
      const clips = yield* music.similar(music.encode([clip]).mu, count, similarity, seed);
      const body = { values: measureAll(clips, traits.attributes), found: count, tried: count };
      return { body, buffers: [tableOf(clips)] };
    },
  };
}
