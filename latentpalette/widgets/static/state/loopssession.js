// Session of Latent Loops: the grid between four corners, what is heard of it, the clipboard and the song.
/** @import { ChosenClip, Clip, ClipJson, Model } from "../types.js" */
/** @import { Key } from "./pitch.js" */
/** @import { Turn } from "./song.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { clipFromJson } from "./clip.js";
import { cellCenter, weightsAt } from "./geometry.js";
import { nearestFirst } from "./fillin.js";
import { createInstrumentSession } from "./instrumentsession.js";
import { createLoopsActions } from "./loopsactions.js";
import { createRows } from "./rows.js";
import { foldPitch, mapPitches, movePitch, snapClip } from "./scales.js";
import { shareSessions } from "./sharing.js";
import { allTurns } from "./song.js";

const EDITED = [
  "corner_clips", "labels", "left_out", "curves", "size", "interpolation", "refined", "clips", "places", "tonic", "scale",
  "snap_to_scale", "song_mode", "chords", "mutes", "locks", "volumes", "sounds",
];
const TRAITS = [...EDITED.slice(0, -4), "cell", "place", "plays", "sketch_grid", "cells"];
const AUDIBLE = ["corner_clips", "refined", "clips", "places", "tonic", "scale", "snap_to_scale", "plays", "song_mode"];

/**
 * What can be heard alone, and edited: a loop of the grid, of the clipboard, a place of the song.
 * @typedef {{ kind: "cell", row: number, col: number } | { kind: "clip", index: number } | { kind: "place", index: number }} Where
 */

/**
 * The weights of the corners' colors of a cell.
 * @param {number} row
 * @param {number} col
 * @param {number} size
 */
const weightsOf = (row, col, size) => weightsAt(...cellCenter(row, col, size));

/** Open a view's share in the session of Latent Loops. */
export const openLoops = shareSessions(createLoopsSession);

/** @param {Model} unsafeModel */
function createLoopsSession(unsafeModel) {
  const id = unsafeModel.get("widget_id");
  /** @type {Where | null} */
  let hovered = null;
  /** @type {Where} */
  let focus = { kind: "cell", row: 0, col: 0 }; // of a cell, that of the trait
  /** @type {{ turns: Turn[], shape: string, first: number, turn: number } | null} */
  let followed = null; // the song while it plays

  const session = createInstrumentSession(unsafeModel, {
    traits: TRAITS,
    edited: EDITED,
    audible: AUDIBLE,
    places: ["cell"],
    weights({ get }) {
      const [row, col] = get("cell");
      return weightsOf(row, col, get("size"));
    },
    chosen,
    route() {
      if (state.get("plays") !== "song" || !state.get("places").length) {
        followed = null;
        return null;
      }
      const turns = songTurns();
      const shape = turns.map(({ place }) => place).join();
      const first = Math.max(0, turns.findIndex(({ place }) => place === chosenPlace()));
      const key = followed?.shape === shape ? followed : { turns, shape, first, turn: first };
      if (state.get("playing")) followed = key;
      key.turns = turns;
      return {
        key,
        count: turns.length,
        first: key.first,
        barsPerTurn: steps() / STEPS_PER_BAR,
        mode: state.get("song_mode"),
        chosenAt: (index) => ({ clip: key.turns[index].clip, key: `turn ${index}`, name: String(key.turns[index].place + 1) }),
        onTurn(index) {
          key.turn = index;
          state.set({ place: key.turns[index].place });
        },
      };
    },
  });
  const { state, transport, commands, request, onError, changed } = session;
  const stream = state.streams[0];
  const range = { low: stream.low, high: stream.high };
  const steps = () => state.get("corner_clips")[0].steps;
  /** @returns {Key} */
  const key = () => ({ tonic: state.get("tonic"), scale: state.get("scale") });

  const rows = createRows({
    id,
    state,
    trait: "cells",
    inputs: ["corner_clips", "size", "interpolation", "chords"],
    count: () => state.get("size") ** 2,
    request,
    firstOf(missing) {
      const where = audible();
      const [row, col] = where.kind === "cell" ? [where.row, where.col] : state.get("cell");
      return nearestFirst(missing, side(), [col, row]);
    },
    onRow() {
      decodedIn = key();
      changed();
      if (state.get("playing")) transport.refresh();
    },
    changed,
    onError,
  });

  // --- clips, each made once ----------------------------------------------------------------------------------------
  /** @type {WeakMap<object, Clip>} */
  const read = new WeakMap();
  /** @param {ClipJson} json */
  const clipOf = (json) => {
    const known = read.get(json) ?? clipFromJson(json);
    read.set(json, known);
    return known;
  };
  let decodedIn = key(); // a grid in another key is on its way: meanwhile, and without Python, this one is moved there
  let snapped = { of: /** @type {unknown} */ (null), key: "", clips: /** @type {Map<number, Clip>} */ (new Map()) };
  /** @param {number} index */
  function decodedClip(index) {
    const clip = rows.table.at(index);
    const snaps = state.get("snap_to_scale");
    const now = key();
    const isMoved = now.tonic !== decodedIn.tonic || now.scale !== decodedIn.scale;
    if (!clip || !(snaps || isMoved)) return clip;
    const name = JSON.stringify([now, decodedIn, snaps]);
    if (snapped.of !== rows.table || snapped.key !== name) snapped = { of: rows.table, key: name, clips: new Map() };
    let known = snapped.clips.get(index);
    if (!known) {
      const moved = isMoved ? mapPitches(clip, (pitch) => foldPitch(movePitch(pitch, decodedIn, now), range)) : clip;
      snapped.clips.set(index, (known = snaps ? snapClip(moved, now, range) : moved));
    }
    return known;
  }
  /** Cells along a side of the grid that is shown; another one may be on its way. */
  const side = () => Math.round(Math.sqrt(rows.table.length)) || state.get("size");
  /**
   * The clip of a cell, before locks and mutes: as it was refined, or a corner, or what the model makes of its place.
   * @param {number} row
   * @param {number} col
   * @returns {Clip | null}
   */
  function cellClip(row, col) {
    const last = side() - 1;
    const refined = state.get("refined").find((/** @type {any} */ cell) => cell.row === row && cell.col === col);
    if (refined) return clipOf(refined.clip);
    const isCorner = [0, last].includes(row) && [0, last].includes(col);
    return isCorner ? clipOf(state.get("corner_clips")[(row ? 2 : 0) + (col ? 1 : 0)]) : decodedClip(row * side() + col);
  }
  let song = { places: /** @type {unknown} */ (null), turns: /** @type {Turn[]} */ ([]) };
  function songTurns() {
    const places = state.get("places");
    if (song.places !== places) song = { places, turns: allTurns(places, range) };
    return song.turns;
  }

  // --- what is heard ------------------------------------------------------------------------------------------------
  /** @returns {Where} */
  const chosenCell = () => {
    const last = side() - 1;
    const [row, col] = state.get("cell");
    return { kind: "cell", row: Math.min(row, last), col: Math.min(col, last) };
  };
  const chosenPlace = () => Math.min(state.get("place"), Math.max(0, state.get("places").length - 1));
  /** @param {Where} where */
  const exists = (where) =>
    where.kind === "cell"
      ? where.row < side() && where.col < side()
      : Boolean(state.get(where.kind === "clip" ? "clips" : "places")[where.index]);
  /** @returns {Where} */
  const focused = () => (focus.kind === "cell" || !exists(focus) ? chosenCell() : focus);
  /** @returns {Where} */
  const audible = () => (hovered && exists(hovered) ? hovered : focused());
  /**
   * @param {Where} where
   * @returns {Clip | null}   before locks and mutes
   */
  function clipAt(where) {
    if (where.kind === "cell") return cellClip(where.row, where.col);
    if (where.kind === "clip") return clipOf(state.get("clips")[where.index].clip);
    return songTurns().find(({ place }) => place === where.index)?.clip ?? null;
  }
  /** @returns {ChosenClip | null} */
  function chosen() {
    const where = audible();
    const clip = clipAt(where);
    if (!clip) return null;
    const named = where.kind === "cell" ? { weights: weightsOf(where.row, where.col, side()) } : { name: String(where.index + 1) };
    return { clip, key: nameOf(where), ...named };
  }

  const unsubscribe = [
    state.on("cell", () => state.get("playing") && !transport.followed && transport.refresh()),
    state.on("place", () => {
      if (!state.get("playing") || !followed || !transport.followed) return;
      if (chosenPlace() === followed.turns[followed.turn]?.place) return; // the song has moved on by itself
      followed = null;
      transport.refresh();
    }),
    state.on("playing", () => {
      if (state.get("playing")) return;
      const isOver = followed?.turn === songTurns().length - 1;
      followed = null;
      if (isOver) state.set({ place: 0 }); // the next play begins again
    }),
  ];
  const refresh = () => {
    if (state.get("playing")) transport.refresh();
    changed();
  };
  const disposeSession = session.dispose;

  const parts = {
    rows,
    range,
    steps,
    key,
    side,
    cellClip,
    clipAt,
    /** @param {ClipJson} json */
    clipOf,
    songTurns,
    chosenPlace,
    /** What is chosen: it plays while nothing is hovered over. */
    focused,
    /** What is heard, or would be. */
    audible,
    /** The place of the song that sounds, and its turn there; null while the song does not play. */
    sounding() {
      const position = transport.followed ? transport.position() : null;
      const turn = position?.cell == null ? undefined : songTurns()[position.cell];
      return turn && position ? { ...turn, phase: position.cellPhase } : null;
    },
    decodeState: () => rows.decodeState,
    /**
     * Hear a loop while the pointer is over it; null: no longer.
     * @param {Where | null} where
     */
    hover(where) {
      if (where && hovered && nameOf(where) === nameOf(hovered)) return;
      if (where === hovered) return;
      hovered = where;
      if (state.get("plays") === "loop") refresh();
    },
    /**
     * Choose a loop: it plays from now on, alone.
     * @param {Where} where
     */
    choose(where) {
      focus = where;
      hovered = null;
      if (where.kind === "cell") state.set({ cell: [where.row, where.col], plays: "loop" });
      else if (where.kind === "place") state.set({ place: where.index });
      else state.set({ plays: "loop" });
      refresh();
    },
  };
  const loops = Object.assign(session, parts, {
    actions: createLoopsActions({ state, commands, request, onError, ...parts }),
    dispose() {
      unsubscribe.forEach((off) => off());
      rows.dispose();
      disposeSession();
    },
  });
  return loops;
}

/**
 * A loop's name for the player.
 * @param {Where} where
 */
export const nameOf = (where) => (where.kind === "cell" ? `cell ${where.row} ${where.col}` : `${where.kind} ${where.index}`);
