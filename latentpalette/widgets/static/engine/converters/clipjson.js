// Clips as Python writes them: offsets have four digits.
/** @import { Clip } from "../../types.js" */

import { clipToJson } from "../../state/clip.js";
import { roundHalfEven } from "./rounding.js";

/** @param {Clip} clip */
export const writtenClip = ({ steps, notes }) =>
  clipToJson({ steps, notes: notes.map((note) => ({ ...note, offset: roundHalfEven(note.offset * 1e4) / 1e4 })) });
