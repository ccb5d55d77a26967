// The engine's interpolations, as a test calls them.

import { blendCorners, blendEnds, evenPositions, vary } from "../../../latentpalette/widgets/static/engine/interpolation.js";
import { normPercentiles, samplePercentiles } from "../../../latentpalette/widgets/static/engine/percentiles.js";

export { normPercentiles, samplePercentiles };

export const positions = (counts) => counts.map(evenPositions);

export const between = (pairs, places, interpolation) =>
  pairs.map((ends) => blendEnds(ends, places, interpolation, null));

export const grids = (corners, sizes) => sizes.map((size) => blendCorners(corners, size, "lerp", null));

export const mixtures = (z, noise, similarities) => similarities.map((similarity) => vary(z, noise, similarity, null));
