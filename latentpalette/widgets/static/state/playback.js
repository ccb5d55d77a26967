// Playback of a palette: the transport plays the corner being edited, the drawn path, or the cell under the puck.
/** @import { Cell, Clip, ClipRoute, Crossing, GainOf, OnError, Player, PlayerState, Point, Position, State } from "../types.js" */

import { cellAt, cellCenter, crossings, pointAlong, weightsAt } from "./geometry.js";
import { createTransport } from "./transport.js";

const AUDIBLE = ["corner_clips", "size", "points", "bars_per_cell", "path_mode", "tool", "use_original_corners", "between_cells", "cells"];

/**
 * The key of a cell's loop.
 * @param {Cell} cell
 */
const cellKey = ({ row, col }) => `cell ${row} ${col}`;

/**
 * What the key of a loop names: a cell, with a point where that plays and not the cell itself, or a corner.
 * @param {string | number | null | undefined} key
 * @returns {{ cell: Cell | null, point: Point | null, corner: number | null }}
 */
function placeOfKey(key) {
  const [kind, ...numbers] = String(key ?? "").split(" ");
  const [first, second, x, y] = numbers.map(Number);
  const isCell = kind === "cell";
  return {
    cell: isCell ? { row: first, col: second } : null,
    point: isCell && y !== undefined ? [x, y] : null,
    corner: kind === "corner" ? first : null,
  };
}

/**
 * Clips of points between the cells: undefined where the cell plays, or until they are decoded.
 * @typedef {{ get(puck: Point): Clip | undefined }} Between
 */

/** @type {Between} */
const NO_PLACES = { get: () => undefined };

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Between} [options.between]   what plays between the cells
 * @param {(onState: (playerState: PlayerState) => void) => Player | null} options.makePlayer   null before a click
 * @param {GainOf} [options.gainOf]
 * @param {() => void} options.onChange
 * @param {OnError} options.onError
 */
export function createPlayback({ state, between = NO_PLACES, makePlayer, gainOf, onChange, onError }) {
  /** @type {number | null} */
  let corner = null; // the corner that plays instead of the palette, while it is edited
  /** @type {{ points: Point[], size: number, cells: Crossing[], index: number, forward: boolean } | null} */
  let path = null; // the one that was followed last, with its cells

  const cell = () => cellAt(...state.get("puck"), state.size);
  /** The point between the cells that should play, and is decoded. */
  const point = () => {
    const puck = corner === null ? state.get("puck") : null;
    return puck && between.get(puck) ? puck : null;
  };
  /** The clip that should play, before locks and mutes; null while it is not decoded. */
  const clip = () => {
    if (corner !== null) return state.cornerClip(corner);
    const { row, col } = cell();
    return between.get(state.get("puck")) ?? state.clipAt(row, col);
  };
  /**
   * What names a cell to those that show what was played.
   * @param {Cell} place
   */
  const namesOf = ({ row, col }) => ({ key: cellKey({ row, col }), weights: weightsAt(...cellCenter(row, col, state.size)) });
  /** @returns {Clip} */
  const silence = () => ({ ...state.cornerClip(0), notes: [] });

  /** @returns {ClipRoute | null} */
  function route() {
    const points = state.get("points");
    if (corner !== null || state.get("tool") !== "draw" || !points.length) return null;
    if (path?.points !== points || path.size !== state.size) {
      path = { points, size: state.size, cells: crossings(points, state.size), index: 0, forward: true };
    }
    const current = path;
    const { cells } = current;
    return {
      key: current,
      count: cells.length,
      barsPerTurn: state.get("bars_per_cell"),
      mode: state.get("path_mode"),
      // A cell that is not decoded yet is silent.
      chosenAt: (i) => ({ clip: state.clipAt(cells[i].row, cells[i].col) ?? silence(), ...namesOf(cells[i]) }),
      onTurn(i) {
        current.forward = i === current.index ? current.forward : i > current.index;
        current.index = i;
        state.set({ puck: cellCenter(cells[i].row, cells[i].col, state.size) });
      },
    };
  }

  const transport = createTransport({
    state,
    audible: AUDIBLE,
    chosen() {
      const current = clip();
      if (!current) return null;
      const exact = point();
      if (exact) return { clip: current, key: [cellKey(cell()), ...exact].join(" "), weights: weightsAt(...exact) };
      if (corner === null) return { clip: current, ...namesOf(cell()) };
      return { clip: current, key: `corner ${corner}`, weights: weightsAt(corner % 2, corner > 1 ? 1 : 0), quantize: "step" };
    },
    route,
    makePlayer,
    gainOf,
    onChange,
    onError,
  });
  const followedPath = () => (transport.followed ? path : null);
  const offPuck = state.on("puck", () => state.get("playing") && !followedPath() && transport.refresh());

  /**
   * The puck on the followed path: it glides through the part of the stroke that lies in the audible cell.
   * @param {NonNullable<typeof path>} path
   * @param {Position} position
   */
  function puckOnPath({ points, cells, index, forward }, { cell, cellPhase }) {
    const { from, to } = cells[cell ?? index];
    return pointAlong(points, forward ? from + (to - from) * cellPhase : to - (to - from) * cellPhase);
  }

  return {
    get sounding() {
      return transport.sounding;
    },
    start: transport.start,
    stop: transport.stop,
    toggle: transport.toggle,
    refresh: transport.refresh,
    prepare: transport.prepare,
    audition: transport.audition,
    loop: transport.loop,
    lap: transport.lap,
    ensurePlayer: transport.ensurePlayer,
    get player() {
      return transport.player;
    },
    get followed() {
      return transport.followed;
    },
    /**
     * Play a corner instead of the palette.
     * @param {number | null} which   null: the palette again
     */
    playCorner(which) {
      if (corner === which) return;
      corner = which;
      transport.refresh();
    },
    get corner() {
      return corner;
    },
    cell,
    clip,
    point,
    /** The clip of the puck's point between the cells, if it plays there. */
    exactClip: () => between.get(state.get("puck")) ?? null,
    /**
     * The cell or the corner that sounds now, and its clip before locks and mutes: where changes wait for the next bar,
     * say, it is the one before. At rest it is the one that would play; the clip is null while that is not decoded.
     * @returns {{ cell: Cell, corner: number | null, clip: Clip | null }}
     */
    audible() {
      const { cell: place, point: exact, corner: other } = placeOfKey(transport.position()?.key);
      if (other !== null) return { cell: cell(), corner: other, clip: state.cornerClip(other) };
      if (!place || Math.max(place.row, place.col) >= state.size) return { cell: cell(), corner, clip: clip() };
      const clipThere = (exact && between.get(exact)) ?? state.clipAt(place.row, place.col);
      return { cell: place, corner: null, clip: clipThere };
    },
    /**
     * The audible step of the clip and the puck.
     * @returns {{ step: number, puck: Point }}   the step (-1 while nothing plays), and the puck (on a path, gliding)
     */
    position() {
      const position = transport.position();
      if (!position) return { step: -1, puck: state.get("puck") };
      const onPath = followedPath();
      return {
        step: Math.max(0, Math.floor(position.phase)),
        puck: onPath ? puckOnPath(onPath, position) : state.get("puck"),
      };
    },
    get followedPath() {
      return followedPath();
    },
    dispose() {
      offPuck();
      transport.dispose();
    },
  };
}
