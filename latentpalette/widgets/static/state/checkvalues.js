// Checks of values of traits that come from a file or from an earlier visit, where no Python checks them.
/** @import { InstrumentState } from "../types.js" */

import { SCALES } from "./pitch.js";

const SIZES = [3, 21];
const QPM = [20, 400];
const STEPS_OF_ROW = [2, 33];
const STEPS_PER_BAR = 16;
export const MAX_STEPS = 4096; // of a clip, as Python accepts it
const MAX_TEXT = 1000; // [characters]
const MAX_NOTES = 20_000; // of a clip
const MAX_POINTS = 5000;
const MAX_TAPS = 1000;

/** @param {number[]} range */
const within = ([low, high]) => (/** @type {any} */ value) => Number.isFinite(value) && value >= low && value <= high;
/** @param {any[]} allowed */
const among = (...allowed) => (/** @type {any} */ value) => allowed.includes(value);
/** @param {(value: any) => boolean} check */
const each = (check, limit = Infinity) => (/** @type {any} */ value) =>
  Array.isArray(value) && value.length <= limit && value.every(check);
const isBoolean = (/** @type {any} */ value) => typeof value === "boolean";
export const isText = (/** @type {any} */ value) => typeof value === "string" && value.length <= MAX_TEXT;
const isShare = within([0, 1]);
const isWhole = (/** @type {any} */ value) => Number.isInteger(value) && value >= 0;

/**
 * A note as files have it: [step, pitch, length, velocity, offset], and where it is in a clip its stream.
 * @param {any} note
 * @param {number} steps
 */
const isNote = (note, steps) =>
  each(Number.isFinite)(note) &&
  isWhole(note[0]) && note[0] < steps &&
  isWhole(note[1]) && note[1] < 128 &&
  isWhole(note[2]) && note[2] > 0 && note[2] <= 65535 &&
  isWhole(note[3]) && within([1, 127])(note[3]) && within([-0.5, 0.5])(note[4]);

/**
 * True if a clip has so many steps, and all its notes lie in them.
 * @param {any} clip
 * @param {number} steps
 * @param {number} streams   how many there are
 */
export const isClip = (clip, steps, streams) =>
  clip?.steps === steps &&
  each((note) => isNote(note, steps) && note.length === 6 && isWhole(note[5]) && note[5] < streams, MAX_NOTES)(clip.notes);

/** @typedef {(value: any, present: any, state: InstrumentState) => boolean} Check */
/** @type {Check} */
const areClips = (value, present, { streams }) => each((clip) => isClip(clip, present[0].steps, streams.length))(value);
/** @type {Check} */
const isDrumLoop = (value, _, { streams }) =>
  value?.steps > 0 && value.steps % STEPS_PER_BAR === 0 && isClip(value, value.steps, streams.length);
/** @param {any} value   a tonic, a row of a grid */
const isSmall = (value) => isWhole(value) && value < 12;
/** @type {Check} */
const isLoop = (loop, _, state) =>
  isClip(loop?.clip, state.get("corner_clips")[0].steps, 1) && isText(loop.label) &&
  (loop.at === null || (each(isShare)(loop.at) && loop.at.length === 2));
/** @type {Check} */
const isPlace = (place, _, state) =>
  isLoop(place, null, state) && within([1, 16])(place.repeats) && within([-24, 24])(place.transpose) &&
  (place.drums === null || (place.drums?.clip?.steps > 0 && isClip(place.drums.clip, place.drums.clip.steps, 2) && isText(place.drums.label)));
/** @type {Check} */
const areReasons = (value, _, state) => each(state.get("labels") ? each(isText, 100) : isText, 100)(value); // of one loop, or of each
const isAmount = within([0, 2]); // of timing and velocity

/** @type {Record<string, Check>} */
const CHECKS = {
  corner_clips: areClips,
  end_clips: areClips,
  written_clip: isDrumLoop,
  played_clip: isDrumLoop,
  label: isText,
  labels: each(isText),
  left_out: areReasons,
  size: (value) => isWhole(value) && within(SIZES)(value),
  puck: (value) => each(isShare)(value) && value.length === 2,
  tool: among("drag", "draw"),
  tile: within([0, 63]),
  cell: (value) => each(isSmall)(value) && value.length === 2,
  points: each((point) => each(isShare)(point) && point.length === 2, MAX_POINTS),
  qpm: within(QPM),
  mutes: each(isBoolean),
  volumes: each(isShare),
  sounds: each(isText),
  locks: (value) => each((lock) => lock === null || each(among(0, 1))(lock) || each((note) => isNote(note, 65536), MAX_NOTES)(lock))(value),
  bars_per_cell: among(1, 2, 4, 8),
  path_mode: among("once", "loop", "ping-pong"),
  chords: (value, present) => each(isText, 64)(value) && !value.length === !present?.length,
  launch_quantization: among("step", "beat", "bar", "loop"),
  interpolation: (value) => isText(value) || isShare(value),
  n: (value) => isWhole(value) && within(STEPS_OF_ROW)(value),
  t: isShare,
  autoplay_bars: among(1, 2, 4, 8, 16, 32, 64),
  row_mode: among("once", "loop", "ping-pong"),
  timing: isAmount,
  velocity: isAmount,
  swing: isShare,
  swing_of: among("sixteenths", "eighths"),
  spread: within([0, 4]),
  seed: isWhole,
  curves: (value) => value?.length === 4 && each(each((height) => height === null || within([-12, 139])(height)))(value),
  refined: (value, _, state) =>
    each((cell) => isSmall(cell?.row) && isSmall(cell.col) && isClip(cell.clip, state.get("corner_clips")[0].steps, 1))(value),
  clips: (value, present, state) =>
    Array.isArray(present) ? value?.length === present.length && each((loop) => loop === null || isLoop(loop, null, state))(value) : ArrayBuffer.isView(value),
  places: (value, _, state) => each((place) => isPlace(place, null, state), 64)(value),
  tonic: isSmall,
  scale: (value) => value in SCALES,
  snap_to_scale: isBoolean,
  song_mode: among("once", "loop"),
  silenced: isBoolean,
  volume: isShare,
  in_order: isBoolean,
  roll: (value, _, state) => isWhole(value) && value < state.get("clips").length,
  music_clip: (value, present, { streams }) => isClip(value, present.steps, streams.length),
  start_z: (value, present) => ArrayBuffer.isView(value) && value.byteLength === present.byteLength,
  held: each(isBoolean, 32),
  directions: among("principal", "dimensions"),
  taps: each((tap) => each(Number.isFinite)(tap) && tap.length === 2, MAX_TAPS),
};
const AS_LONG = ["corner_clips", "end_clips", "mutes", "locks", "volumes", "sounds"]; // as the present ones

/** @param {any} value */
const kindOf = (value) => (Array.isArray(value) ? "list" : ArrayBuffer.isView(value) ? "bytes" : value === null ? "null" : typeof value);

/**
 * True if a trait can have a value; traits without a check of their own need a value of the same kind as the present.
 * @param {string} name
 * @param {any} value
 * @param {InstrumentState} state
 */
export function fits(name, value, state) {
  if (state.fits) return state.fits(name, value);
  const present = state.get(name);
  const check = CHECKS[name];
  if (!check) return kindOf(value) === kindOf(present);
  if (AS_LONG.includes(name) && value?.length !== present?.length) return false;
  return check(value, present, state);
}
