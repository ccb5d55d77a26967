// Requests for the loops of a MIDI file, and for those of one of its tracks.
/** @import { FileLoops, Request } from "../types.js" */

const MAX_MIDI_BYTES = 16 << 20; // as Python accepts them

/**
 * Why a file is not sent at all, or "".
 * @param {File} file
 */
export const tooLarge = ({ name, size }) => (size > MAX_MIDI_BYTES ? `${name} is too large for a MIDI file of loops.` : "");

/**
 * The body of a request for a file.
 * @param {File} file
 * @param {number | null} track   the number of the one that is read; null for the best
 */
export const fileBody = ({ name }, track) => ({ name: name.slice(0, 1000), track });

/**
 * @param {Request} request
 * @param {File} file
 * @param {number | null} [track]
 * @returns {Promise<FileLoops>}
 */
export async function requestLoops(request, file, track = null) {
  const { body } = await request("midi", fileBody(file, track), [await file.arrayBuffer()]);
  return body;
}
