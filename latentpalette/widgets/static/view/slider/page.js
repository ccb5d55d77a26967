// What both cards of a slider have in common, so that they compare: the bars that are shown, and the pitches that have a
// row: those of the whole way.
/** @import { Clip, Note, SliderSession } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { formatPage, pageAt } from "../../state/barwindow.js";
import { playedClip } from "../../state/clip.js";

const PAGE_BARS = 4; // of long music

/** @param {SliderSession} session */
export function createPage(session) {
  const { state, ends } = session;
  const zoom = { steps: ends.steps, zoom: PAGE_BARS };
  let page = pageAt(0, zoom);
  /** @type {{ table: unknown, clips: unknown, notes: Note[] } | null} */
  let known = null;
  return {
    /** The page that is shown. */
    shown: () => page,
    /**
     * Turn to the page of a step.
     * @param {number} step
     * @returns {boolean}   true if another is shown now
     */
    turnTo(step) {
      const turned = pageAt(step, zoom);
      if (step < 0 || turned.from === page.from) return false;
      page = turned;
      return true;
    },
    /** The notes of all places, whose pitches have rows. */
    range() {
      const [table, clips] = [session.rows.table, state.get("end_clips")];
      if (known?.table !== table || known.clips !== clips) {
        const places = Array.from({ length: table.length }, (_, index) => table.at(index)?.notes ?? []);
        const all = [...places, ends.clip(0).notes, ends.clip(1).notes].flat();
        const distinct = new Map(all.map((note) => [`${note.stream} ${note.pitch}`, note]));
        known = { table, clips, notes: [...distinct.values()] };
      }
      return known.notes;
    },
    /**
     * A clip with its locks, before mutes.
     * @param {Clip} clip
     */
    played: (clip) => playedClip(clip, { lanes: state.lanes, locks: state.get("locks"), accents: state.get("accents") }),
    /**
     * Where a step lies, in words.
     * @param {number} step   -1 while nothing plays
     */
    words(step) {
      if (ends.steps > PAGE_BARS * STEPS_PER_BAR) return formatPage(page);
      return step < 0 ? "" : `bar ${Math.floor(step / STEPS_PER_BAR) + 1} · beat ${(Math.floor(step / 4) % 4) + 1}`;
    },
  };
}
