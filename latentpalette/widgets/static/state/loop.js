// Loops: clips as the player takes them.
/** @import { Clip, GainOf, InstrumentState, Loop, PlayedSettings } from "../types.js" */

import { playedClip } from "./clip.js";

/**
 * What of the state of an instrument changes what its clips play.
 * @param {Pick<InstrumentState, "get" | "streams" | "lanes">} state
 * @returns {PlayedSettings}
 */
export const playedSettings = ({ get, streams, lanes }) => ({
  qpm: get("qpm"),
  mutes: get("mutes"),
  locks: get("locks"),
  volumes: get("volumes"),
  accents: get("accents"),
  streams,
  lanes,
});

/**
 * The loop of a clip. Its gain is that of the clip without mutes: to mute a lane makes no other louder. Volumes are a
 * balance: with them the whole is as loud as all music.
 * @param {Clip} clip
 * @param {Pick<PlayedSettings, "qpm" | "lanes"> & Partial<PlayedSettings>} settings
 * @param {GainOf} gainOf
 * @returns {Loop & { gain: number }}
 */
export function loopOfClip(clip, { qpm, mutes, ...settings }, gainOf) {
  const gain = gainOf({ ...playedClip(clip, settings), qpm });
  return { ...playedClip(clip, { ...settings, mutes }), qpm, gain };
}
