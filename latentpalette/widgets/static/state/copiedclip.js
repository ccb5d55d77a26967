// A clip that was copied, and where it fits. What is pasted may be anything: it is checked here, as a file is.
/** @import { ClipJson, CopiedClip, Stream } from "../types.js" */

import { MAX_STEPS, isClip, isText } from "./checkvalues.js";
import { COPIED_KIND, COPIED_VERSION } from "./copiedtext.js";

const MAX_CHARACTERS = 4 << 20;
const MAX_STREAMS = 16;
const NO_CLIP = "The clipboard has no clip. Copy one first: in an instrument, with Ctrl+C or its copy button.";

/**
 * @param {string} text
 * @returns {CopiedClip}
 * @throws {Error}   that says why there is no clip in it
 */
export function readCopied(text) {
  const copied = parse(text);
  if (copied?.kind !== COPIED_KIND) throw new Error(NO_CLIP);
  if (copied.version !== COPIED_VERSION) throw new Error("This clip was copied from a later version of latentpalette.");
  const { clip, label, qpm, streams } = copied;
  const hasStreams = Array.isArray(streams) && streams.length > 0 && streams.length <= MAX_STREAMS && streams.every(isStream);
  const hasClip = hasStreams && Number.isInteger(clip?.steps) && clip.steps > 0 && clip.steps <= MAX_STEPS && isClip(clip, clip.steps, streams.length);
  if (!hasClip || !isText(label) || !isTempo(qpm)) throw new Error("The clip that was copied is damaged.");
  return { clip, label, qpm, streams };
}

/** @param {string} text */
function parse(text) {
  if (text.length > MAX_CHARACTERS) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // other text
  }
}

const isTempo = (/** @type {any} */ value) => Number.isFinite(value) && value >= 20 && value <= 400;
const isPitch = (/** @type {any} */ value) => Number.isInteger(value) && value >= 0 && value < 128;
const isStream = (/** @type {any} */ stream) =>
  isText(stream?.name) && isText(stream.instrument) && typeof stream.is_drum === "boolean" &&
  [stream.program, stream.low, stream.high].every(isPitch);

/**
 * Where a clip is to go.
 * @typedef {object} Target
 * @property {Stream[]} streams
 * @property {number | null} steps       the length that its music has; null where it may have any
 * @property {boolean} hasVelocity       whether it says how hard and how late a drum is hit
 * @property {(stream: number) => number[]} drums        pitches of its drums
 * @property {(pitch: number, step: number) => number} accent   of a drum, where music has none
 */

/**
 * The music of a clip where it fits as it is, repeated if it is shorter; null where it has to be read as a file is.
 * @param {CopiedClip} copied
 * @param {Target} target
 * @returns {ClipJson | null}
 */
export function fittedClip({ clip, streams }, { streams: own, steps, hasVelocity, drums, accent }) {
  const isAlike = (/** @type {Stream} */ stream, /** @type {number} */ index) =>
    stream.is_drum === streams[index].is_drum && (own.length === 1 || stream.name === streams[index].name);
  if (own.length !== streams.length || !own.every(isAlike)) return null;
  const laps = steps === null ? 1 : steps / clip.steps;
  if (!Number.isInteger(laps)) return null;
  const free = own.map(() => 0); // the step up to which a melody sounds
  /** @type {number[][]} */
  const notes = [];
  for (const [step, pitch, length, velocity, offset, stream] of clip.notes) {
    const { is_drum: isDrum, low, high } = own[stream];
    if (isDrum) {
      if (!drums(stream).includes(pitch) || (!hasVelocity && offset !== 0)) return null;
      notes.push([step, pitch, 1, hasVelocity ? velocity : accent(pitch, step), offset, stream]);
    } else {
      const isOne = step >= free[stream] && step + length <= clip.steps; // one note at a time
      if (pitch < low || pitch > high || !isOne || offset !== 0) return null;
      free[stream] = step + length;
      notes.push([step, pitch, length, velocity, offset, stream]);
    }
  }
  const all = Array.from({ length: laps }, (_, lap) => notes.map(([step, ...rest]) => [step + lap * clip.steps, ...rest]));
  return { steps: laps * clip.steps, notes: all.flat() };
}

/**
 * Why a clip has nothing that could go somewhere, or "".
 * @param {CopiedClip} copied
 * @param {Target} target
 */
export function misfit({ label, streams }, { streams: own }) {
  const kinds = new Set(streams.map(({ is_drum }) => is_drum));
  return own.some(({ is_drum }) => kinds.has(is_drum)) ? "" : `${label} is ${inWords(streams)}; what goes here is ${inWords(own)}.`;
}

/** @param {Stream[]} streams */
function inWords(streams) {
  const names = streams.map(({ name, is_drum }) => (is_drum ? "drums" : /^[aeiou]/i.test(name) ? `an ${name}` : `a ${name}`));
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
