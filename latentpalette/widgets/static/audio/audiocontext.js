// Shared by all palettes of a page: one audio context, and the rule that only one of them plays.
// Each widget carries its own copy of this module, so what is shared hangs on the global object under a symbol.
/** @import { Scope } from "../types.js" */

const CONTEXT = Symbol.for("latentpalette.audio");
const PLAYING = Symbol.for("latentpalette.playing");

/**
 * The page's audio context, made at the first call. Call it in a click or key handler, or it may not be allowed to run.
 * @param {number} rate     the kit's, so that loops are whole frames; the browser resamples the sum [frames per second]
 * @param {Scope} [scope]
 * @returns {AudioContext}
 * @throws {Error}   if the browser has no Web Audio
 */
export function sharedContext(rate, scope = globalThis) {
  if (!scope[CONTEXT] || scope[CONTEXT].state === "closed") {
    const Context = scope.AudioContext ?? scope.webkitAudioContext;
    if (!Context) throw new Error("This browser has no Web Audio, so nothing can be played in it.");
    scope[CONTEXT] = new Context({ latencyHint: "interactive", sampleRate: rate });
  }
  return scope[CONTEXT];
}

/**
 * Replace a context whose clock stands still (seen on phones after a switch of tabs). If another player has replaced it
 * already, return its replacement.
 * @param {AudioContext} frozen
 * @param {Scope} [scope]
 * @returns {AudioContext | null}   null if `frozen` is not the page's
 */
export function renewSharedContext(frozen, scope = globalThis) {
  if (scope[CONTEXT] === frozen) {
    frozen.close().catch(() => {}); // it is broken: a failure to close it changes nothing
    scope[CONTEXT] = null;
  } else if (frozen.state !== "closed") return null;
  return sharedContext(frozen.sampleRate, scope);
}

/**
 * Make `player` the one that plays, and stop the one that did.
 * @param {{ stop(): void }} player
 * @param {Scope} [scope]
 */
export function claimPlayback(player, scope = globalThis) {
  const other = scope[PLAYING];
  scope[PLAYING] = player;
  if (other && other !== player) other.stop();
}

/**
 * @param {{ stop(): void }} player
 * @param {Scope} [scope]
 */
export function releasePlayback(player, scope = globalThis) {
  if (scope[PLAYING] === player) scope[PLAYING] = null;
}
