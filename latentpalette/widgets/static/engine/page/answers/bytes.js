// What a response carries beside its body: clips, and numbers, as bytes.
/** @import { Clip } from "../../../types.js" */

import { writeClips } from "../../../state/cliptable.js";

const MISSING = { steps: 0, notes: [] }; // a clip that is not decoded yet, as a table has it

/** @param {(Clip | null)[]} clips */
export const tableOf = (clips) => writeClips(clips.map((clip) => clip ?? MISSING));

/** @param {Float32Array<ArrayBuffer>} numbers */
export const bytesOf = (numbers) => new Uint8Array(numbers.slice().buffer);
