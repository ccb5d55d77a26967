// Session of a sampler: the tiles, what of them plays, and the variations on one of them.
/** @import { Clip, Model } from "../types.js" */

import { createInstrumentSession } from "./instrumentsession.js";
import { shareSessions } from "./sharing.js";
import { createTiles } from "./tiles.js";
import { createVariations } from "./variations.js";

const TILES = ["clips", "labels", "values", "stars"];
const DRAWN = ["temperature", "seed", "best_of", "conditions", "chords", "ranges", "tried", "found", "last_seed", "volumes", "sounds"];

/** Open a view's share in the session of its sampler. */
export const openSampler = shareSessions(createSamplerSession);

/** @param {Model} unsafeModel */
function createSamplerSession(unsafeModel) {
  /** @type {{ clip: Clip, key: string } | null} */
  let variation = null; // that plays instead of the chosen tile
  const session = createInstrumentSession(unsafeModel, {
    traits: ["tile", ...TILES, ...DRAWN],
    edited: [...TILES, ...DRAWN],
    audible: ["clips", "tile"],
    places: ["tile"],
    chosen(state) {
      if (variation) return variation;
      const tile = state.get("tile");
      const clip = state.table("clips").at(tile);
      return clip && { clip, key: `tile ${tile}`, name: String(tile + 1) };
    },
  });
  const tiles = createTiles(session);
  const variations = createVariations({
    session,
    tiles,
    play(clip, key) {
      variation = clip && { clip, key };
      session.transport.refresh();
      session.changed();
    },
  });
  return Object.assign(session, { tiles, variations });
}
