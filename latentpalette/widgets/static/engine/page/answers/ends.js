// What an instrument with two ends asks the engine of its page: the row of a mixer, the way of a slider, a place on it.
/** @import { ClipJson, EngineMusic } from "../../../types.js" */

import { clipFromJson } from "../../../state/clip.js";
import { chooseEvenPlaces, noteChanges } from "../../../state/evensteps.js";
import { evenPositions } from "../../interpolation.js";
import { tableOf } from "./bytes.js";

const MORE_PLACES = 4; // decoded for each step of an even row, to choose from, as in row.py
const NUM_PLACES = 33; // of a way, as in way.py

/**
 * @typedef {object} EndTraits
 * @property {ClipJson[]} end_clips
 * @property {"slerp" | "lerp" | number} interpolation
 * @property {number} n
 * @property {boolean} even_steps
 */

/** @param {EngineMusic} music */
function createWay(music) {
  let key = "";
  let mu = new Float32Array(0);
  /**
   * @param {EndTraits} traits
   * @param {number[]} positions
   */
  return ({ end_clips, interpolation }, positions) => {
    const wanted = JSON.stringify(end_clips);
    if (wanted !== key) [mu, key] = [music.encode(end_clips.map(clipFromJson)).mu, wanted];
    return music.decode(Float32Array.from(music.blendEnds(mu, positions, interpolation)));
  };
}

/** @param {EngineMusic} music */
export function createMixerAnswers(music) {
  const decodeAt = createWay(music);
  return {
    /**
     * @param {object} _
     * @param {{ traits: EndTraits }} context
     */
    *decode(_, { traits }) {
      const start = performance.now();
      const { n, even_steps } = traits;
      const isEven = even_steps && n > 2;
      let clips = yield* decodeAt(traits, evenPositions(isEven ? MORE_PLACES * (n - 1) + 1 : n));
      if (isEven) clips = chooseEvenPlaces(noteChanges(clips, music.streams), n).map((place) => clips[place]);
      return { body: { decode_ms: performance.now() - start }, buffers: [tableOf(clips)] };
    },
  };
}

/** @param {EngineMusic} music */
export function createSliderAnswers(music) {
  const decodeAt = createWay(music);
  return {
    /**
     * @param {object} _
     * @param {{ traits: EndTraits }} context
     */
    *decode(_, { traits }) {
      const start = performance.now();
      const clips = yield* decodeAt(traits, evenPositions(NUM_PLACES));
      return { body: { decode_ms: performance.now() - start }, buffers: [tableOf(clips)] };
    },
    /**
     * @param {{ t: number }} body
     * @param {{ traits: EndTraits }} context
     */
    *place({ t }, { traits }) {
      return { body: {}, buffers: [tableOf(yield* decodeAt(traits, [t]))] };
    },
  };
}
