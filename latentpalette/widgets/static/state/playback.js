// Playback: chooses what the player plays: the corner being edited, the drawn path, or the cell under the puck.
/** @import { Crossing, GainOf, Loop, Tokens, OnError, Player, PlayerState, Point, Position, State, Traits } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { cellAt, cellCenter, crossings, pointAlong } from "./geometry.js";
import { NUM_STEPS, loopOfPattern } from "./pattern.js";

/** @type {(keyof Traits)[]} */
const AUDIBLE_TRAITS = [
  "patterns", "size", "puck", "points", "qpm", "mutes", "locks", "bars_per_cell", "path_mode", "tool", "use_original_corners",
];
const AUDITION_VELOCITY = 96; // where no accents are given

/**
 * @param {object} options
 * @param {State} options.state
 * @param {(onState: (playerState: PlayerState) => void) => Player | null} options.makePlayer   null before a click
 * @param {GainOf} [options.gainOf]
 * @param {() => void} options.onChange
 * @param {OnError} options.onError
 */
export function createPlayback({ state, makePlayer, gainOf = () => 1, onChange, onError }) {
  /** @type {Player | null} */
  let player = null;
  /** @type {number | null} */
  let corner = null; // the corner that plays instead of the palette, while it is edited
  /** @type {{ points: Point[], size: number, cells: Crossing[], index: number, forward: boolean } | null} */
  let followedPath = null; // while the path plays

  /**
   * @param {Tokens} tokens
   * @returns {Loop}
   */
  const loopOf = (tokens) => {
    const [mutes, locks, accents] = [state.get("mutes"), state.get("locks"), state.get("accents")];
    const qpm = state.get("qpm");
    const key = JSON.stringify([[...tokens], mutes, locks, qpm]);
    return { ...loopOfPattern(tokens, { qpm, mutes, locks, accents }, gainOf), key };
  };
  const cell = () => cellAt(...state.get("puck"), state.size);
  const shouldFollowPath = () => corner === null && state.get("tool") === "draw" && state.get("points").length > 0;
  const tokens = () => {
    if (corner !== null) return state.get("patterns")[corner];
    const { row, col } = cell();
    return state.tokensAt(row, col);
  };

  /** @param {Player} activePlayer */
  function followPath(activePlayer) {
    const points = state.get("points");
    const barsPerCell = state.get("bars_per_cell");
    const mode = state.get("path_mode");
    const quantize = state.get("launch_quantization");
    if (followedPath && followedPath.points === points && followedPath.size === state.size) {
      activePlayer.updatePath({ barsPerCell, mode });
      return activePlayer.change(null, quantize); // asks for the loops again: a lock, a mute or the tempo may differ
    }
    const cells = crossings(points, state.size);
    const path = { points, size: state.size, cells, index: 0, forward: true };
    followedPath = path;
    activePlayer.followPath({
      count: cells.length,
      barsPerCell,
      mode,
      quantize,
      loopOf: (i) => loopOf(state.tokensAt(cells[i].row, cells[i].col)),
      onCell(i) {
        if (followedPath !== path) return;
        path.forward = i === path.index ? path.forward : i > path.index;
        path.index = i;
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
      // Another palette has claimed playback, or a path is over.
      if (playerState === "stopped" && state.get("playing")) state.set({ playing: false });
      onChange();
    });
    player?.setVolume(state.get("volume"));
    return player;
  }

  /** Bring the player to what should play now. */
  function refresh() {
    if (!state.get("playing")) return halt();
    try {
      const ready = ensurePlayer();
      if (!ready) return onChange(); // sound waits for a click
      if (shouldFollowPath()) followPath(ready);
      else {
        leavePath();
        if (ready.state === "stopped") ready.play(loopOf(tokens()));
        else ready.change(loopOf(tokens()), corner === null ? state.get("launch_quantization") : "step");
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

  /**
   * The puck on the followed path: it glides through the part of the stroke that lies in the audible cell.
   * @param {NonNullable<typeof followedPath>} path
   * @param {Position} position
   */
  function puckOnPath({ points, cells, index, forward }, { cell, cellPhase }) {
    const { from, to } = cells[cell ?? index];
    return pointAlong(points, forward ? from + (to - from) * cellPhase : to - (to - from) * cellPhase);
  }

  const isSounding = () => player !== null && player.state !== "stopped";
  const playback = {
    get sounding() {
      return isSounding();
    },
    start() {
      state.set({ playing: true });
    },
    stop() {
      state.set({ playing: false });
    },
    toggle() {
      if (state.get("playing") && isSounding()) playback.stop();
      else if (state.get("playing")) refresh(); // Python had started it before a click allowed it
      else playback.start();
    },
    refresh,
    /**
     * Play a corner instead of the palette.
     * @param {number | null} which   null: the palette again
     */
    playCorner(which) {
      if (corner === which) return;
      corner = which;
      refresh();
    },
    get corner() {
      return corner;
    },
    /**
     * Play one hit, for an editor at rest.
     * @param {number} drum
     * @param {number} step
     */
    audition(drum, step) {
      if (isSounding()) return;
      const velocity = state.get("accents")[drum]?.[step % STEPS_PER_BAR] ?? AUDITION_VELOCITY;
      ensurePlayer()?.tap(drum, velocity, loopOf(tokens()).gain);
    },
    cell,
    tokens,
    /**
     * The audible column and the puck.
     * @returns {{ step: number, puck: Point }}   the column (-1 while nothing plays), and the puck (on a path, gliding)
     */
    position() {
      const position = isSounding() ? player?.position() : null;
      if (!position) return { step: -1, puck: state.get("puck") };
      const step = ((Math.floor(position.step) % NUM_STEPS) + NUM_STEPS) % NUM_STEPS;
      return { step, puck: followedPath ? puckOnPath(followedPath, position) : state.get("puck") };
    },
    ensurePlayer,
    get player() {
      return player;
    },
    get followedPath() {
      return followedPath;
    },
    dispose() {
      unsubscribe.forEach((off) => off());
      halt();
      player?.dispose();
      player = null;
    },
  };

  const unsubscribe = [
    ...AUDIBLE_TRAITS.map((name) =>
      state.on(name, () => state.get("playing") && !(name === "puck" && followedPath) && refresh()),
    ),
    state.on("cells", () => state.get("playing") && refresh()),
    state.on("playing", refresh),
    state.on("volume", () => player?.setVolume(state.get("volume"))),
  ];
  return playback;
}
