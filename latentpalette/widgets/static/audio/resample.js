// A kit at the sample rate of the audio hardware, once, so that loops are whole frames there and the browser need not
// interpolate them.
/** @import { Kit } from "../types.js" */

const ZERO_CROSSINGS = 16;
const TABLE_DENSITY = 256; // points of the kernel per zero crossing; read by linear interpolation

/**
 * Resample by band-limited interpolation with a windowed sinc (J. O. Smith, "Digital Audio Resampling").
 * @param {Float32Array} samples
 * @param {number} from   [frames per second]
 * @param {number} to
 */
export function resampled(samples, from, to) {
  if (from === to) return samples;
  const ratio = to / from;
  const cutoff = Math.min(1, ratio); // going down, what the lower rate cannot hold is filtered out
  const reach = ZERO_CROSSINGS / cutoff;
  const table = sincTable();
  const density = TABLE_DENSITY * cutoff;
  const made = new Float32Array(Math.ceil((samples.length * to) / from));
  for (let frame = 0; frame < made.length; frame++) {
    const center = frame / ratio;
    const last = Math.min(samples.length - 1, Math.floor(center + reach));
    let sum = 0;
    for (let at = Math.max(0, Math.ceil(center - reach)); at <= last; at++) {
      const place = Math.abs(at - center) * density;
      const below = Math.floor(place);
      sum += samples[at] * (table[below] + (place - below) * (table[below + 1] - table[below]));
    }
    made[frame] = sum * cutoff;
  }
  return made;
}

function sincTable() {
  const length = ZERO_CROSSINGS * TABLE_DENSITY;
  return Float64Array.from({ length: length + 2 }, (_, point) => {
    if (point >= length) return 0;
    const x = (Math.PI * point) / TABLE_DENSITY;
    const window = 0.42 + 0.5 * Math.cos((Math.PI * point) / length) + 0.08 * Math.cos((2 * Math.PI * point) / length);
    return point ? (Math.sin(x) / x) * window : 1;
  });
}

/**
 * @param {Kit} kit
 * @param {number} rate   [frames per second]
 * @returns {Kit}
 */
export function kitAt(kit, rate) {
  if (kit.rate === rate) return kit;
  const drums = kit.drums.map((drum) => ({ ...drum, samples: resampled(drum.samples, kit.rate, rate) }));
  return { ...kit, rate, drums };
}
