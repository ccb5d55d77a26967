// The engine's rating and its attributes of clips, as a test calls them.

import { clipFromJson } from "../../../latentpalette/widgets/static/state/clip.js";
import { measure } from "../../../latentpalette/widgets/static/engine/measures.js";
import { chooseBest, rate } from "../../../latentpalette/widgets/static/engine/rating.js";

export const rateAll = (clips, streams) => clips.map((clip) => rate(clipFromJson(clip), streams));

// The indices of those that are chosen.
export function bestOf(given, group, streams) {
  const clips = given.map(clipFromJson);
  return chooseBest(clips, group, streams).map((clip) => clips.indexOf(clip));
}

export const measureAll = (attributes, clips, streams) =>
  clips.map((clip) => measure(attributes, clipFromJson(clip), streams));
