// Files of a kit: a table of lengths, then the samples of each stream as MP3 or WAV.
//
// A decoder may put silence before what was encoded, and browsers differ in whether they cut it off again. So a file
// begins with a marker, a chirp, by which its place is found to the frame (latentpalette/audio/kit_file.py).
/** @import { Kit, KitEntry, Scope } from "../types.js" */

import { kitOf } from "./kit.js";

const MARKER_START = 2048; // [frames] in the file
const MARKER_FRAMES = 1024;
const MAX_DELAY = 4096; // of any encoder and decoder together [frames]
const ONSET = 0.05; // a sample of the marker, and at most how long after its beginning:
const ONSET_FRAMES = 256;
const WAV_HEADER_BYTES = 44;

/**
 * Read a kit. Where all of it is WAV that happens at once, else the browser decodes it meanwhile.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {KitEntry[]} index   where each sound lies in the file of its stream
 * @param {number} rate        [frames per second]
 * @param {Pick<Scope, "OfflineAudioContext">} [scope]
 * @returns {Kit | Promise<Kit>}
 * @throws {RangeError}   if the bytes are cut short; a promise is rejected where the browser cannot decode them
 */
export function openKit(bytes, index, rate, scope = globalThis) {
  const samples = filesOf(bytes).map((file) => (isWav(file) ? wavSamples(file) : decodeSamples(file, rate, scope)));
  const ready = samples.filter((each) => each instanceof Float32Array);
  if (ready.length === samples.length) return kitOf(ready, index, rate);
  return Promise.all(samples).then((ready) => kitOf(ready, index, rate));
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function filesOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length < 4 ? 0 : view.getUint32(0, true);
  let start = 4 + 4 * count;
  return Array.from({ length: count }, (_, file) => {
    const length = start <= bytes.length ? view.getUint32(4 + 4 * file, true) : Infinity;
    if (start + length > bytes.length) throw new RangeError(`The kit is cut short: it has ${bytes.length} bytes.`);
    start += length;
    return bytes.subarray(start - length, start);
  });
}

/** @param {Uint8Array} file */
const isWav = (file) => String.fromCharCode(...file.subarray(0, 4)) === "RIFF";

/**
 * The samples of a WAV file as latentpalette/audio/kit_file.py writes it: mono, 16 bits.
 * @param {Uint8Array} file
 */
function wavSamples(file) {
  const view = new DataView(file.buffer, file.byteOffset + WAV_HEADER_BYTES, file.byteLength - WAV_HEADER_BYTES);
  return Float32Array.from({ length: view.byteLength >> 1 }, (_, i) => view.getInt16(2 * i, true) / 32768);
}

/**
 * @param {Uint8Array<ArrayBuffer>} file
 * @param {number} rate
 * @param {Pick<Scope, "OfflineAudioContext">} scope
 */
async function decodeSamples(file, rate, scope) {
  if (!scope.OfflineAudioContext) throw new Error("This browser has no Web Audio, so nothing can be played in it.");
  const context = new scope.OfflineAudioContext(1, 1, rate);
  const buffer = await context.decodeAudioData(file.slice().buffer); // it takes the bytes away
  const samples = buffer.getChannelData(0);
  return samples.subarray(findDelay(samples));
}

/** The marker, as latentpalette/audio/kit_file.py writes it. */
export function markerSamples() {
  return Float32Array.from({ length: MARKER_FRAMES }, (_, frame) => {
    const time = frame / MARKER_FRAMES;
    return 0.5 * Math.sin(Math.PI * time) ** 2 * Math.sin(2 * Math.PI * (10 * time + 75 * time ** 2));
  });
}

/**
 * How much later the marker comes than it was written [frames].
 * @param {Float32Array} samples
 */
export function findDelay(samples) {
  const last = Math.min(MARKER_START + MAX_DELAY, samples.length - MARKER_FRAMES);
  let onset = 0; // before the marker there is next to nothing: to look there, too, takes a phone tenths of a second
  while (onset < last && Math.abs(samples[onset]) < ONSET) onset++;
  const best = findMarker(samples, Math.max(0, onset - ONSET_FRAMES), Math.min(last, onset)) || findMarker(samples, 0, last);
  if (!best) throw new Error("The kit's sounds could not be decoded: their marker is missing.");
  return best - MARKER_START;
}

/**
 * Where the marker is most likely to begin, if that is between two frames; else 0.
 * @param {Float32Array} samples
 * @param {number} from
 * @param {number} to
 */
function findMarker(samples, from, to) {
  const marker = markerSamples();
  const energy = marker.reduce((sum, sample) => sum + sample * sample, 0);
  let best = 0;
  let most = energy / 4;
  for (let start = from; start <= to; start++) {
    if (best && start > best + MARKER_FRAMES) break;
    let product = 0;
    for (let frame = 0; frame < MARKER_FRAMES; frame++) product += marker[frame] * samples[start + frame];
    if (product > most) {
      most = product;
      best = start;
    }
  }
  return best;
}
