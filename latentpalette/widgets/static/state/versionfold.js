// Which states of a history stand in a line that has room for some: the newest, and of the older ones those with a star.
/** @import { Version } from "../types.js" */

const OLDER = 1 / 3; // of the room, at most

/**
 * @param {Version[]} list             the oldest first
 * @param {Version | null} current     stays among them
 * @param {number} room                how many there is room for, at least 1
 * @returns {Version[]}                in their order
 */
export function foldVersions(list, current, room) {
  const newest = list.slice(-room);
  const older = list.slice(0, -room).reverse();
  const wanted = [
    ...older.filter((version) => version === current), // one went back to it
    ...older.filter((version) => version.isStarred && version !== current),
  ].slice(0, Math.max(1, Math.floor(room * OLDER)));
  const free = newest.filter((version) => !version.isStarred && version !== current);
  const kept = wanted.slice(0, Math.max(free.length, wanted[0] === current ? 1 : 0));
  const dropped = (free.length ? free : newest).slice(0, kept.length);
  return list.filter((version) => kept.includes(version) || (newest.includes(version) && !dropped.includes(version)));
}
