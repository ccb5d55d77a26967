// The attributes of clips: the few numbers that tell one loop from another. As Python measures them in
// music/attributes.py and features.py; state/attributes.js shows them.
/** @import { Clip, Note, Stream } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { DRUM_CLASSES } from "../state/drumkeys.js";
import { roundDecimals } from "./converters/rounding.js";

const [, SNARE, CLOSED_HAT, OPEN_HAT] = DRUM_CLASSES.keys();
const HATS = [...DRUM_CLASSES[CLOSED_HAT], ...DRUM_CLASSES[OPEN_HAT]];
const DECIMALS = 4; // as they are shown

/** @type {Record<string, (clip: Clip, streams: Stream[]) => number>} */
const MEASURES = {
  hits: (clip, streams) => drumsOf(clip, streams).length,
  notes: (clip, streams) => pitchedOf(clip, streams).length,
  syncopation: ({ notes }) => syncopation(notes),
  "share of hats"(clip, streams) {
    const drums = drumsOf(clip, streams);
    return share(drums.filter(({ pitch }) => HATS.includes(pitch)).length, drums.length);
  },
  backbeat: (clip, streams) => onStepsOfBars(drumsOf(clip, streams), clip.steps, SNARE, [4, 12]),
  range: (clip, streams) => pitchRange(pitchedOf(clip, streams)),
  "range of the melody"(clip, streams) {
    const melody = streams.findIndex(({ is_drum }) => !is_drum);
    return pitchRange(clip.notes.filter(({ stream }) => stream === melody));
  },
  "average interval": (clip, streams) => averageInterval(pitchedOf(clip, streams)),
};

/**
 * The values of attributes.
 * @param {{ name: string }[]} attributes
 * @param {Clip} clip
 * @param {Stream[]} streams
 * @returns {number[]}
 */
export function measure(attributes, clip, streams) {
  return attributes.map(({ name }) => roundDecimals(MEASURES[name](clip, streams), DECIMALS));
}

/**
 * The share of some steps of every bar on which a drum is hit.
 * @param {Note[]} drums
 * @param {number} steps
 * @param {number} drum          index of its class
 * @param {number[]} stepsOfBar
 */
export function onStepsOfBars(drums, steps, drum, stepsOfBar) {
  const hits = new Set(drums.filter(({ pitch }) => DRUM_CLASSES[drum].includes(pitch)).map(({ step }) => step));
  const places = Array.from({ length: steps }, (_, step) => step).filter((step) => stepsOfBar.includes(step % STEPS_PER_BAR));
  return share(places.filter((step) => hits.has(step)).length, places.length);
}

/**
 * A quotient, 0 of nothing.
 * @param {number} count
 * @param {number} total
 */
export const share = (count, total) => (total > 0 ? count / total : 0);

/**
 * The share of the onsets on an odd step with no onset one step before.
 * @param {Note[]} notes
 */
function syncopation(notes) {
  const onsets = new Set(notes.map(({ step }) => step));
  return share([...onsets].filter((step) => step % 2 === 1 && !onsets.has(step - 1)).length, onsets.size);
}

/**
 * Between the lowest and the highest note [semitones].
 * @param {Note[]} notes
 */
function pitchRange(notes) {
  const pitches = notes.map(({ pitch }) => pitch);
  return pitches.length ? Math.max(...pitches) - Math.min(...pitches) : 0;
}

/**
 * The mean interval between consecutive onsets, of each the highest note [semitones].
 * @param {Note[]} notes   in order
 */
function averageInterval(notes) {
  /** @type {Map<number, number>} */
  const tops = new Map();
  for (const { step, pitch } of notes) tops.set(step, Math.max(pitch, tops.get(step) ?? 0));
  const pitches = [...tops.values()];
  const intervals = pitches.slice(1).map((pitch, k) => Math.abs(pitch - pitches[k]));
  return share(intervals.reduce((sum, interval) => sum + interval, 0), intervals.length);
}

/**
 * @param {Clip} clip
 * @param {Stream[]} streams
 */
const drumsOf = ({ notes }, streams) => notes.filter(({ stream }) => streams[stream].is_drum);

/**
 * @param {Clip} clip
 * @param {Stream[]} streams
 */
const pitchedOf = ({ notes }, streams) => notes.filter(({ stream }) => !streams[stream].is_drum);
