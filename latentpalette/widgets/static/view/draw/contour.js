// A melody in a small place: its contour, notes as dashes that hairlines join where one follows on another.
/** @import { Box, Note } from "../../types.js" */

/**
 * @param {object} melody
 * @param {Note[]} melody.notes            of one stream, in order
 * @param {number} melody.steps            length of the clip
 * @param {[low: number, high: number]} melody.range   of the whole board, so that higher is higher everywhere
 * @param {Box} box
 * @param {{ thick: number, joined: boolean }} look     thickness of a dash [pixels]
 * @returns {Box[]}
 */
export function contourBoxes({ notes, steps, range: [low, high] }, { left, top, across, down }, { thick, joined }) {
  const dash = Math.max(1, Math.round(thick));
  const x = (/** @type {number} */ step) => Math.round(left + (step * across) / steps);
  const y = (/** @type {number} */ pitch) =>
    Math.round(top + (down - dash) * (1 - (pitch - low) / Math.max(1, high - low)));
  /** @type {Box[]} */
  const boxes = [];
  notes.forEach(({ step, pitch, length }, index) => {
    const before = notes[index - 1];
    const gap = across / steps >= 1.5 && before ? 1 : 0;
    const [from, to] = [x(step), x(step + length)];
    boxes.push({ left: from, top: y(pitch), across: Math.max(1, to - from - gap), down: dash });
    if (!joined || !before || before.step + before.length !== step || before.pitch === pitch) return;
    const [upper, lower] = [Math.min(y(pitch), y(before.pitch)), Math.max(y(pitch), y(before.pitch))];
    boxes.push({ left: from - 1, top: upper, across: 1, down: lower - upper + dash });
  });
  return boxes;
}

/**
 * The lowest and the highest pitch of each stream in some clips; at least an octave apart, so that a flat melody is flat.
 * @param {Iterable<{ notes: Note[] } | null>} clips
 * @param {number} streams   how many
 * @returns {[low: number, high: number][]}
 */
export function pitchRanges(clips, streams) {
  const ranges = Array.from({ length: streams }, () => [Infinity, -Infinity]);
  for (const clip of clips) {
    for (const { stream, pitch } of clip?.notes ?? []) {
      const range = ranges[stream];
      if (pitch < range[0]) range[0] = pitch;
      if (pitch > range[1]) range[1] = pitch;
    }
  }
  return ranges.map(([low, high]) => {
    if (low > high) return [60, 72];
    const more = Math.max(0, 12 - (high - low)) / 2;
    return [low - more, high + more];
  });
}
