// The MIDI files that the loops of a groove panel are from. Python keeps those that it has read, and so does the page, which
// may lose it. A page of its own keeps the last few, also when it is opened again.
/** @import { InstrumentState } from "../types.js" */

import { toBytes } from "./bytes.js";
import { createFileStore } from "./pagestore.js";

/**
 * @param {Pick<InstrumentState, "get">} state
 * @param {ReturnType<typeof createFileStore>} [store]
 */
export function createSongFiles(state, store = createFileStore()) {
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
  const files = new Map(); // the browser may refuse to keep any
  /** @param {string} id */
  function fileOf(id) {
    const stored = files.get(id) ?? store.get(id)?.bytes;
    return stored ? toBytes(stored) : null;
  }
  return {
    /**
     * @param {string} id
     * @param {ArrayBuffer} data
     */
    keep(id, data) {
      files.set(id, toBytes(data));
      if (!state.get("has_kernel")) store.set(id, { bytes: toBytes(data) });
    },
    /** What goes along with a request for the song. */
    toSend() {
      const file = fileOf(state.get("source_id"));
      return file ? [file.buffer] : [];
    },
    /** Why there is no song to save, or "". */
    missing() {
      const id = state.get("source_id");
      if (!id) return "For a MIDI file that was loaded";
      if (state.get("has_kernel") || fileOf(id)) return "";
      return state.get("origin") ? "Needs Python: run the cell again" : "The rest of the song is not here: load its file again";
    },
  };
}
