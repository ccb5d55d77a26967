// Files of clips: one that repeats, or several one after the other, with a marker where each begins. Mutes, locks and
// accents are as in the instrument.
/** @import { Clip, ExportedFile, Kit, PlayedSettings } from "../types.js" */

import { STEPS_PER_BAR, stepSeconds } from "../audio/clock.js";
import { loopGain } from "../audio/loudness.js";
import { mixLoop, mixSong } from "../audio/mixer.js";
import { joinClips, playedClip } from "../state/clip.js";
import { loopOfClip } from "../state/loop.js";
import { midiFile } from "./smf.js";
import { wavFile } from "./wav.js";

const MAX_WAV_SECONDS = 1800;

/**
 * @typedef {object} Named
 * @property {Clip} clip   before locks and mutes
 * @property {string} label
 */

/**
 * @param {string} name       of the file, without its ending
 * @param {Named[]} clips     of the same length
 * @param {PlayedSettings} settings
 * @returns {ExportedFile}
 */
export function clipsMidi(name, clips, settings) {
  const { qpm, streams } = settings;
  const { steps } = clips[0].clip;
  const song = joinClips(clips.map(({ clip }) => playedClip(clip, settings)), steps / STEPS_PER_BAR);
  const markers = clips.map(({ label }, turn) => ({ step: turn * steps, text: label }));
  const title = clips.length === 1 ? clips[0].label : `latentpalette ${name}`;
  return { name: `${name}.mid`, type: "audio/midi", bytes: midiFile({ ...song, qpm, streams, markers, name: title }) };
}

/**
 * A single clip is exactly one loop: what rings past its end sounds at its beginning. After several the last notes ring
 * out.
 * @param {string} name
 * @param {Named[]} clips
 * @param {PlayedSettings} settings
 * @param {Kit} kit
 * @returns {ExportedFile}
 */
export function clipsWav(name, clips, settings, kit) {
  const { qpm } = settings;
  const { steps } = clips[0].clip;
  const seconds = clips.length * steps * stepSeconds(qpm);
  if (seconds > MAX_WAV_SECONDS) {
    const [lasts, limit] = [seconds, MAX_WAV_SECONDS].map((time) => `${Math.round(time / 60)} minutes`);
    throw new Error(`This lasts ${lasts}; a WAV file takes up to ${limit}. Keep it as MIDI.`);
  }
  const loops = clips.map(({ clip }) => loopOfClip(clip, settings, (loop) => loopGain(loop, kit)));
  const song = () =>
    mixSong({ ...joinClips(loops, steps / STEPS_PER_BAR, (note, turn) => ({ ...note, gain: loops[turn].gain })), qpm, kit });
  const mix = clips.length === 1 ? mixLoop({ ...loops[0], kit }) : song();
  const cues = clips.map(({ label }, turn) => ({ frame: Math.round(turn * steps * stepSeconds(qpm) * kit.rate), label }));
  return { name: `${name}.wav`, type: "audio/wav", bytes: wavFile({ ...mix, cues }) };
}
