// The converters of the page's engine, as a test calls them: many clips at once, inputs as lists of frames.

import { createConverter } from "../../../latentpalette/widgets/static/engine/converters/registry.js";

export const clipsOf = (meta, tokens, count) => {
  const converter = createConverter(meta);
  return Array.from({ length: count }, (_, index) => converter.clip(tokens, index));
};

export const read = (meta, clips) => {
  const converter = createConverter(meta);
  return clips.map((clip) => {
    converter.check(clip, "The clip");
    return {
      tokens: Array.from(converter.tokens(clip)),
      canonical: converter.canonical(clip),
      input: frames(converter.input(clip), clip.steps),
    };
  });
};

export const check = (meta, clip) => createConverter(meta).check(clip, "The clip");

// The columns of a step that are not 0, with their values.
function frames({ kind, depth, perStep, values }, steps) {
  return Array.from({ length: steps }, (_, step) => {
    if (kind === "columns") return Array.from(values.subarray(step * perStep, (step + 1) * perStep), (at) => [at, 1]);
    const row = Array.from(values.subarray(step * depth, (step + 1) * depth));
    return row.flatMap((value, at) => (value ? [[at, value]] : []));
  });
}
