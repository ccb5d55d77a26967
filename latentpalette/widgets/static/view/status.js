// Status line: in words what the board shows, for screen readers as well.
/** @import { Clip, Lane, PathMode, Playback, RequestState, State, Stream } from "../types.js" */

import { stepSeconds } from "../audio/clock.js";
import { NO_ANSWER } from "../state/kernellink.js";
import { canAsk } from "../state/requests.js";
import { LETTERS, cornerWeights } from "./color.js";
import { el, setText } from "./dom.js";
import { cellCenter, crossings, formatWeight, weightsAt } from "../state/geometry.js";
import { laneCounts, playedClip } from "../state/clip.js";
import { pitchName } from "../state/pitch.js";
import { playbackOrder } from "../audio/pathorder.js";

/**
 * Format corner weights, the strongest first: "B .44 · A .31 · D .15 · C .10".
 * @param {number[]} weights
 */
export function formatWeights(weights) {
  return weights
    .map((weight, k) => ({ letter: LETTERS[k], weight }))
    .sort((one, other) => other.weight - one.weight)
    .map(({ letter, weight }) => `${letter} ${formatWeight(weight)}`)
    .join(" · ");
}

/**
 * Format the number of hits of each drum: "kick 6 · closed hat 12".
 * @param {number[]} counts
 * @param {string[]} names
 */
export function formatCounts(counts, names) {
  const formatted = counts.flatMap((count, drum) => (count > 0 ? [`${names[drum]} ${count}`] : []));
  return formatted.length ? formatted.join(" · ") : "silence";
}

/**
 * Format what a clip is made of: "kick 6 · closed hat 12", "13 notes · E4 to B4", "melody 105 · bass 107 notes".
 * @param {Clip} clip
 * @param {{ streams: Stream[], lanes: Lane[] }} model
 */
export function formatClip(clip, { streams, lanes }) {
  const names = lanes.map(({ name }) => name);
  const counts = formatCounts(laneCounts(clip, lanes), names);
  if (!clip.notes.length || streams.every(({ is_drum }) => is_drum)) return counts;
  if (streams.length > 1) return `${counts} notes`;
  const pitches = clip.notes.map(({ pitch }) => pitch);
  const [low, high] = [Math.min(...pitches), Math.max(...pitches)].map(pitchName);
  const many = clip.notes.length === 1 ? "1 note" : `${clip.notes.length} notes`;
  return low === high ? `${many} · ${low}` : `${many} · ${low} to ${high}`;
}

/** @param {number} number */
export function formatOrdinal(number) {
  const tens = number % 100;
  if (tens >= 11 && tens <= 13) return `${number}th`;
  return `${number}${["th", "st", "nd", "rd"][number % 10] ?? "th"}`;
}

/**
 * Say how usual a distance from the middle of latent space is.
 * @param {number} percentile   of the distance, among random samples of the model
 */
export function formatNorm(percentile) {
  if (percentile < 5) return "unusually small";
  return percentile > 95 ? "unusually large" : "typical";
}

/** @param {number} seconds */
export function formatMinutes(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * Format the length of one lap of a path: "12 cells, 24 bars, 0:48".
 * @param {number} cells
 * @param {number} barsPerCell
 * @param {number} qpm
 * @param {PathMode} mode
 */
export function formatPath(cells, barsPerCell, qpm, mode) {
  const bars = playbackOrder(cells, mode).length * barsPerCell;
  const many = (/** @type {number} */ count, /** @type {string} */ word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  return `${many(cells, "cell")}, ${many(bars, "bar")}, ${formatMinutes(bars * 16 * stepSeconds(qpm))}`;
}

/**
 * Format the size of the board, and how the request for another grid goes.
 * @param {Pick<State, "get" | "isStale" | "cells">} state
 * @param {RequestState} decodeState
 */
export function formatDecoding(state, decodeState) {
  const size = state.get("size");
  const grid = `${size} × ${size}`;
  if (decodeState === "lost") return `${grid} · ${NO_ANSWER}`;
  if (decodeState === "slow") return `${grid} · decoding ${size ** 2} loops; the kernel is busy, the music goes on`;
  const { length, missing } = state.cells;
  const decoding = `decoding ${size ** 2} loops …`;
  if (decodeState === "asking") return `${grid} · ${decoding}`;
  if (state.isStale) return `${grid} · ${canAsk(state, "decode") ? decoding : "corners edited, blends as before"}`;
  return missing.length ? `${length - missing.length} of ${length} cells decoded` : grid;
}

const NORM_HELP =
  "How far this place is from the middle of latent space, among random samples of the model. What is very near tends to be plain, what is very far to be odd.";

/** @param {{ state: State, playback: Playback }} options */
export function createStatus({ state, playback }) {
  const shares = el("span");
  const hits = el("span", { class: "lp-counts" });
  const usual = el("span");
  const percent = el("span", { class: "lp-percentile" });
  const norm = el("span", {}, usual, percent);
  const bar = el(
    "span",
    { class: "lp-weights", aria: { hidden: true } },
    ...LETTERS.map((_, k) => el("i", { data: { corner: k } })),
  );
  const liveRegion = el("span", { class: "lp-spoken", role: "status", aria: { live: "polite", atomic: true } });
  const path = el("span");
  const tempo = el("span", { class: "lp-tempo-note" });
  const news = el("span", { class: "lp-news" });
  const decoded = el("span", { class: "lp-decoded" });
  /** @type {{ points: unknown, text: string } | null} */
  let pathNotice = null; // on the path that was drawn last
  const facts = el(
    "div",
    { class: "lp-facts" },
    el("span", { class: "lp-blend" }, shares, bar),
    hits,
    norm,
    path,
    decoded,
  );
  const element = el("div", { class: "lp-status" }, facts, tempo, news, liveRegion);
  let lastAnnounced = "";

  return {
    element,
    /**
     * Show something about the present path, for as long as it is there.
     * @param {string} text
     */
    showPathNotice(text) {
      pathNotice = { points: state.get("points"), text };
    },
    /**
     * Say what a control did other than asked, until the next pointer or key goes down.
     * @param {string} text
     */
    showNotice(text) {
      setText(news, text);
      setText(liveRegion, text);
    },
    clearNotice: () => setText(news, ""),
    /**
     * @param {RequestState} decodeState
     * @param {number} decodeMs
     */
    show(decodeState, decodeMs) {
      const { row, col } = playback.cell();
      const { size } = state;
      const corner = playback.corner;
      const place = playback.point() ?? cellCenter(row, col, size);
      const weights = corner === null ? weightsAt(...place) : cornerWeights(corner);
      const clip = playback.clip();
      const locks = { lanes: state.lanes, locks: state.get("locks"), accents: state.get("accents") };
      const counts = clip ? formatClip(playedClip(clip, locks), state) : "not decoded yet";
      const percentile = state.norms[row * size + col];
      const isCorner = corner === null && [0, size - 1].includes(row) && [0, size - 1].includes(col);
      setText(shares, formatWeights(weights));
      bar.querySelectorAll("i").forEach((part, k) => (part.style.flexGrow = String(weights[k])));
      setText(hits, counts);
      hits.title = counts;
      const origin = isCorner ? (state.get("use_original_corners") ? " · original" : " · reconstruction") : "";
      const points = state.get("points");
      norm.hidden = corner !== null || percentile == null || (points.length > 0 && state.get("tool") === "draw");
      if (percentile != null) {
        setText(usual, `‖z‖ ${formatNorm(percentile)}${origin}`);
        setText(percent, `, ${formatOrdinal(percentile)} percentile`);
        norm.title = `‖z‖ is at the ${formatOrdinal(percentile)} percentile: ${NORM_HELP}`;
      }
      const cells = points.length ? crossings(points, size).length : 0;
      const lap = formatPath(cells, state.get("bars_per_cell"), state.get("qpm"), state.get("path_mode"));
      setText(path, cells ? `path: ${lap}${pathNotice?.points === points ? `; ${pathNotice.text}` : ""}` : "");
      setText(tempo, state.get("tempo_note"));
      const decoding = formatDecoding(state, decodeState);
      setText(decoded, decoding);
      const isDecoded = decodeMs > 0 && !state.isStale && decodeState === "idle";
      decoded.title = `${state.get("model_name")}${isDecoded ? `, decoded in ${Math.round(decodeMs)} ms` : ""}`;
      const isLong = decoding.length > 40; // news of the kernel: on a line of its own
      if (isLong !== (decoded.parentElement === element)) (isLong ? element : facts).append(decoded);
      // Announced when the cell changes, not at each edit of its pattern: that would never end.
      const spoken = corner === null ? `Row ${row + 1}, column ${col + 1} of ${size}` : `Corner ${LETTERS[corner]}`;
      if (spoken === lastAnnounced) return;
      lastAnnounced = spoken;
      setText(liveRegion, `${spoken}. ${formatWeights(weights)}. ${counts}.`);
    },
  };
}
