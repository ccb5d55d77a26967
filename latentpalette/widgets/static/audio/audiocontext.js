// Shared by all instruments of a page: one audio context, and the rule that only one of them plays, or one group.
// Each widget carries its own copy of this module, so what is shared hangs on the global object under a symbol.
/** @import { PagePlayer, Scope } from "../types.js" */

const CONTEXT = Symbol.for("latentpalette.audio");
const PLAYING = Symbol.for("latentpalette.players");
const STARTING = Symbol.for("latentpalette.starting");

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
 * Make the browser allow sound, inside a click or key handler, for what plays later.
 * @param {number} rate   [frames per second]
 * @param {Scope} [scope]
 */
export function wakeContext(rate, scope = globalThis) {
  if (scope.AudioContext ?? scope.webkitAudioContext) {
    sharedContext(rate, scope).resume().catch(() => {}); // refused: the player's state will say so
  }
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
 * Let `player` play: those stop that do not play together with it, which are all but the others of its group.
 * @param {PagePlayer} player
 * @param {Scope} [scope]
 */
export function claimPlayback(player, scope = globalThis) {
  const players = playersOf(scope);
  for (const other of [...players]) if (other !== player && !areTogether(player, other)) other.stop();
  players.add(player);
  shareLoudness(players);
}

/**
 * @param {PagePlayer} player
 * @param {Scope} [scope]
 */
export function releasePlayback(player, scope = globalThis) {
  playersOf(scope).delete(player);
  player.setShare?.(1);
  shareLoudness(playersOf(scope));
}

/**
 * The others that play together with a player now.
 * @param {PagePlayer} player
 * @param {Scope} [scope]
 * @returns {PagePlayer[]}
 */
export function companionsOf(player, scope = globalThis) {
  return [...playersOf(scope)].filter((other) => other !== player && areTogether(player, other));
}

/**
 * Start several players: the first leaves the others the time to mix, so that all begin with the same step.
 * @param {number} count
 * @param {() => void} start   starts them
 * @param {Scope} [scope]
 */
export function startTogether(count, start, scope = globalThis) {
  scope[STARTING] = count;
  try {
    start();
  } finally {
    scope[STARTING] = 1;
  }
}

/**
 * How many players are being started together.
 * @param {Scope} scope
 * @returns {number}
 */
export const startingCount = (scope) => scope[STARTING] ?? 1;

/**
 * @param {Scope} scope
 * @returns {Set<PagePlayer>}
 */
const playersOf = (scope) => (scope[PLAYING] ??= new Set());

/**
 * @param {PagePlayer} one
 * @param {PagePlayer} other
 */
const areTogether = (one, other) => Boolean(one.group) && one.group === other.group;

/**
 * Several that play together are as loud as one alone: uncorrelated sounds add up in power.
 * @param {Set<PagePlayer>} players
 */
function shareLoudness(players) {
  for (const player of players) {
    const count = [...players].filter((other) => other === player || areTogether(player, other)).length;
    player.setShare?.(1 / Math.sqrt(count));
  }
}
