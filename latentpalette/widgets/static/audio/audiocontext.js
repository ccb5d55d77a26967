// What all palettes of a page share: one audio context, and the rule that only one of them plays.
// Each widget carries its own copy of this module, so what is shared hangs on the global object under a symbol.

const CONTEXT = Symbol.for("latentpalette.audio");
const PLAYING = Symbol.for("latentpalette.playing");

// The page's audio context, made at the first call; call it in a click or key handler, or it may not be allowed to run.
export function sharedContext(scope = globalThis) {
  if (!scope[CONTEXT] || scope[CONTEXT].state === "closed") {
    const Context = scope.AudioContext ?? scope.webkitAudioContext;
    if (!Context) throw new Error("This browser has no Web Audio, so nothing can be played in it.");
    scope[CONTEXT] = new Context({ latencyHint: "interactive" });
  }
  return scope[CONTEXT];
}

// A new context in place of one whose clock stands still (seen on phones after a switch of tabs), or null if that one is
// not the page's. If another player has replaced it already, its replacement serves.
export function renewSharedContext(frozen, scope = globalThis) {
  if (scope[CONTEXT] === frozen) {
    frozen.close().catch(() => {}); // it is broken; there is nobody to tell
    scope[CONTEXT] = null;
  } else if (frozen.state !== "closed") return null;
  return sharedContext(scope);
}

// The one who plays stops whoever did.
export function claimPlayback(player, scope = globalThis) {
  const other = scope[PLAYING];
  scope[PLAYING] = player;
  if (other && other !== player) other.stop();
}

export function releasePlayback(player, scope = globalThis) {
  if (scope[PLAYING] === player) scope[PLAYING] = null;
}
