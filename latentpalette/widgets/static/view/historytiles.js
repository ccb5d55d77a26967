// The states of a history as tiles: a picture of the music of each, a click that goes back to it, a star that keeps it.
/** @import { InstrumentSession, Version, Versions } from "../types.js" */
/** @import { PitchRange } from "./draw/contour.js" */

import { describeChangeIn, formatAge } from "../state/changewords.js";
import { MAX_STARS } from "../state/versions.js";
import { fieldColor } from "./color.js";
import { el } from "./dom.js";
import { pitchRanges } from "./draw/contour.js";
import { drawDots } from "./draw/field.js";
import { contextOf, inkOf } from "./draw/ink.js";
import { drawThumbnail } from "./draw/thumbnail.js";
import { icon } from "./icons.js";

const MARGIN = 4; // around the notes [pixels of the page]

/**
 * @param {object} options
 * @param {Pick<InstrumentSession, "state" | "commands"> & { versions: Versions }} options.session
 * @param {() => boolean} options.isDark
 * @param {(text: string) => void} options.onNotice
 * @param {(words: string) => void} options.onWords   called with what the tile under the pointer, or in focus, is
 * @param {{ width: number, height: number }} options.size   of a tile [pixels of the page]
 * @param {string} options.label                             of all of them
 */
export function createHistoryTiles({ session, isDark, onNotice, onWords, size: { width, height }, label }) {
  const { state, commands, versions } = session;
  /** @type {Map<number, ReturnType<typeof createTile>>} */
  const tiles = new Map(); // by the id of the version
  /** @type {WeakMap<Version, { before: Version | null, change: string }>} */
  const changes = new WeakMap(); // against the one before
  const element = el("div", { class: "lp-versions", role: "group", aria: { label }, style: { "--lp-width": `${width}px`, "--lp-height": `${height}px` } });

  /** @param {Version} version */
  function goTo(version) {
    versions.take(); // what the hand has just done, too
    if (version === versions.current) return;
    commands.restoreEdits(versions.valuesOf(version));
    versions.take();
  }
  /** @param {Version} version */
  function toggleStar(version) {
    if (!versions.toggleStar(version)) onNotice(`${MAX_STARS} states have a star: take one off first.`);
  }

  /**
   * What a state has other than the one before it, when it was made, and its star, in words.
   * @param {Version} version
   */
  function describe(version) {
    const before = versions.list[versions.list.indexOf(version) - 1] ?? null;
    const known = changes.get(version);
    const change = known?.before === before ? known.change : describeChangeIn(state, before && versions.valuesOf(before), versions.valuesOf(version));
    changes.set(version, { before, change });
    return `${change}, ${formatAge(Date.now() - version.time)}${version.isStarred ? ", starred" : ""}`;
  }

  /** @param {Version} version */
  function createTile(version) {
    const canvas = el("canvas", { aria: { hidden: true } });
    const main = el("button", { class: "lp-version", type: "button", tabindex: -1, on: { click: () => goTo(version) } }, canvas);
    const star = el("button", { class: "lp-mini lp-star", type: "button", tabindex: -1, title: "Star: kept for good (S)", on: { click: () => toggleStar(version) } }, icon("star"));
    const element = el("div", { class: "lp-version-place" }, main, star);
    let drawn = "";
    for (const type of ["focus", "pointerenter"]) main.addEventListener(type, () => onWords(describe(version)));
    return {
      element,
      main,
      version,
      /** @param {{ number: number, ranges: PitchRange[], isCurrent: boolean }} options */
      show({ number, ranges, isCurrent }) {
        main.setAttribute("aria-label", `State ${number}: ${describe(version)}`);
        main.setAttribute("aria-pressed", String(isCurrent));
        star.setAttribute("aria-pressed", String(version.isStarred));
        star.setAttribute("aria-label", `Star state ${number}`);
        const dark = isDark();
        main.style.setProperty("--lp-place", version.weights ? fieldColor(version.weights, dark) : "var(--lp-step)");
        const key = `${dark} ${version.picture?.id} ${ranges}`;
        if (key === drawn) return;
        drawn = key;
        drawVersion(canvas, version, { ranges, dark });
      },
    };
  }
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Version} version
   * @param {{ ranges: PitchRange[], dark: boolean }} look
   */
  function drawVersion(canvas, version, { ranges, dark }) {
    const scale = globalThis.devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const ink = inkOf(dark);
    const box = { left: MARGIN * scale, top: MARGIN * scale, across: (width - 2 * MARGIN) * scale, down: (height - 2 * MARGIN) * scale };
    const clip = versions.clipOf(version);
    if (!clip) return drawDots(contextOf(canvas), box, scale, { ...ink, veil: "transparent" });
    drawThumbnail(contextOf(canvas), clip, box, { streams: state.streams, lanes: state.lanes, ranges, scale, main: ink.main, soft: ink.soft });
  }

  /** The tile of the present state where it is shown, else the newest that is. */
  const present = () => {
    const shown = [...element.children].map((place) => [...tiles.values()].find((tile) => tile.element === place));
    return shown.find((tile) => tile?.version === versions.current) ?? shown[shown.length - 1];
  };

  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const buttons = [...element.children].map((place) => /** @type {HTMLButtonElement} */ (place.firstElementChild));
    const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
    const at = buttons.findIndex((item) => item.parentElement?.contains(root.activeElement));
    if (at < 0) return;
    const columns = buttons.filter((item) => item.offsetTop === buttons[0].offsetTop).length;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -at, End: buttons.length - 1 - at };
    if (event.key in moves) buttons[Math.min(buttons.length - 1, Math.max(0, at + moves[event.key]))].focus();
    else if (event.key.toLowerCase() === "s") {
      const chosen = [...tiles.values()].find(({ main }) => main === buttons[at]);
      if (chosen) toggleStar(chosen.version);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    describe,
    /** @param {Version[]} shown   in their order */
    show(shown) {
      for (const [id, { version }] of tiles) if (!versions.list.includes(version)) tiles.delete(id);
      const ranges = pitchRanges(shown.map(versions.clipOf), state.streams.length);
      const items = shown.map((version) => {
        const tile = tiles.get(version.id) ?? createTile(version);
        tiles.set(version.id, tile);
        tile.show({ number: versions.list.indexOf(version) + 1, ranges, isCurrent: version === versions.current });
        return tile;
      });
      const elements = items.map((tile) => tile.element);
      if (elements.some((each, at) => each !== element.children[at]) || elements.length !== element.children.length) element.replaceChildren(...elements);
      const focusable = present();
      items.forEach((item) => (item.main.tabIndex = item === focusable ? 0 : -1));
    },
    scrollToPresent: () => present()?.main.scrollIntoView({ block: "nearest" }),
    focus: () => present()?.main.focus(),
  };
}
