// The line that says in words what the picture shows. A screen reader speaks it when the cell changes.
import { stepSeconds } from "../audio/clock.js";
import { LETTERS } from "./color.js";
import { el, write } from "./dom.js";
import { cellCentre, crossings, weightsAt } from "../state/geometry.js";
import { icon } from "./icons.js";
import { applyLocks, laneCounts } from "../state/pattern.js";
import { lapOf } from "../audio/pathorder.js";

// "B .44 · A .31 · D .15 · C .10", the strongest first.
export function weightsInWords(weights) {
  return weights
    .map((weight, k) => [LETTERS[k], weight])
    .sort((one, other) => other[1] - one[1])
    .map(([letter, weight]) => `${letter} ${weight.toFixed(2).replace(/^0/, "")}`)
    .join(" · ");
}

export function countsInWords(counts, names) {
  const sounding = counts.map((count, drum) => [names[drum], count]).filter(([, count]) => count > 0);
  return sounding.length ? sounding.map(([name, count]) => `${name} ${count}`).join(" · ") : "silence";
}

export function ordinal(number) {
  const tens = number % 100;
  if (tens >= 11 && tens <= 13) return `${number}th`;
  return `${number}${["th", "st", "nd", "rd"][number % 10] ?? "th"}`;
}

export function minutes(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// "12 cells, 24 bars, 0:48": one lap, there and back if it swings.
export function pathInWords(cells, barsPerCell, qpm, mode) {
  const bars = lapOf(cells, mode).length * barsPerCell;
  const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  return `${many(cells, "cell")}, ${many(bars, "bar")}, ${minutes(bars * 16 * stepSeconds(qpm))}`;
}

export function createStatus({ doc, playback, edits }) {
  const shares = el("span");
  const hits = el("span");
  const norm = el("span", { title: "How far from the middle of latent space, among random samples of the model" });
  const bar = el("span", { class: "lp-weights", aria: { hidden: true } }, ...LETTERS.map((_, k) => el("i", { data: { corner: k } })));
  const spoken = el("span", { class: "lp-spoken", role: "status", aria: { live: "polite", atomic: true } });
  const path = el("span");
  const forget = el(
    "button",
    { class: "lp-mini", type: "button", title: "Remove the path", aria: { label: "Remove the path" } },
    icon("clear"),
  );
  forget.addEventListener("click", () => edits.setPath([]));
  const walk = el("span", { class: "lp-walk" }, path, forget);
  const decoded = el("span", { class: "lp-decoded" });
  const element = el(
    "div",
    { class: "lp-status" },
    el("span", { class: "lp-blend" }, shares, bar),
    hits,
    norm,
    walk,
    decoded,
    spoken,
  );
  let told = "";

  return {
    element,
    show(decodeState, decodeMs) {
      const { row, col } = playback.cell();
      const { size } = doc;
      const corner = playback.corner;
      const weights = corner === null ? weightsAt(...cellCentre(row, col, size)) : [0, 1, 2, 3].map((k) => +(k === corner));
      const counts = countsInWords(laneCounts(applyLocks(playback.masks(), doc.get("locks"))), doc.get("drums"));
      const percentile = doc.norms[row * size + col];
      const isCorner = corner === null && [0, size - 1].includes(row) && [0, size - 1].includes(col);
      write(shares, weightsInWords(weights));
      [...bar.children].forEach((part, k) => (part.style.flexGrow = weights[k]));
      write(hits, counts);
      const origin = isCorner ? (doc.get("originals") ? " · original" : " · reconstruction") : "";
      write(norm, corner === null && percentile != null ? `‖z‖ ${ordinal(percentile)} percentile${origin}` : "");
      const points = doc.get("points");
      const cells = points.length ? crossings(points, size).length : 0;
      walk.hidden = !cells;
      write(path, cells ? `path: ${pathInWords(cells, doc.get("bars_per_cell"), doc.get("qpm"), doc.get("path_mode"))}` : "");
      write(decoded, decodedInWords(decodeState, decodeMs));
      // Told when the cell changes, not at each edit of its pattern: that would never end.
      const place = corner === null ? `Row ${row + 1}, column ${col + 1} of ${size}` : `Corner ${LETTERS[corner]}`;
      if (place === told) return;
      told = place;
      write(spoken, `${place}. ${weightsInWords(weights)}. ${counts}.`);
    },
  };

  function decodedInWords(state, ms) {
    const grid = `${doc.get("model_name")} · ${doc.get("size")} × ${doc.get("size")}`;
    if (state === "lost") return `${grid} · no answer from Python; the music goes on`;
    if (state === "slow") return `${grid} · decoding; the kernel is busy, the music goes on`;
    if (state === "asking") return `${grid} · decoding …`;
    if (doc.isStale) return doc.get("live") ? `${grid} · decoding …` : `${grid} · corners edited, blends as before`;
    return ms > 0 ? `${grid} decoded in ${Math.round(ms)} ms` : grid;
  }
}
