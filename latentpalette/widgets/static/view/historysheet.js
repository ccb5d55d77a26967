// History: the last states of the instrument as thumbnails, over the board; a click goes back to one, a star keeps it.
/** @import { Disposables, InstrumentSession, Version, Versions } from "../types.js" */

import { describeChangeIn, formatAge } from "../state/changewords.js";
import { MAX_STARS } from "../state/versions.js";
import { fieldColor } from "./color.js";
import { el, setText } from "./dom.js";
import { pitchRanges } from "./draw/contour.js";
import { drawDots } from "./draw/field.js";
import { contextOf, inkOf } from "./draw/ink.js";
import { drawThumbnail } from "./draw/thumbnail.js";
import { icon } from "./icons.js";
import { createMenu } from "./menus/menu.js";
import { createSegments } from "./segments.js";

const WIDTH = 60; // of a thumbnail [pixels of the page]
const HEIGHT = 38;
const MARGIN = 4;

/**
 * @param {object} options
 * @param {Pick<InstrumentSession, "state" | "commands"> & { versions: Versions }} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {(text: string) => void} options.onNotice
 */
export function createHistorySheet({ session, disposables, isDark, onNotice }) {
  const { state, commands, versions } = session;
  let onlyStarred = false;
  /** @type {Map<number, ReturnType<typeof createThumbnail>>} */
  const thumbnails = new Map(); // by the id of the version, while the sheet is open
  /** @type {WeakMap<Version, { before: Version | null, change: string }>} */
  const changes = new WeakMap(); // against the one before
  const button = el(
    "button",
    { class: "lp-control lp-square lp-history-button", type: "button", title: "History (H): the last states, one click away", aria: { label: "History" } },
    icon("history"),
  );
  const list = el("div", { class: "lp-versions", role: "group", aria: { label: "States, the oldest first" } });
  const count = el("span", { class: "lp-dim" });
  const line = el("span", { class: "lp-version-words" });
  const full = el("p", { class: "lp-note", text: "This browser has no room for all that have a star. Keep, State, save takes them along.", hidden: true });
  const filter = createSegments({
    label: "Which states",
    choices: /** @type {[boolean, string, string][]} */ ([[false, "all", "All states"], [true, "★", "Those with a star"]]),
    onChoose(value) {
      onlyStarred = value;
      show();
    },
  });
  const close = el("button", { class: "lp-mini", type: "button", aria: { label: "Close the history" }, on: { click: () => menu.close(true) } }, icon("clear"));
  const panel = el(
    "div",
    { class: "lp-history", role: "dialog", aria: { label: "History" } },
    el("div", { class: "lp-row lp-nowrap" }, el("b", { text: "History" }), count, el("span", { class: "lp-space" }), filter.element, close),
    list,
    line,
    full,
  );
  const menu = createMenu({
    disposables,
    button,
    panel,
    onOpen() {
      versions.take(); // what the hand has just done, too
      show();
      currentThumbnail()?.main.scrollIntoView({ block: "nearest" });
    },
  });
  const currentThumbnail = () => thumbnails.get(versions.current?.id ?? -1) ?? [...thumbnails.values()].pop();

  /** @param {Version} version */
  function goTo(version) {
    versions.take();
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
  function createThumbnail(version) {
    const canvas = el("canvas", { aria: { hidden: true } });
    const main = el("button", { class: "lp-version", type: "button", tabindex: -1, on: { click: () => goTo(version) } }, canvas);
    const star = el("button", { class: "lp-mini lp-star", type: "button", tabindex: -1, title: "Star: kept for good (S)", on: { click: () => toggleStar(version) } }, icon("star"));
    const element = el("div", { class: "lp-version-place" }, main, star);
    let drawn = "";
    for (const type of ["focus", "pointerenter"]) main.addEventListener(type, () => setText(line, describe(version)));
    return {
      element,
      main,
      version,
      /** @param {{ number: number, ranges: [number, number][] }} options */
      show({ number, ranges }) {
        const isCurrent = version === versions.current;
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
   * @param {{ ranges: [number, number][], dark: boolean }} look
   */
  function drawVersion(canvas, version, { ranges, dark }) {
    const scale = globalThis.devicePixelRatio || 1;
    canvas.width = WIDTH * scale;
    canvas.height = HEIGHT * scale;
    const ink = inkOf(dark);
    const box = { left: MARGIN * scale, top: MARGIN * scale, across: (WIDTH - 2 * MARGIN) * scale, down: (HEIGHT - 2 * MARGIN) * scale };
    const clip = versions.clipOf(version);
    if (!clip) return drawDots(contextOf(canvas), box, scale, { ...ink, veil: "transparent" });
    drawThumbnail(contextOf(canvas), clip, box, { streams: state.streams, lanes: state.lanes, ranges, scale, main: ink.main, soft: ink.soft });
  }

  function show() {
    if (panel.hidden) return;
    const stars = versions.list.filter(({ isStarred }) => isStarred);
    if (!stars.length) onlyStarred = false;
    const shown = onlyStarred ? stars : versions.list;
    const ranges = pitchRanges(shown.map(versions.clipOf), state.streams.length);
    for (const [id, { version }] of thumbnails) if (!versions.list.includes(version)) thumbnails.delete(id);
    const items = shown.map((version) => {
      const thumbnail = thumbnails.get(version.id) ?? createThumbnail(version);
      thumbnails.set(version.id, thumbnail);
      thumbnail.show({ number: versions.list.indexOf(version) + 1, ranges });
      return thumbnail;
    });
    const elements = items.map(({ element }) => element);
    if (elements.some((element, at) => element !== list.children[at]) || elements.length !== list.children.length) list.replaceChildren(...elements);
    const focusable = items.find(({ version }) => version === versions.current) ?? items[items.length - 1];
    items.forEach((item) => (item.main.tabIndex = item === focusable ? 0 : -1));
    setText(count, `${versions.list.length === 1 ? "1 state" : `${versions.list.length} states`}${stars.length ? `, ${stars.length} with a star` : ""}`);
    filter.element.hidden = !stars.length;
    filter.show(onlyStarred);
    full.hidden = versions.isWhole;
    if (!line.textContent && versions.current) setText(line, describe(versions.current));
  }

  panel.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const buttons = [...list.children].map((place) => /** @type {HTMLButtonElement} */ (place.firstElementChild));
    const root = /** @type {Document | ShadowRoot} */ (panel.getRootNode());
    const at = buttons.findIndex((item) => item.parentElement?.contains(root.activeElement));
    if (at < 0) return;
    const columns = buttons.filter((item) => item.offsetTop === buttons[0].offsetTop).length;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -at, End: buttons.length - 1 - at };
    if (event.key in moves) buttons[Math.min(buttons.length - 1, Math.max(0, at + moves[event.key]))].focus();
    else if (event.key.toLowerCase() === "s") {
      const chosen = [...thumbnails.values()].find(({ main }) => main === buttons[at]);
      if (chosen) toggleStar(chosen.version);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    /** The button, with the sheet that it opens. */
    element: menu.element,
    show,
    /** Open it, at the present state; close it where it is open. */
    toggle() {
      if (!panel.hidden) return menu.close(true);
      menu.open();
      currentThumbnail()?.main.focus();
    },
  };
}
