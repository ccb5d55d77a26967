// What is playing: the corner that is being edited, the path that was drawn, or the cell under the puck.
import { cellAt, cellCenter, crossings, pointAlong } from "./geometry.js";
import { hitsOf } from "./pattern.js";

const AUDIBLE_TRAITS = ["patterns", "size", "puck", "points", "qpm", "mutes", "locks", "bars_per_cell", "path_mode", "tool", "originals"];

// `makePlayer(onState)` answers with a player once sound is allowed; before that with null, and nothing sounds.
export function createPlayback({ state, makePlayer, onChange, onError }) {
  let player = null;
  let corner = null; // the corner that is heard instead of the palette, while it is edited
  let followedPath = null; // { points, size, cells, index, forward } while the path plays

  const settings = () => ({ mutes: state.get("mutes"), locks: state.get("locks"), accents: state.get("accents") });
  const loopOf = (masks) => {
    const { mutes, locks, accents } = settings();
    const qpm = state.get("qpm");
    const key = JSON.stringify([[...masks], mutes, locks, qpm]);
    return { hits: hitsOf(masks, { mutes, locks, accents }), steps: masks.length, qpm, key };
  };
  const cell = () => cellAt(...state.get("puck"), state.size);
  const followsPath = () => corner === null && state.get("tool") === "draw" && state.get("points").length > 0;
  const masksNow = () => {
    if (corner !== null) return state.get("patterns")[corner];
    const { row, col } = cell();
    return state.masksAt(row, col);
  };

  function followPath() {
    const points = state.get("points");
    const [barsPerCell, mode, quantize] = [state.get("bars_per_cell"), state.get("path_mode"), state.get("quantise")];
    if (followedPath && followedPath.points === points && followedPath.size === state.size) {
      player.updatePath({ barsPerCell, mode });
      return player.change(null, quantize); // asks for the cells anew: a lock, a mute or the tempo may differ
    }
    const cells = crossings(points, state.size);
    followedPath = { points, size: state.size, cells, index: 0, forward: true };
    player.followPath({
      count: cells.length,
      barsPerCell,
      mode,
      quantize,
      loopOf: (i) => loopOf(state.masksAt(cells[i].row, cells[i].col)),
      onCell(i) {
        if (followedPath?.cells !== cells) return;
        followedPath.forward = i === followedPath.index ? followedPath.forward : i > followedPath.index;
        followedPath.index = i;
        state.set({ puck: cellCenter(cells[i].row, cells[i].col, state.size) });
        onChange();
      },
      onEnd: () => playback.stop(),
    });
  }

  function leavePath() {
    if (!followedPath) return;
    followedPath = null;
    player?.leavePath();
  }

  function ensurePlayer() {
    player ??= makePlayer((playerState) => {
      if (playerState === "stopped" && state.get("playing")) state.set({ playing: false }); // another palette took the stage
      onChange();
    });
    player?.setVolume(state.get("volume"));
    return player;
  }

  // Brings the player to what should be heard now.
  function refresh() {
    if (!state.get("playing")) return halt();
    try {
      if (!ensurePlayer()) return onChange(); // sound waits for a click
      if (followsPath()) followPath();
      else {
        leavePath();
        if (player.state === "stopped") player.play(loopOf(masksNow()));
        else player.change(loopOf(masksNow()), corner === null ? state.get("quantise") : "step");
      }
    } catch (problem) {
      state.set({ playing: false });
      onError(problem);
    }
    onChange();
  }

  function halt() {
    leavePath();
    if (player && player.state !== "stopped") player.stop();
    onChange();
  }

  const playback = {
    get sounding() {
      return player !== null && player.state !== "stopped";
    },
    start() {
      state.set({ playing: true });
    },
    stop() {
      state.set({ playing: false });
    },
    toggle() {
      if (state.get("playing") && playback.sounding) playback.stop();
      else if (state.get("playing")) refresh(); // Python had said so before a click allowed it
      else playback.start();
    },
    refresh,
    // Plays a corner instead of the palette (null: the palette again).
    playCorner(which) {
      if (corner === which) return;
      corner = which;
      refresh();
    },
    get corner() {
      return corner;
    },
    // One hit, for an editor at rest.
    audition(drum, step) {
      if (playback.sounding) return;
      ensurePlayer()?.tap(drum, state.get("accents")[drum]?.[step % 16] ?? 96);
    },
    cell,
    masks: masksNow,
    // { step, puck } as heard: the column that sounds, and where on the path the puck is.
    position() {
      const position = playback.sounding ? player?.position() : null;
      if (!position) return { step: -1, puck: state.get("puck") };
      const step = ((Math.floor(position.step) % 32) + 32) % 32;
      return { step, puck: followedPath ? onPath(position) : state.get("puck") };
    },
    ensurePlayer,
    get player() {
      return player;
    },
    get walk() {
      return followedPath;
    },
    dispose() {
      unsubscribe.forEach((off) => off());
      halt();
      player?.dispose();
      player = null;
    },
  };

  // The puck glides through the segment of the stroke that lies in the cell that is heard.
  function onPath({ cell, cellPhase }) {
    const { from, to } = followedPath.cells[cell ?? followedPath.index];
    return pointAlong(followedPath.points, followedPath.forward ? from + (to - from) * cellPhase : to - (to - from) * cellPhase);
  }

  const unsubscribe = [
    ...AUDIBLE_TRAITS.map((name) => state.on(name, () => state.get("playing") && !(name === "puck" && followedPath) && refresh())),
    state.on("cells", () => state.get("playing") && refresh()),
    state.on("playing", refresh),
    state.on("volume", () => player?.setVolume(state.get("volume"))),
  ];
  return playback;
}
