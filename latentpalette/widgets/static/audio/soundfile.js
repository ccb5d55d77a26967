// Files of sound as the playlist plays them: decoded where they are short, streamed where they are long.
/** @import { ListSound, SoundFile } from "../types.js" */

export const FILE_RATE = 44100; // of all files of sound [frames per second]
const MAX_DECODED_SECONDS = 300; // 106 MB of samples
const ENCODER_DELAY = 1105; // silence before an MP3 [frames], which some browsers leave in
const TOLERANCE = 64; // what resampling may add [frames]

/**
 * @param {BaseAudioContext} context
 * @param {SoundFile} file
 * @returns {Promise<ListSound>}
 */
export async function openSound(context, { bytes, type, frames, lead }) {
  if (frames > MAX_DECODED_SECONDS * FILE_RATE) {
    const url = URL.createObjectURL(new Blob([bytes], { type }));
    return { url, lead: lead / FILE_RATE, seconds: frames / FILE_RATE };
  }
  const buffer = await context.decodeAudioData(bytes.slice().buffer); // a copy: decoding takes the bytes away
  const start = silenceBefore(buffer.duration * FILE_RATE, frames);
  return { buffer, lead: (start + lead) / FILE_RATE, seconds: frames / FILE_RATE };
}

/**
 * The silence before the first sample of a decoded file.
 * @param {number} decoded   its length [frames]
 * @param {number} encoded   the length of what was encoded [frames]
 * @returns {number}         [frames]
 */
export function silenceBefore(decoded, encoded) {
  return decoded - encoded > TOLERANCE ? Math.min(ENCODER_DELAY, decoded - encoded) : 0;
}

/** @param {ListSound} sound */
export function closeSound({ url }) {
  if (url) URL.revokeObjectURL(url);
}

/**
 * Start a sound.
 * @param {object} options
 * @param {AudioContext} options.context
 * @param {AudioNode} options.output
 * @param {ListSound} options.sound
 * @param {number} options.time    of its first step, or of `from` [seconds]
 * @param {number} options.from    where in the music to begin [seconds]
 * @param {() => void} options.onEnd
 * @returns {{ stop(when?: number): void }}   ends it, at once or at a time [seconds], also before it has begun
 */
export function startSound({ context, output, sound, time, from, onEnd }) {
  const gain = context.createGain();
  const early = from ? 0 : sound.lead;
  if (from) {
    gain.gain.setValueAtTime(0, time);
    gain.gain.linearRampToValueAtTime(1, time + FADE_SECONDS); // begun in the middle, it would click
  }
  gain.connect(output);
  const end = () => {
    gain.disconnect();
    onEnd();
  };
  const place = sound.lead - early + from;
  if (sound.buffer) return startBuffer({ context, gain, buffer: sound.buffer, time: time - early, place, end });
  return startStream({ context, gain, url: sound.url ?? "", time: time - early, place, end });
}

const FADE_SECONDS = 0.005;

/** @param {{ context: AudioContext, gain: GainNode, buffer: AudioBuffer, time: number, place: number, end(): void }} options */
function startBuffer({ context, gain, buffer, time, place, end }) {
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(gain);
  source.onended = end;
  source.start(time, place);
  return { stop: (when = 0) => source.stop(when) };
}

/**
 * Begins within a few hundredths of a second of its time.
 * @param {{ context: AudioContext, gain: GainNode, url: string, time: number, place: number, end(): void }} options
 */
function startStream({ context, gain, url, time, place, end }) {
  const audio = new Audio(url);
  audio.currentTime = place;
  context.createMediaElementSource(audio).connect(gain);
  audio.addEventListener("ended", end);
  const waiting = setTimeout(() => void audio.play().catch(end), Math.max(0, time - context.currentTime) * 1000);
  return {
    stop(when = 0) {
      clearTimeout(waiting);
      setTimeout(() => {
        audio.pause();
        audio.removeAttribute("src");
        end();
      }, Math.max(0, when - context.currentTime) * 1000);
    },
  };
}
