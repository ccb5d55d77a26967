// Playback: chooses what the player plays: the corner being edited, the drawn path, or the cell under the puck.
/** @import { Cell, Clip, Crossing, GainOf, Loop, OnError, Player, PlayerState, Point, Position, State, Traits } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { cellAt, cellCenter, crossings, pointAlong } from "./geometry.js";
import { isInLane } from "./clip.js";
import { loopOfClip } from "./loop.js";

/** @type {(keyof Traits)[]} */
const AUDIBLE_TRAITS = [
  "patterns", "size", "puck", "points", "qpm", "mutes", "locks", "bars_per_cell", "path_mode", "tool", "use_original_corners",
];
const AUDITION_VELOCITY = 96; // where no accents are given

/**
 * The key of a cell's loop.
 * @param {Cell} cell
 */
const cellKey = ({ row, col }) => `cell ${row} ${col}`;

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

  /** What decides, besides the clip, how it sounds. */
  const settings = () => ({
    lanes: state.lanes,
    mutes: state.get("mutes"),
    locks: state.get("locks"),
    accents: state.get("accents"),
    qpm: state.get("qpm"),
  });
  /**
   * @param {Clip} clip
   * @param {string} key
   * @returns {Loop}
   */
  const loopOf = (clip, key) => ({ ...loopOfClip(clip, settings(), gainOf), key });
  const cell = () => cellAt(...state.get("puck"), state.size);
  const shouldFollowPath = () => corner === null && state.get("tool") === "draw" && state.get("points").length > 0;
  /** The clip that should play, before locks and mutes; null while it is not decoded. */
  const clip = () => {
    if (corner !== null) return state.cornerClip(corner);
    const { row, col } = cell();
    return state.clipAt(row, col);
  };
  /** The loop that should play; null while its clip is not decoded. */
  const loop = () => {
    const current = clip();
    return current && loopOf(current, corner === null ? cellKey(cell()) : `corner ${corner}`);
  };
  /**
   * The loop of a cell on the path. One that is not decoded yet is silent.
   * @param {Cell} cell
   */
  const loopOfCell = (cell) => loopOf(state.clipAt(cell.row, cell.col) ?? { ...state.cornerClip(0), notes: [] }, cellKey(cell));

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
      loopOf: (i) => loopOfCell(cells[i]),
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
        const next = loop();
        if (!next) return onChange(); // it follows when it is decoded
        if (ready.state === "stopped") ready.play(next);
        else ready.change(next, corner === null ? state.get("launch_quantization") : "step");
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
     * Play one note, for an editor at rest. A drum without a velocity has the accent of its step.
     * @param {{ stream: number, pitches?: number[] | null, pitch?: number, step?: number, velocity?: number }} note
     */
    audition({ stream, pitches, pitch = pitches?.[0], step = 0, velocity }) {
      if (isSounding() || pitch === undefined) return;
      const lane = state.lanes.findIndex((lane) => isInLane(lane, { stream, pitch }));
      velocity ??= state.get("accents")[lane]?.[step % STEPS_PER_BAR] ?? AUDITION_VELOCITY;
      ensurePlayer()?.tap({ stream, pitch, velocity, gain: loop()?.gain });
    },
    cell,
    clip,
    /** The tokens of a drum palette's clip. */
    tokens() {
      if (corner !== null) return state.get("patterns")[corner];
      const { row, col } = cell();
      return state.tokensAt(row, col);
    },
    /**
     * The audible step of the clip and the puck.
     * @returns {{ step: number, puck: Point }}   the step (-1 while nothing plays), and the puck (on a path, gliding)
     */
    position() {
      const position = isSounding() ? player?.position() : null;
      if (!position) return { step: -1, puck: state.get("puck") };
      return { step: Math.max(0, Math.floor(position.phase)), puck: followedPath ? puckOnPath(followedPath, position) : state.get("puck") };
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
