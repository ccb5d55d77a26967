// The music of several instruments as one file: what each of them plays, repeated to one length, or what they have played.
/** @import { Clip, ExportedFile, Kit, Loop, Mix, SongNote, Stream, Tempo } from "../types.js" */

import { stepSeconds } from "../audio/clock.js";
import { limitSamples } from "../audio/limiter.js";
import { mixLap, mixNotes } from "../audio/mixer.js";
import { scaleVelocities } from "../state/clip.js";
import { midiFile } from "./smf.js";
import { wavFile } from "./wav.js";

const MAX_WAV_SECONDS = 1800;

/** @typedef {{ loop: Loop, streams: Stream[], kit: Kit, volume?: number }} Part   the volume is one beside the others */
/** @typedef {{ clip: Clip, streams: Stream[], kit: Kit }} TakePart              of a take; as loud as it was */

/**
 * Repeat a loop; a note that goes on past the end is cut there.
 * @template {Pick<Loop, "notes" | "steps">} L
 * @param {L} loop
 * @param {number} steps
 * @returns {L}
 */
export function repeatLoop(loop, steps) {
  const laps = Array.from({ length: Math.ceil(steps / loop.steps) }, (_, lap) => lap * loop.steps);
  const notes = laps.flatMap((start) => loop.notes.map((note) => ({ ...note, step: start + note.step })));
  const inside = notes.filter(({ step }) => step < steps);
  return { ...loop, steps, notes: inside.map((note) => ({ ...note, length: Math.min(note.length, steps - note.step) })) };
}

/**
 * The volumes of parts, 1 for the loudest: how loud all of them are together is a setting of the listener.
 * @param {Part[]} parts
 */
function balance(parts) {
  const most = Math.max(...parts.map(({ volume = 1 }) => volume));
  return parts.map(({ volume = 1 }) => (most > 0 ? volume / most : 1));
}

/** @param {Part[]} parts */
const longest = (parts) => Math.max(...parts.map(({ loop }) => loop.steps));

/**
 * The notes of parts, and the streams of all of them.
 * @param {{ notes: SongNote[], streams: Stream[] }[]} parts
 */
function together(parts) {
  let first = 0; // the index of a part's first stream among all
  const notes = parts.flatMap(({ notes, streams }) => {
    const offset = first;
    first += streams.length;
    return notes.map((note) => ({ ...note, stream: note.stream + offset }));
  });
  return { notes, streams: parts.flatMap(({ streams }) => streams) };
}

/**
 * The sum of mixes, as loud as one of them alone. One after the other is made: long ones would not fit in memory together.
 * @param {(() => Mix)[]} makers
 * @param {number[]} [gains]
 * @returns {Mix}
 */
function sumOf(makers, gains = makers.map(() => 1)) {
  const share = 1 / Math.sqrt(makers.length); // as the fader has it
  let [left, right] = [new Float32Array(0), new Float32Array(0)];
  let rate = 0;
  makers.forEach((make, part) => {
    const mix = make();
    rate = mix.rate;
    left = added(left, mix.left, gains[part] * share);
    right = added(right, mix.right, gains[part] * share);
  });
  return { rate, left: limitSamples(left), right: limitSamples(right) };
}

/**
 * @param {Float32Array<ArrayBuffer>} sum
 * @param {Float32Array<ArrayBuffer>} samples
 * @param {number} gain   of the samples
 */
function added(sum, samples, gain) {
  const longer = sum.length < samples.length ? new Float32Array(samples.length) : sum;
  if (longer !== sum) longer.set(sum);
  for (let at = 0; at < samples.length; at++) longer[at] += samples[at] * gain;
  return longer;
}

/**
 * @param {Part[]} parts
 * @returns {ExportedFile}
 */
export function mixMidi(parts) {
  const steps = longest(parts);
  const volumes = balance(parts);
  const played = parts.map(({ loop, streams }, part) => {
    const { notes } = repeatLoop(loop, steps);
    return { notes: scaleVelocities(notes, streams.map(() => volumes[part])), streams };
  });
  const bytes = midiFile({ ...together(played), steps, qpm: parts[0].loop.qpm, name: "latentpalette session" });
  return { name: "session.mid", type: "audio/midi", bytes };
}

/**
 * The mix as sound: exactly as long as the longest part; what rings past its end sounds at its beginning. It is as loud
 * as one of the parts alone.
 * @param {Part[]} parts
 * @returns {ExportedFile}
 */
export function mixWav(parts) {
  const steps = longest(parts);
  const seconds = steps * stepSeconds(parts[0].loop.qpm);
  if (seconds > MAX_WAV_SECONDS) {
    const [lasts, limit] = [seconds, MAX_WAV_SECONDS].map((time) => `${Math.round(time / 60)} minutes`);
    throw new Error(`This mix lasts ${lasts}; a WAV file takes up to ${limit}. Keep it as MIDI.`);
  }
  const makers = parts.map(({ loop, kit }) => () => mixLap({ ...repeatLoop(loop, steps), kit }));
  const mix = sumOf(makers, balance(parts).map((volume) => volume ** 2));
  return { name: "session.wav", type: "audio/wav", bytes: wavFile(mix) };
}

/**
 * What was played together, as MIDI.
 * @param {TakePart[]} parts
 * @param {{ steps: number, tempos: Tempo[] }} take
 * @returns {ExportedFile}
 */
export function takeMidi(parts, { steps, tempos }) {
  const song = together(parts.map(({ clip: { notes }, streams }) => ({ notes, streams })));
  const { qpm } = tempos[tempos.length - 1];
  const bytes = midiFile({ ...song, steps, qpm, tempos, name: "latentpalette session, as it was played" });
  return { name: "played-together.mid", type: "audio/midi", bytes };
}

/**
 * What was played together, as sound; its last notes ring out.
 * @param {TakePart[]} parts
 * @param {{ steps: number, tempos: Tempo[] }} take
 * @returns {ExportedFile}
 */
export function takeWav(parts, { steps, tempos }) {
  const { qpm } = tempos[0];
  const sounding = parts.filter(({ clip }) => clip.notes.length);
  const makers = (sounding.length ? sounding : parts).map(
    ({ clip: { notes }, kit }) =>
      () =>
        mixNotes({ notes, steps, qpm, tempos, kit }),
  );
  return { name: "played-together.wav", type: "audio/wav", bytes: wavFile(sumOf(makers)) };
}
