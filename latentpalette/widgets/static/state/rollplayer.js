// The player of a piano roll: one file of sound, whose views show where it is. Only one of a page plays.

import { createEmitter } from "./emitter.js";

const PLAY_EVENT = "latentpalette:sounding";

/**
 * @param {object} options
 * @param {() => Promise<{ bytes: BlobPart, type: string }>} options.loadSound   called at the first start
 */
export function createRollPlayer({ loadSound }) {
  const emitter = createEmitter();
  const audio = new Audio();
  let url = "";
  let disposed = false;
  const changed = () => emitter.emit("change");
  for (const type of ["play", "pause", "ended"]) audio.addEventListener(type, changed);

  async function start() {
    document.dispatchEvent(new CustomEvent(PLAY_EVENT, { detail: audio }));
    if (!url) {
      const { bytes, type } = await loadSound();
      if (disposed) return;
      if (!url) audio.src = url = URL.createObjectURL(new Blob([bytes], { type })); // or a second click has set it
    }
    await audio.play();
  }
  function stop() {
    audio.pause();
    audio.currentTime = 0;
  }
  const onOther = (/** @type {any} */ { detail }) => detail !== audio && !audio.paused && stop();
  document.addEventListener(PLAY_EVENT, onOther);

  return {
    /** Listen to "change": it has begun or ended. */
    on: emitter.on,
    get playing() {
      return !audio.paused;
    },
    /** Position [seconds]. */
    get seconds() {
      return audio.currentTime;
    },
    async toggle() {
      if (audio.paused) await start();
      else stop();
    },
    /**
     * Play from a place.
     * @param {number} seconds
     */
    async playFrom(seconds) {
      if (audio.paused) await start();
      audio.currentTime = seconds;
    },
    dispose() {
      disposed = true;
      document.removeEventListener(PLAY_EVENT, onOther);
      for (const type of ["play", "pause", "ended"]) audio.removeEventListener(type, changed);
      audio.pause();
      audio.removeAttribute("src");
      if (url) URL.revokeObjectURL(url);
    },
  };
}
