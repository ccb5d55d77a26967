// The corners of a palette, as places with music to edit and to replace.
/** @import { Commands, Places, Playback, State } from "../types.js" */

import { clipFromJson } from "./clip.js";

/**
 * @param {{ state: State, commands: Commands, playback: Playback }} session
 * @returns {Places}
 */
export const cornerPlaces = ({ state, commands, playback }) => ({
  word: "corner",
  clip: state.cornerClip,
  json: (corner) => state.get("corner_clips")[corner],
  put: (corner, clip, label, leftOut) => commands.setCorner(corner, clipFromJson(clip), label, leftOut),
  sample: commands.sample,
  beginEdit: commands.beginEdit,
  editNotes: commands.editNotes,
  play: playback.playCorner,
  get playing() {
    return playback.corner;
  },
});
