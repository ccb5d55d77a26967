// More like a tile: variations on it, to hear and to put in its place.
/** @import { Clip, OnError, Request, Tiles } from "../types.js" */
/** @import { SessionState } from "./instrumentsession.js" */

import { toBytes } from "./bytes.js";
import { readClips } from "./cliptable.js";
import { countChanges } from "./difference.js";
import { canAsk } from "./requests.js";

const COUNT = 6;

/**
 * The similarity to ask for. Where it is 1, Python's `model.similar` gives the reconstruction of the tile.
 * @param {number} distance   0 (twin) to 1 (cousin)
 */
export const similarityAt = (distance) => Math.round((0.85 - 0.6 * distance) * 100) / 100;

/**
 * @param {object} options
 * @param {{ state: SessionState, request: Request, changed: () => void, onError: OnError }} options.session
 * @param {Tiles} options.tiles
 * @param {(clip: Clip | null, key: string) => void} options.play   plays one instead of the tile; null: the tile again
 */
export function createVariations({ session: { state, request, changed, onError }, tiles, play }) {
  /** @type {{ tile: number, clips: Clip[], entries: Uint8Array<ArrayBuffer>[], values: number[][], source: Clip } | null} */
  let found = null;
  /** @type {number | null} */
  let playing = null;
  let asked = 0;
  let seed = 0;

  /** @param {number | null} index */
  function select(index) {
    playing = index;
    play(index === null || !found ? null : found.clips[index], `variation ${index}`);
  }
  return {
    /** The tile that they are like, or null. */
    get tile() {
      return found?.tile ?? null;
    },
    get clips() {
      return found?.clips ?? [];
    },
    /** The one that plays instead of the tile, or null. */
    get playing() {
      return playing;
    },
    /** The clip that is chosen: one of them, or the tile's. */
    chosen: () => (playing === null ? tiles.at(state.get("tile")).clip : (found?.clips[playing] ?? null)),
    /** True while they are awaited. */
    isAsking: false,
    /** The number of notes by which they differ from the tile, on average. */
    get changes() {
      if (!found) return 0;
      const { clips, source } = found;
      return clips.reduce((sum, clip) => sum + countChanges(source, clip), 0) / clips.length;
    },
    /**
     * Ask for variations on the chosen tile.
     * @param {number} distance   0 (twin) to 1 (cousin)
     */
    async ask(distance) {
      const tile = state.get("tile");
      const source = tiles.at(tile).clip;
      if (!canAsk(state, "similar") || !source) {
        const where = state.get("origin") ? "run the cell again" : "open the sampler in a notebook";
        return onError(new Error(source ? `Variations need Python: ${where}.` : "This tile is empty: choose another one."));
      }
      const own = ++asked;
      this.isAsking = true;
      onError(null);
      try {
        const body = { tile, count: COUNT, similarity: similarityAt(distance), seed: seed++ };
        const { body: answer, buffers } = await request("similar", body);
        if (own !== asked) return;
        const table = readClips(toBytes(buffers[0]));
        const entries = Array.from({ length: table.length }, (_, k) => table.only(k).toBytes());
        const clips = entries.map((_, k) => /** @type {Clip} */ (table.at(k)));
        found = { tile, clips, entries, values: answer.values, source };
        select(null);
      } catch (problem) {
        if (own === asked) onError(problem);
      } finally {
        if (own === asked) this.isAsking = false;
        changed();
      }
    },
    select,
    /** Put the one that plays in the place of its tile. */
    keep() {
      if (!found || playing === null) return;
      const { tile, entries, values } = found;
      tiles.replace(tile, { bytes: entries[playing], label: `like tile ${tile + 1}`, values: values[playing] });
      select(null);
    },
    /** Forget them: another tile is chosen. */
    clear() {
      asked++;
      found = null;
      this.isAsking = false;
      if (playing !== null) select(null);
    },
  };
}
