// Master bus: from the voices to the loudspeakers by way of limiter and volume, and silent while MIDI out takes over.
/** @import { Kit, TapNote } from "../types.js" */

import { limiterNodes } from "./limiter.js";
import { isDrum, soundOf } from "./kit.js";
import { mixSpan } from "./mixer.js";
import { bufferOf, disconnectAt } from "./voice.js";

const VOLUME_SECONDS = 0.02; // a jump of the fader takes this long, or it would click
const CLOSING_SECONDS = 0.1;
const TAP_SECONDS = 0.4; // how long a held note is that is played at once

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
    /** @param {Kit} to */
    setKit(to) {
      kit = to;
    },
    /**
     * Play one note at once.
     * @param {TapNote} note
     */
    tap({ seconds = TAP_SECONDS, ...note }) {
      const source = context.createBufferSource();
      const end = isDrum(kit, note.stream) ? 0 : Math.round(seconds * kit.rate);
      const frames = end + (soundOf(kit, note)?.tail || 1);
      source.buffer = bufferOf(context, mixSpan({ notes: [{ ...note, frame: 0, end }], frames, kit }));
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
