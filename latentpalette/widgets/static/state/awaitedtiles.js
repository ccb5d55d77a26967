// Tiles that are not there yet: they have a label, which says what they are to be, and no clip. They are asked for part by
// part, what plays first; Python has the same in widgets/awaited_tiles.py.
/** @import { ClipTable, OnError, Request } from "../types.js" */
/** @import { SessionState } from "./instrumentsession.js" */

import { toBytes } from "./bytes.js";
import { canAsk } from "./requests.js";

/**
 * Sample `number` of a seed, from 0.
 * @typedef {{ index: number, seed: number, number: number }} AwaitedTile
 */

/**
 * The label of a sample of a seed.
 * @param {number} seed
 * @param {number} number   from 0
 */
export const labelOf = (seed, number) => `seed ${seed}, no. ${number + 1}`;

/**
 * @param {ClipTable} table
 * @param {readonly string[]} labels
 * @returns {AwaitedTile[]}
 */
export function awaitedTiles(table, labels) {
  return table.missing.flatMap((index) => {
    const found = /^seed (\d+), no\. (\d+)$/.exec(labels[index] ?? "");
    return found ? [{ index, seed: Number(found[1]), number: Number(found[2]) - 1 }] : [];
  });
}

/**
 * The next of them to ask for: the chosen one, or the first, with those that follow on it.
 * @param {AwaitedTile[]} awaited
 * @param {number} chosen   the tile that plays
 */
export function nextRun(awaited, chosen) {
  const first = awaited.find(({ index }) => index === chosen) ?? awaited[0];
  if (!first) return [];
  const run = [first];
  for (const tile of awaited.slice(awaited.indexOf(first) + 1)) {
    const { seed, number } = run[run.length - 1];
    if (tile.seed === seed && tile.number === number + 1) run.push(tile);
  }
  return first.index === chosen ? run.slice(0, 1) : run;
}

/**
 * @param {object} options
 * @param {SessionState} options.state
 * @param {Request} options.request
 * @param {() => Record<string, any>} options.drawing   what the tiles are drawn from
 * @param {() => boolean} options.waits                 true while a roll comes first
 * @param {(tiles: AwaitedTile[], clips: { bytes: Uint8Array<ArrayBuffer>, values: number[][] }) => void} options.arrive
 * @param {() => void} options.changed
 * @param {OnError} options.onError
 */
export function createTileFilling({ state, request, drawing, waits, arrive, changed, onError }) {
  let isFilling = false;
  const awaited = () => awaitedTiles(state.table("clips"), state.get("labels"));
  const next = () => (waits() || !canAsk(state, "draw") ? [] : nextRun(awaited(), state.get("tile")));
  return {
    get isFilling() {
      return isFilling;
    },
    awaited,
    /** Ask for what is not there, until all is; does nothing while that is under way. */
    async fillIn() {
      if (isFilling || !next().length) return;
      isFilling = true;
      try {
        for (let run = next(); run.length; run = next()) {
          const [{ seed, number }] = run;
          const asked = { ...drawing(), seed, ranges: {} };
          const { body, buffers } = await request("draw", { count: run.length, start: number, ...asked });
          const isSame = JSON.stringify({ ...drawing(), seed, ranges: {} }) === JSON.stringify(asked);
          const present = awaited(); // others may have been rolled meanwhile, or a roll been undone
          const isStill = (/** @type {AwaitedTile} */ tile) =>
            isSame && present.some((other) => other.index === tile.index && other.seed === seed && other.number === tile.number);
          const came = run.slice(0, body.found);
          if (came.length && came.every(isStill)) arrive(came, { bytes: toBytes(buffers[0]), values: body.values });
          else if (!came.length) break;
        }
      } catch (problem) {
        onError(problem);
      } finally {
        isFilling = false;
        changed();
      }
    },
  };
}
