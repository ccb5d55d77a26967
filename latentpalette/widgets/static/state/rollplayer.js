// The player of a row of piano rolls: one of them, or all in order, once or again and again. Only one player of a page
// plays: a roll or a palette.
/** @import { ListSound, MakeTimer, OnError, RollItem, Scope, SoundFile } from "../types.js" */

import { claimPlayback, releasePlayback, sharedContext } from "../audio/audiocontext.js";
import { createPlaylist } from "../audio/playlist.js";
import { FILE_RATE, closeSound, openSound } from "../audio/soundfile.js";
import { createEmitter } from "./emitter.js";

const MAX_KEPT_SECONDS = 300; // of decoded sounds, 353 kB each; the latest are kept

/**
 * @param {object} options
 * @param {RollItem[]} options.items
 * @param {(index: number) => Promise<SoundFile>} options.loadFile   called when a sound is first needed
 * @param {boolean} options.repeat
 * @param {OnError} options.onError
 * @param {ReturnType<typeof createEmitter>} [options.emitter]
 * @param {(rate: number, scope: Scope) => AudioContext} [options.makeContext]
 * @param {MakeTimer} [options.makeTimer]
 * @param {Scope} [options.scope]
 */
export function createRollPlayer({
  items,
  loadFile,
  repeat,
  onError,
  emitter = createEmitter(),
  makeContext = sharedContext,
  makeTimer,
  scope = globalThis,
}) {
  /** @type {Map<number, Promise<ListSound>>} */
  const sounds = new Map(); // the latest last
  /** @type {Map<number, number>} */
  const cursors = new Map(); // where each begins when it is played, if not at its beginning [seconds]
  /** @type {ReturnType<typeof createPlaylist> | null} */
  let playlist = null;
  let inOrder = false;
  let first = 0; // the one that was started
  /** @type {Set<number>} */
  const failed = new Set();
  const changed = () => emitter.emit("change");
  const secondsOf = (/** @type {number} */ index) => items[index].steps * items[index].step_seconds;
  const canPlay = (/** @type {number} */ index) => !items[index].sound_error && secondsOf(index) > 0 && !failed.has(index);

  /** The first of some rolls that can be played. */
  const firstOf = (/** @type {number[]} */ order) => order.find(canPlay) ?? null;
  const all = items.map((_, index) => index);

  /** @param {number} index */
  function nextOf(index) {
    if (!inOrder) return repeat ? firstOf([index]) : null;
    return firstOf(all.slice(index + 1)) ?? (repeat ? firstOf(all) : null);
  }

  /**
   * @param {number} index
   * @param {AudioContext} context
   */
  function loadSound(index, context) {
    const sound = sounds.get(index) ?? loadFile(index).then((file) => openSound(context, file));
    sounds.delete(index);
    sounds.set(index, sound);
    forgetOld();
    return sound.catch((problem) => {
      sounds.delete(index);
      failed.add(index);
      throw problem;
    });
  }

  function forgetOld() {
    let seconds = [...sounds.keys()].reduce((sum, index) => sum + secondsOf(index), 0);
    for (const [index, sound] of sounds) {
      if (seconds <= MAX_KEPT_SECONDS || sounds.size === 1) return;
      seconds -= secondsOf(index);
      sounds.delete(index);
      void sound.then(closeSound, () => {});
    }
  }

  /**
   * Play from a place. Call it in a click or key handler, or the browser may not allow sound.
   * @param {number} index
   * @param {number} seconds
   */
  function start(index, seconds) {
    playlist?.stop();
    playlist = null;
    failed.clear();
    try {
      const context = makeContext(FILE_RATE, scope);
      if (context.state !== "running") context.resume().catch(() => {}); // refused: the next click tries again
      claimPlayback(player, scope);
      const own = createPlaylist({
        context,
        loadSound: (wanted) => loadSound(wanted, context),
        secondsOf,
        nextOf,
        onTurn: changed,
        onEnd: () => playlist === own && stop("ring on"),
        onError,
        makeTimer,
        scope,
      });
      playlist = own;
      first = index;
      own.start(index, Math.min(seconds, secondsOf(index)));
    } catch (problem) {
      onError(problem);
    }
    changed();
  }

  /** @param {"ring on"} [ending] */
  function stop(ending) {
    if (!playlist) return;
    if (!ending) playlist.stop();
    playlist = null;
    cursors.clear();
    releasePlayback(player, scope);
    changed();
  }

  const player = {
    /** Listen to "change": another roll sounds, or none, or one begins at another place. */
    on: emitter.on,
    get playing() {
      return playlist !== null;
    },
    /** True while all are played, one after the other. */
    get inOrder() {
      return playlist !== null && inOrder;
    },
    /** True while the sound that was asked for is not there yet. */
    get waiting() {
      return playlist !== null && playlist.position() === null;
    },
    get repeat() {
      return repeat;
    },
    /** The roll that sounds; null while nothing plays. */
    get index() {
      return playlist ? (playlist.position()?.index ?? first) : null;
    },
    /**
     * Where a roll is: at what sounds, or at what it will begin with [seconds].
     * @param {number} index
     */
    seconds(index) {
      const position = playlist?.position();
      return position?.index === index ? position.seconds : (cursors.get(index) ?? 0);
    },
    /**
     * Play one roll, or stop it.
     * @param {number} index
     */
    toggle(index) {
      if (player.index === index) return stop();
      inOrder = false;
      start(index, cursors.get(index) ?? 0);
    },
    /** Play all rolls in order, or stop. */
    toggleAll() {
      if (player.inOrder) return stop();
      const index = firstOf(all);
      if (index === null) return;
      inOrder = true;
      start(index, 0);
    },
    /**
     * Play from a place; in order, if all are played.
     * @param {number} index
     * @param {number} seconds
     */
    playFrom(index, seconds) {
      inOrder = player.inOrder;
      start(index, seconds);
    },
    /**
     * Move to a place: what sounds goes on there, and what does not will begin there.
     * @param {number} index
     * @param {number} seconds
     */
    seek(index, seconds) {
      const place = Math.max(0, Math.min(seconds, secondsOf(index)));
      if (player.index === index) return player.playFrom(index, place);
      cursors.set(index, place);
      changed();
    },
    /** @param {boolean} to */
    setRepeat(to) {
      repeat = to;
      playlist?.replan();
      changed();
    },
    stop: () => stop(),
    dispose() {
      stop();
      sounds.forEach((sound) => void sound.then(closeSound, () => {}));
      sounds.clear();
    },
  };
  return player;
}
