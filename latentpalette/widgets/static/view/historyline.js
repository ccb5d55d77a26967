// History as a line: the newest states, one click away, and before them those of the older ones that have a star. What there
// is no room for is in the sheet.
/** @import { Disposables, InstrumentSession, Versions } from "../types.js" */

import { foldVersions } from "../state/versionfold.js";
import { el, setText } from "./dom.js";
import { createHistoryTiles } from "./historytiles.js";

const SIZE = { width: 48, height: 30 }; // of a tile [pixels of the page]
const GAP = 6;
const MINUTE = 60_000; // [milliseconds]

/**
 * @param {object} options
 * @param {Pick<InstrumentSession, "state" | "commands"> & { versions: Versions }} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {(text: string) => void} options.onNotice
 * @param {() => void} options.onMore      opens the sheet
 */
export function createHistoryLine({ session, disposables, isDark, onNotice, onMore }) {
  const { versions } = session;
  const tiles = createHistoryTiles({
    session,
    isDark,
    onNotice,
    onWords: (words) => (tiles.element.title = words),
    size: SIZE,
    label: "The last states, the newest at the end",
  });
  const more = el("button", { class: "lp-control lp-small lp-history-more", type: "button", hidden: true, on: { click: onMore } });
  const element = el("section", { class: "lp-history-line", aria: { label: "Last states" } }, el("b", { text: "History" }), more, tiles.element);
  let width = 0;
  let shown = "";

  function show() {
    const room = Math.max(1, Math.floor((width + GAP) / (SIZE.width + GAP)));
    const { list, current } = versions;
    const states = list.map(({ id, picture, isStarred }) => `${id}.${picture?.id}${isStarred ? "*" : ""}`);
    const key = [isDark(), room, current?.id, Math.floor(Date.now() / MINUTE), ...states].join(); // the minute is for their ages
    if (key === shown) return;
    shown = key;
    const folded = foldVersions(list, current, room);
    tiles.show(folded);
    const hidden = list.length - folded.length;
    more.hidden = !hidden;
    setText(more, `+${hidden}`);
    more.title = `All ${list.length} states (H)`;
    more.setAttribute("aria-label", more.title);
  }
  const observer = new ResizeObserver(([{ contentRect }]) => {
    width = contentRect.width;
    show();
  });
  observer.observe(tiles.element);
  disposables.add(() => observer.disconnect());
  return { element, show };
}
