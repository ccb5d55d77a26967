// Latent Loops' places whose clips are copied, and into which clips are pasted: corners, cells of the grid, slots of its own
// clipboard, places of the song.
/** @import { GridCard, LoopsSession, MatrixCard, Spot, SpotAt } from "../../types.js" */
/** @import { Target } from "../../state/loopsactions.js" */
/** @import { Where } from "../../state/loopssession.js" */

import { LETTERS } from "../color.js";
import { outlined } from "../clipboard.js";
import { firstLoop, pasteClip } from "../pasting.js";

/** @param {{ session: LoopsSession, matrix: Pick<MatrixCard, "element" | "target" | "edit" | "read">, grid: Pick<GridCard, "board" | "cornerNear"> }} options */
export function createLoopSpots({ session, matrix, grid }) {
  const { state, actions, request } = session;
  const streams = state.streams.slice(0, 1); // drums are of a place alone

  /** @param {Target} target */
  function nameOf(target) {
    if (target.kind === "corner") return `corner ${LETTERS[target.corner]}`;
    if (target.kind === "cell") return `cell ${target.row + 1}, ${target.col + 1}`;
    return `${target.kind === "clip" ? "slot" : "place"} ${target.index + 1}`;
  }
  /** @param {Target} target */
  function itemOf(target) {
    if (target.kind === "corner") return { clip: state.get("corner_clips")[target.corner], label: state.get("labels")[target.corner] };
    if (target.kind !== "cell" && !state.get(target.kind === "clip" ? "clips" : "places")[target.index]) return null;
    return actions.itemOf(target);
  }
  /**
   * @param {Target} target
   * @param {(on: boolean) => void} [mark]
   * @returns {Spot}
   */
  const spot = (target, mark) => ({
    name: nameOf(target),
    copy() {
      const item = itemOf(target);
      return item && { clip: session.clipOf(item.clip), label: item.label, streams };
    },
    paste: (copied) =>
      pasteClip(copied, {
        state,
        steps: session.steps(),
        streams,
        put: (clip, label) => actions.put(target, { clip, label }),
        async load(file) {
          if (target.kind !== "corner") {
            actions.put(target, await firstLoop(file, request));
            return true;
          }
          matrix.edit(target); // there the loops of a file are chosen from
          return matrix.read([file]);
        },
      }),
    mark,
  });
  /**
   * A cell in a corner of the grid is that corner.
   * @param {Where} where
   * @returns {Target}
   */
  function targetOf(where) {
    const last = session.side() - 1;
    if (where.kind !== "cell" || ![0, last].includes(where.row) || ![0, last].includes(where.col)) return where;
    return { kind: "corner", corner: (where.row ? 2 : 0) + (where.col ? 1 : 0) };
  }
  const chosen = () => spot(targetOf(session.focused()));
  const edited = () => spot(matrix.target, outlined(matrix.element));

  /** @type {SpotAt} */
  function at(element, point) {
    const slot = /** @type {HTMLElement | null} */ (element?.closest("[data-slot]"));
    if (slot) return spot({ kind: "clip", index: Number(slot.dataset.slot) }, outlined(slot));
    const place = /** @type {HTMLElement | null} */ (element?.closest("[data-place]"));
    if (place) return spot({ kind: "place", index: Number(place.dataset.place) }, outlined(place));
    const corner = /** @type {HTMLElement | null} */ (element?.closest(".lp-tab[data-corner]"));
    if (corner) return spot({ kind: "corner", corner: Number(corner.dataset.corner) }, outlined(corner));
    if (element && matrix.element.contains(element)) return edited();
    if (!point) return chosen();
    if (!element || !grid.board.contains(element)) return null;
    const { board } = grid;
    const near = grid.cornerNear(point);
    return spot({ kind: "corner", corner: near }, (on) => (on ? void (board.dataset.drop = String(near)) : void delete board.dataset.drop));
  }
  return { at, chosen, edited };
}
