// The mix of several instruments as files: what each of them plays, repeated to one length.
/** @import { ExportedFile, Kit, Loop, Stream } from "../types.js" */

import { limitSamples } from "../audio/limiter.js";
import { mixLap } from "../audio/mixer.js";
import { scaleVelocities } from "../state/clip.js";
import { midiFile } from "./smf.js";
import { wavFile } from "./wav.js";

/** @typedef {{ loop: Loop, streams: Stream[], kit: Kit, volume?: number }} Part   the volume is one beside the others */

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
 * @param {Part[]} parts
 * @returns {ExportedFile}
 */
export function mixMidi(parts) {
  const steps = longest(parts);
  const streams = parts.flatMap(({ streams: own }) => own);
  let first = 0; // the index of a part's first stream among all
  const volumes = balance(parts);
  const notes = parts.flatMap(({ loop, streams: own }, part) => {
    const offset = first;
    first += own.length;
    const whole = repeatLoop(loop, steps).notes;
    return scaleVelocities(whole, own.map(() => volumes[part])).map((note) => ({ ...note, stream: note.stream + offset }));
  });
  const bytes = midiFile({ notes, steps, qpm: parts[0].loop.qpm, streams, name: "latentpalette session" });
  return { name: "session.mid", type: "audio/midi", bytes };
}

/**
 * The mix as sound: exactly as long as the longest loop; what rings past its end sounds at its beginning. It is as loud
 * as one of the parts alone.
 * @param {Part[]} parts
 * @returns {ExportedFile}
 */
export function mixWav(parts) {
  const steps = longest(parts);
  const mixes = parts.map(({ loop, kit }) => mixLap({ ...repeatLoop(loop, steps), kit }));
  const shares = balance(parts).map((volume) => volume ** 2 / Math.sqrt(mixes.length)); // as the fader has it
  const [left, right] = /** @type {const} */ (["left", "right"]).map((channel) => {
    const sum = new Float32Array(mixes[0][channel].length);
    mixes.forEach((mix, part) => mix[channel].forEach((sample, at) => (sum[at] += sample * shares[part])));
    return limitSamples(sum);
  });
  return { name: "session.wav", type: "audio/wav", bytes: wavFile({ rate: mixes[0].rate, left, right }) };
}
