// A rating of clips by a few rules of thumb: what a listener who hears one for the first time expects of a loop. Python
// rates by the same rules in music/rating.py, which has their reasons.
/** @import { Clip, Note, Stream } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { DRUM_CLASSES } from "../state/drumkeys.js";
import { onStepsOfBars, share } from "./measures.js";

const [KICK, SNARE, CLOSED_HAT, OPEN_HAT, LOW_TOM, MID_TOM, HIGH_TOM, CRASH, RIDE] = DRUM_CLASSES.keys();
const TIMEKEEPERS = [CLOSED_HAT, OPEN_HAT, RIDE];
const TOMS = [LOW_TOM, MID_TOM, HIGH_TOM];
const [BASS_FROM, BASS_TO] = [32, 39]; // General MIDI programs

const STEPS_PER_BEAT = 4;
const MAJOR_SCALE = [0, 2, 4, 5, 7, 9, 11];
const HITS_PER_BAR = [8, 22];
const NOTES_PER_BAR = [2, 12];
const MELODY_RANGE = [5, 24]; // semitones
const BASS_RANGE = [0, 24];
const SMALL_INTERVAL = 7; // semitones
const BARS_PER_CRASH = 2;
const ALIKE = 0.4; // share of hits in common from which on bars are alike
const MAX_HALF_TIME_SNARES = 3; // in a bar

/**
 * How much of what is expected of it a clip does [0 to 1]: the mean of the rules over each of its streams, and then over
 * the streams; 0 for silence.
 * @param {Clip} clip
 * @param {Stream[]} streams
 */
export function rate(clip, streams) {
  const kindOf = (/** @type {Note} */ { stream }) => {
    const { is_drum, program } = streams[stream];
    if (is_drum) return "drums";
    return BASS_FROM <= program && program <= BASS_TO ? "bass" : "melody";
  };
  const of = (/** @type {string} */ kind) => clip.notes.filter((note) => kindOf(note) === kind);
  const [melody, bass, drums] = ["melody", "bass", "drums"].map(of);
  const pitched = [...melody, ...bass];
  /** @type {number[]} */
  const ratings = [];
  if (melody.length) ratings.push(mean(rateLine(clip, melody, pitched, MELODY_RANGE)));
  if (bass.length) ratings.push(mean(rateLine(clip, bass, pitched, BASS_RANGE)));
  if (drums.length) ratings.push(mean(rateDrums(clip.steps, drums)));
  return ratings.length ? mean(ratings) : 0;
}

/**
 * The clip with the highest rating of each group of consecutive ones; of equals the first.
 * @param {Clip[]} clips
 * @param {number} group   size of a group
 * @param {Stream[]} streams
 * @returns {Clip[]}
 */
export function chooseBest(clips, group, streams) {
  if (group === 1) return clips;
  const ratings = clips.map((clip) => rate(clip, streams));
  return Array.from({ length: clips.length / group }, (_, k) => {
    const own = ratings.slice(k * group, (k + 1) * group);
    return clips[k * group + own.indexOf(Math.max(...own))];
  });
}

/**
 * @param {number} steps
 * @param {Note[]} drums
 */
function rateDrums(steps, drums) {
  const bars = Math.ceil(steps / STEPS_PER_BAR);
  const hits = (/** @type {number[]} */ classes) =>
    drums.filter(({ pitch }) => classes.some((drum) => DRUM_CLASSES[drum].includes(pitch)));
  const allowed = Math.max(Math.floor(bars / BARS_PER_CRASH), 1);
  const beats = Array.from({ length: Math.ceil(steps / STEPS_PER_BEAT) }, (_, beat) => beat * STEPS_PER_BEAT);
  const timekeeping = new Set(hits(TIMEKEEPERS).map(({ step }) => step >> 1));
  const kept = beats.filter((step) => timekeeping.has(step >> 1) || timekeeping.has((step >> 1) + 1));
  return [
    onStepsOfBars(drums, steps, KICK, [0]),
    Math.max(onStepsOfBars(drums, steps, SNARE, [4, 12]), halfTime(steps, hits([SNARE]))),
    kept.length / beats.length,
    1 / (1 + Math.max(hits([CRASH]).length - allowed, 0)),
    Math.min(1, (0.25 * drums.length) / Math.max(hits(TOMS).length, 1)),
    within(drums.length / bars, HITS_PER_BAR),
    Math.min(1, likenessOfBars(steps, drums) / ALIKE),
  ];
}

/**
 * @param {Clip} clip
 * @param {Note[]} line      the notes that are rated
 * @param {Note[]} pitched   all notes with a pitch
 * @param {number[]} limits
 */
function rateLine({ steps }, line, pitched, limits) {
  const bars = Math.ceil(steps / STEPS_PER_BAR);
  const pitches = line.map(({ pitch }) => pitch);
  const intervals = pitches.slice(1).map((pitch, k) => Math.abs(pitch - pitches[k]));
  const scale = bestScale(pitched);
  const active = new Set(line.flatMap((note) => barsOf(note).filter((bar) => bar < bars)));
  const wanted = limits === MELODY_RANGE ? Math.min(4, 2 * bars) : 1;
  return [
    line[0].step < STEPS_PER_BEAT ? 1 : 0,
    pitches.filter((pitch) => scale.has(pitch % 12)).length / pitches.length,
    within(Math.max(...pitches) - Math.min(...pitches), limits),
    Math.min(1, new Set(pitches).size / wanted),
    share(intervals.filter((interval) => interval <= SMALL_INTERVAL).length, intervals.length),
    within(line.length / bars, NOTES_PER_BAR),
    active.size / bars,
  ];
}

/**
 * The major scale that most notes lie in; of equal ones that of the lowest tonic.
 * @param {Note[]} notes
 */
function bestScale(notes) {
  const scales = Array.from({ length: 12 }, (_, tonic) => new Set(MAJOR_SCALE.map((degree) => (tonic + degree) % 12)));
  const counts = scales.map((scale) => notes.filter(({ pitch }) => scale.has(pitch % 12)).length);
  return scales[counts.indexOf(Math.max(...counts))];
}

/**
 * The share of bars in half time: a snare on 3, none on 2 and 4, and few others.
 * @param {number} steps
 * @param {Note[]} snares
 */
function halfTime(steps, snares) {
  const bars = byBar(steps, snares, ({ step }) => step % STEPS_PER_BAR);
  const slow = bars.filter((bar) => bar.has(8) && !bar.has(4) && !bar.has(12) && bar.size <= MAX_HALF_TIME_SNARES);
  return share(slow.length, bars.length);
}

/**
 * The share of hits that a bar has in common with the next one, on average; 1 of a single bar.
 * @param {number} steps
 * @param {Note[]} drums
 */
function likenessOfBars(steps, drums) {
  const bars = byBar(steps, drums, ({ step, pitch }) => 128 * (step % STEPS_PER_BAR) + pitch);
  const shares = bars.slice(1).map((bar, k) => {
    const common = [...bar].filter((hit) => bars[k].has(hit)).length;
    return common / Math.max(bar.size + bars[k].size - common, 1);
  });
  return shares.length ? mean(shares) : 1;
}

/**
 * @param {number} steps
 * @param {Note[]} notes
 * @param {(note: Note) => number} identify
 */
function byBar(steps, notes, identify) {
  const bars = Array.from({ length: Math.ceil(steps / STEPS_PER_BAR) }, () => new Set());
  for (const note of notes) bars[Math.floor(note.step / STEPS_PER_BAR)].add(identify(note));
  return bars;
}

/** @param {Note} note */
function barsOf({ step, length }) {
  const first = Math.floor(step / STEPS_PER_BAR);
  return Array.from({ length: Math.ceil((step + length) / STEPS_PER_BAR) - first }, (_, k) => first + k);
}

/**
 * 1 within limits, and less the further outside.
 * @param {number} value
 * @param {number[]} limits
 */
function within(value, [low, high]) {
  if (value < low) return value / low;
  return value <= high ? 1 : high / value;
}

/** @param {number[]} numbers */
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
