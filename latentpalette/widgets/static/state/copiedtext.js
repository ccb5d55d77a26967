// The text of a clip that is copied.
/** @import { CopiedClip } from "../types.js" */

export const CLIP_TYPE = "application/x-latentpalette-clip"; // of what is dragged
export const COPIED_KIND = "latentpalette clip";
export const COPIED_VERSION = 1;

/** @param {CopiedClip} copied */
export const copiedText = ({ clip, label, qpm, streams }) =>
  JSON.stringify({ kind: COPIED_KIND, version: COPIED_VERSION, label, qpm, streams: streams.map(described), clip });

/** @param {CopiedClip["streams"][number]} stream */
const described = ({ name, is_drum, program, instrument, low, high }) => ({ name, is_drum, program, instrument, low, high });
