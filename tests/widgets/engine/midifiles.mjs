// The reader of MIDI files of a page, as a test calls it.

import { createConverter } from "../../../latentpalette/widgets/static/engine/converters/registry.js";
import { readLoops } from "../../../latentpalette/widgets/static/files/fileloops.js";

export const loops = (meta, bytes, name, track) => readLoops(createConverter(meta), bytes, name, track);
