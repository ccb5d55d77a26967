// The tracks of a score as users know them: numbered from 1, with a name, an instrument and a channel.
/** @import { Score, ScoreNote, TrackInfo } from "../../types.js" */

import { counted } from "./wording.js";

const MAX_LISTED = 16; // tracks in a message

/**
 * The tracks that have notes; a selection of them keeps their numbers.
 * @param {Score} score
 * @returns {TrackInfo[]}
 */
export function listTracks({ notes, origins, programNames }) {
  /** @type {Map<number, { first: ScoreNote, count: number }>} */
  const facts = new Map();
  for (const note of notes) {
    const known = facts.get(note.track);
    if (known) known.count += 1;
    else facts.set(note.track, { first: note, count: 1 });
  }
  /** @type {Map<string, { number: number, channel: number, tracks: number[] }>} */
  const groups = new Map(); // by the track of the file and its channel
  origins.forEach(({ number, channel }, track) => {
    const key = `${number} ${channel}`;
    if (!groups.has(key)) groups.set(key, { number, channel, tracks: [] });
    groups.get(key)?.tracks.push(track);
  });
  const ordered = [...groups.values()].sort((one, other) => one.number - other.number || one.channel - other.channel);
  return ordered.flatMap(({ channel, tracks }, index) => {
    const members = tracks.filter((track) => facts.has(track));
    if (!members.length) return [];
    const own = members.flatMap((track) => facts.get(track) ?? []);
    const programs = [...new Set(own.map(({ first }) => first.program))];
    const isDrum = own[0].first.isDrum;
    const { name } = origins[tracks[0]];
    const instrument = isDrum ? "drums" : programs.map((program) => programNames[program]).join(", ");
    return {
      number: index + 1,
      name,
      programs,
      notes: own.reduce((sum, { count }) => sum + count, 0),
      isDrum,
      channel: channel + 1,
      instrument,
      scoreTracks: members,
      title: `${index + 1}, ${name || instrument}`,
    };
  });
}

/**
 * Tracks in a row, for a message.
 * @param {TrackInfo[]} tracks
 */
export function describeTracks(tracks) {
  const listed = tracks.slice(0, MAX_LISTED).map((track) => `${track.title} (${describe(track)})`).join("; ");
  return tracks.length > MAX_LISTED ? `${listed}; and ${tracks.length - MAX_LISTED} more` : listed;
}

/** @param {TrackInfo} track */
function describe({ name, instrument, channel, notes }) {
  const isNamed = !["", instrument.toLowerCase()].includes(name.toLowerCase());
  return [...(isNamed ? [instrument] : []), `channel ${channel}`, counted(notes, "note")].join(", ");
}

/**
 * The notes of each track of a score, in the order of the file.
 * @param {Score} score
 * @returns {(track: TrackInfo) => ScoreNote[]}
 */
export function notesOfTracks({ notes }) {
  /** @type {Map<number, ScoreNote[]>} */
  const byTrack = new Map();
  for (const note of notes) {
    if (!byTrack.has(note.track)) byTrack.set(note.track, []);
    byTrack.get(note.track)?.push(note);
  }
  return ({ scoreTracks }) => scoreTracks.flatMap((track) => byTrack.get(track) ?? []);
}
