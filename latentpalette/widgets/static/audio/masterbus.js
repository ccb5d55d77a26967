// The way of the sound from the voices to the speakers: limiter, volume, and a switch for when MIDI out takes over.

import { limiterNodes } from "./limiter.js";
import { longestTail, mixSpan } from "./mixer.js";
import { bufferOf, disconnectAt } from "./voice.js";

const VOLUME_SECONDS = 0.02; // a jump of the fader takes this long, or it would click
const CLOSING_SECONDS = 0.1;

export function createMasterBus({ context, destination = context.destination, kit, volume = 1, silent = false }) {
  const limiter = limiterNodes(context);
  const fader = context.createGain();
  const level = () => (silent ? 0 : volume * volume); // the ear hears ratios: half way down is a quarter
  fader.gain.value = level();
  limiter.output.connect(fader).connect(destination);
  const move = () => {
    const now = context.currentTime;
    fader.gain.cancelScheduledValues(now);
    fader.gain.setValueAtTime(fader.gain.value, now);
    fader.gain.linearRampToValueAtTime(level(), now + VOLUME_SECONDS);
  };
  return {
    input: limiter.input,
    setVolume(to) {
      volume = Math.min(1, Math.max(0, to));
      move();
    },
    setSilent(to) {
      silent = to;
      move();
    },
    // One hit at once, for the ear while editing.
    tap(drum, velocity) {
      const source = context.createBufferSource();
      const frames = kit.drums[drum]?.samples.length || longestTail(kit);
      source.buffer = bufferOf(context, mixSpan({ hits: [{ frame: 0, drum, velocity }], frames, kit }));
      source.connect(limiter.input);
      source.onended = () => source.disconnect();
      source.start();
    },
    // Closes the desk once the last fade is over.
    dispose() {
      disconnectAt(context, context.currentTime + CLOSING_SECONDS, [fader, limiter.output]);
    },
  };
}
