// The length of a piece by the ends of its tracks, silence at the end included, so that a loop whose last bar is silent
// keeps its length.
/** @import { MidiTrack, ParsedMidi, Score } from "../../types.js" */

import { EPSILON, STEPS_PER_QUARTER, barLineBefore } from "./bars.js";
import { END_OF_TRACK } from "./events.js";
import { endTick } from "./patterns.js";
import { lengthOf } from "./score.js";
import { withCommas } from "./wording.js";

const MAX_OFF_BAR_LINE = 0.5; // [steps] many programs end a track some ticks before or after its last bar line
const MAX_SILENCE = 64 * 4; // [quarter notes], for music that is shorter than that

/**
 * A score that is as long as the longest track of its file. A piece ends at a bar line, or on a beat in the second half
 * of a bar. An end of track at the last event of its track, or at the last note-off of any, says nothing; and a silence
 * longer than 64 bars and than the music is left out, with a warning.
 * @param {Score} score
 * @param {ParsedMidi} file
 * @returns {Score}
 */
export function extendToEndOfTrack(score, { tracks, ticksPerQuarter }) {
  if (score.endMarker !== null) return score;
  const tolerance = Math.max(Math.floor(ticksPerQuarter / 48), 1); // some programs end a track a tick late
  const silent = tracks.filter((track) => endTick(track) > lastTick(track) + tolerance);
  const last = silent.reduce((end, track) => Math.max(end, endTick(track)), 0);
  if (tracks.some((track) => lastNoteTick(track) + tolerance >= last)) return score;
  const quarters = last / ticksPerQuarter;
  let end = barLineBefore(score.meters, quarters + MAX_OFF_BAR_LINE / STEPS_PER_QUARTER);
  if (last % ticksPerQuarter === 0 && quarters - end >= quartersPerBar(score, end) / 2) end = quarters;
  const length = lengthOf(score);
  const silence = end - length;
  if (silence <= EPSILON) return score;
  if (silence <= Math.max(MAX_SILENCE, length)) return { ...score, endMarker: end };
  const warning = `the end of a track is ${withCommas(silence / 4)} bars after the music; that silence is left out`;
  return { ...score, warnings: [...score.warnings, warning] };
}

/**
 * The length of a bar that begins at a position [quarter notes].
 * @param {Score} score
 * @param {number} quarters
 */
function quartersPerBar({ meters }, quarters) {
  const holding = meters.filter((meter) => meter.quarters <= quarters + EPSILON);
  return (holding.length ? holding : meters)[(holding.length || meters.length) - 1].stepsPerBar / STEPS_PER_QUARTER;
}

/**
 * The tick of the last event of a track, the end of the track aside.
 * @param {MidiTrack} track
 */
const lastTick = ({ events, metaEvents }) =>
  Math.max(events.at(-1)?.[0] ?? 0, metaEvents.findLast(({ type }) => type !== END_OF_TRACK)?.tick ?? 0);

/**
 * The tick of the last note event of a track, most often a note-off; -1 if there is none.
 * @param {MidiTrack} track
 */
const lastNoteTick = ({ events }) => events.findLast(([, status]) => status < 0xa0)?.[0] ?? -1;
