// Files of a sampler in the Keep menu: the tile and the starred ones, as MIDI and as sound.
/** @import { ExportedFile, MenuEntry, SamplerSession } from "../../types.js" */
/** @import { Tile } from "../../files/tilefiles.js" */

import { archive, tileMidi, tileWav } from "../../files/tilefiles.js";
import { playedSettings } from "../../state/loop.js";
import { saveFile } from "../savefile.js";

/**
 * @param {SamplerSession} session
 * @returns {MenuEntry[]}
 */
export function tileEntries({ state, tiles, kit }) {
  const played = () => playedSettings(state);
  /**
   * @param {number} index
   * @returns {Tile[]}   none where it is empty
   */
  const tile = (index) => {
    const { clip, label } = tiles.at(index);
    return clip ? [{ index, clip, label }] : [];
  };
  const chosen = () => tile(state.get("tile"));
  const starred = () => tiles.starred.flatMap(tile);
  const noneStarred = () => (starred().length ? "" : "Star a tile first");
  const empty = () => (chosen().length ? "" : "This tile is empty");
  /** @type {(tile: Tile) => ExportedFile} */
  const midi = (own) => tileMidi(own, played());
  /** @type {(tile: Tile) => ExportedFile} */
  const wav = (own) => tileWav(own, played(), kit());
  /**
   * @param {string} format
   * @param {(tile: Tile) => ExportedFile} make
   */
  const row = (format, make) => ({
    label: format,
    actions: [
      { label: "tile", name: `Tile as ${format}`, title: "The chosen tile", unavailable: empty, run: () => saveFile(make(chosen()[0])) },
      {
        label: "starred",
        name: `Starred as ${format}`,
        title: "Every starred tile, in a zip",
        unavailable: noneStarred,
        run: () => saveFile(archive(`starred_${format.toLowerCase()}.zip`, starred().map(make))),
      },
    ],
  });
  return [row("MIDI", midi), row("WAV", wav)];
}
