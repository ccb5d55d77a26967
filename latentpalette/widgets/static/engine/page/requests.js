// The requests that the engine of a page responds to, by the kind of instrument, with the traits that each one reads.

const SAMPLE = ["conditions"];
const ENDS = ["end_clips", "interpolation"];
const ROW = [...ENDS, "n", "even_steps"];
const PLAYED = ["source_id", "written_clip", "played_clip", "timing", "velocity", "swing", "swing_of", "lanes", "mutes"];
const GRID = ["corner_clips", "size", "interpolation"];

/** @type {Record<string, Record<string, string[]>>} */
export const REQUESTS = {
  palette: { decode: [], cells: GRID, between: GRID, restore: [], sample: SAMPLE, midi: [] },
  sampler: { draw: ["attributes"], spread: ["conditions", "attributes"], similar: ["clips", "attributes"], sample: SAMPLE, midi: [] },
  melodymixer: { decode: ROW, sample: SAMPLE, midi: [] },
  interpolationslider: { decode: ENDS, place: ENDS, sample: SAMPLE, midi: [] },
  latentloops: { decode: GRID, cells: GRID, sample: SAMPLE, midi: [], drums: [] },
  groovepanel: { humanize: [], hats: ["accents"], tap: ["accents"], song: [], file: PLAYED },
  latentsliders: { place: [], encode: [], sample: SAMPLE, midi: [] },
};

/** Those that need an encoder for music that the page did not come with. */
export const ENCODED = ["midi", "encode", "humanize", "hats", "tap", "song"];

/**
 * Those that need another model beside the one that the instrument plays, by its role.
 * @type {Record<string, string | undefined>}
 */
export const ROLES = { hats: "hats", tap: "tap", drums: "drums" };

/** Those that a newer one makes pointless: the engine drops the older. */
export const OVERTAKEN = ["decode", "place", "between"];

/** The kinds of instruments that the engine responds to. */
export const kinds = () => Object.keys(REQUESTS);
