// Master bus: from the voices to the loudspeakers by way of limiter and volume, and silent while MIDI out takes over.
/** @import { Kit } from "../types.js" */

import { limiterNodes } from "./limiter.js";
import { maxTail, mixSpan } from "./mixer.js";
import { bufferOf, disconnectAt } from "./voice.js";

const VOLUME_SECONDS = 0.02; // a jump of the fader takes this long, or it would click
const CLOSING_SECONDS = 0.1;

/**
 * @param {object} options
 * @param {AudioContext} options.context
 * @param {AudioNode} [options.destination]
 * @param {Kit} options.kit
 * @param {number} [options.volume]    0 to 1
 * @param {boolean} [options.silent]
 */
export function createMasterBus({ context, destination = context.destination, kit, volume = 1, silent = false }) {
  const limiter = limiterNodes(context);
  const fader = context.createGain();
  const level = () => (silent ? 0 : volume * volume); // the ear hears ratios: half way down is a quarter
  fader.gain.value = level();
  limiter.output.connect(fader).connect(destination);
  const moveFader = () => {
    const now = context.currentTime;
    fader.gain.cancelScheduledValues(now);
    fader.gain.setValueAtTime(fader.gain.value, now);
    fader.gain.linearRampToValueAtTime(level(), now + VOLUME_SECONDS);
  };
  return {
    input: limiter.input,
    /** @param {number} to   0 to 1 */
    setVolume(to) {
      volume = Math.min(1, Math.max(0, to));
      moveFader();
    },
    /** @param {boolean} to */
    setSilent(to) {
      silent = to;
      moveFader();
    },
    /**
     * Play one hit at once.
     * @param {number} drum
     * @param {number} velocity
     * @param {number} [gain]   that of the loop it belongs to
     */
    tap(drum, velocity, gain) {
      const source = context.createBufferSource();
      const frames = kit.drums[drum]?.samples.length || maxTail(kit);
      source.buffer = bufferOf(context, mixSpan({ hits: [{ frame: 0, drum, velocity, gain }], frames, kit }));
      source.connect(limiter.input);
      source.onended = () => source.disconnect();
      source.start();
    },
    /** Disconnect once the last fade is over. */
    dispose() {
      disconnectAt(context, context.currentTime + CLOSING_SECONDS, [fader, limiter.output]);
    },
  };
}
