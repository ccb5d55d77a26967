// What differs between two states of an instrument, in a few words.
/** @import { InstrumentState, Lane } from "../types.js" */

import { toText } from "./bytes.js";
import { tonicName } from "./pitch.js";

/** @typedef {Record<string, any>} Values */

/**
 * The items of a list that differ, with their positions.
 * @param {any} before
 * @param {any} after
 * @returns {number[]}
 */
const changedItems = (before, after) =>
  Array.isArray(before) && Array.isArray(after)
    ? after.flatMap((item, index) => (toText(item) === toText(before[index]) ? [] : [index]))
    : [];

/**
 * Text of music in which notes differ by anything but their pitches.
 * @param {any} music   that has clips, as `ClipJson`
 */
const unpitched = (music) =>
  JSON.stringify(music, (name, part) => (name === "notes" ? part.map((/** @type {number[]} */ [step, , ...others]) => [step, ...others]).sort() : part));

/**
 * @param {string} name   of the place
 * @returns {(before: any, after: any, values: Values) => string}
 */
const labeled = (name) => (before, after, { labels }) => {
  const changed = changedItems(before, after);
  if (changed.length !== 1) return changed.length === after.length ? `all ${name}s` : `${changed.length} ${name}s`;
  return `${name} ${"ABCD"[changed[0]]}: ${labels?.[changed[0]] ?? ""}`;
};

/**
 * @param {string} on
 * @param {string} off
 * @returns {(before: any, after: any, values: Values, lanes: Lane[]) => string}
 */
const switched = (on, off) => (before, after, _, lanes) => {
  const changed = changedItems(before, after);
  if (changed.length !== 1) return `${changed.length} lanes ${on} or ${off}`;
  return `${lanes[changed[0]]?.name ?? "lane"} ${after[changed[0]] ? on : off}`;
};

/** @type {Record<string, ((before: any, after: any, values: Values, lanes: Lane[]) => string) | null>} */
const WORDS = {
  corner_clips: labeled("corner"),
  end_clips: labeled("end"),
  mutes: switched("muted", "unmuted"),
  locks: switched("locked", "unlocked"),
  qpm: (_, qpm) => `${Math.round(qpm * 10) / 10} qpm`,
  size: (_, size) => `${size} × ${size} cells`,
  n: (_, n) => `${n} steps`,
  autoplay_bars: (_, bars) => (bars === 1 ? "1 bar one way" : `${bars} bars one way`),
  points: (_, points) => (points.length ? "another path" : "no path"),
  interpolation: () => "another blend",
  chords: (_, chords) => `chords ${chords.join(" ")}`,
  clips: (_, clips, { seed }) => (Array.isArray(clips) ? "the clipboard" : seed === undefined ? "other clips" : `other tiles, seed ${seed}`),
  places: () => "the song",
  refined: () => "edited cells",
  tonic: (_, tonic) => `tonic ${tonicName(tonic)}`,
  scale: (_, scale) => `scale ${scale}`,
  written_clip: (_, __, { label }) => `loop: ${label}`,
  played_clip: () => "another drummer",
  music_clip: (_, __, { labels }) => `music: ${labels?.[0] ?? ""}`,
  held: () => "a slider held",
  directions: (_, kind) => (kind === "dimensions" ? "single dimensions" : "directions of most change"),
  silenced: (_, silenced) => (silenced ? "left out" : "heard again"),
  volume: () => "its volume",
  in_order: (_, inOrder) => (inOrder ? "in order" : "one roll alone"),
  stars: (before, after) => (changedItems(before, after).length === 1 ? "a star" : "stars"),
  // Of these others speak.
  ...Object.fromEntries(["labels", "label", "left_out", "curves", "values", "tried", "found", "last_seed", "source_id", "seed", "taps", "start_z"].map((name) => [name, null])),
};
const KEY = ["tonic", "scale"];
const MOVED = ["corner_clips", "curves", "refined", "clips", "places"]; // music that moves with the key
const PLACES = ["puck", "tile", "plays", "t"];
const MAX_WORDS = 3;

/**
 * @param {Values | null} before   null: nothing was before
 * @param {Values} after
 * @param {Lane[]} lanes
 */
export function describeChange(before, after, lanes) {
  if (!before) return "as it came";
  const differing = Object.keys(after).filter((name) => toText(before[name]) !== toText(after[name]));
  const isMoved = KEY.some((name) => differing.includes(name));
  /** True if what differs follows from another key. @param {string} name */
  const follows = (name) => isMoved && MOVED.includes(name) && unpitched(before[name]) === unpitched(after[name]);
  const changed = differing.filter((name) => !follows(name));
  const words = changed.flatMap((name) => {
    if (PLACES.includes(name) || WORDS[name] === null) return [];
    return WORDS[name]?.(before[name], after[name], after, lanes) ?? name.replaceAll("_", " ");
  });
  if (!words.length) return "another place";
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS).join(", ")} and more` : words.join(", ");
}

/**
 * As `describeChange`, of the traits of a state, which may be that of several instruments.
 * @param {Pick<InstrumentState, "lanes" | "describe">} state
 * @param {Values | null} before
 * @param {Values} after
 */
export const describeChangeIn = (state, before, after) => state.describe?.(before, after) ?? describeChange(before, after, state.lanes);

/**
 * How long ago: "now", "3 min ago", "2 h ago", "yesterday".
 * @param {number} milliseconds
 */
export function formatAge(milliseconds) {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.round(hours / 24);
  return days === 1 ? "yesterday" : `${days} days ago`;
}
