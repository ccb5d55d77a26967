// How wide a row is that is pulled apart like an accordion, and how many steps that makes.

const MIN = 2; // steps
const MAX = 33;
const SMALL_ROOM = 480; // [pixels of the page]

/**
 * The share of the room that two steps take: in a small room there is less to pull.
 * @param {number} room   [pixels of the page]
 */
const narrowest = (room) => (room < SMALL_ROOM ? 0.75 : 0.5);

/**
 * The share of the room that a row takes.
 * @param {number} n      number of steps
 * @param {number} room   [pixels of the page]
 */
export const widthOfSteps = (n, room) =>
  narrowest(room) + ((1 - narrowest(room)) * Math.log(n / MIN)) / Math.log(MAX / MIN);

/**
 * The number of steps of a row that is pulled to a width.
 * @param {number} width   share of the room
 * @param {number} room    [pixels of the page]
 */
export function stepsOfWidth(width, room) {
  const part = Math.min(1, Math.max(0, (width - narrowest(room)) / (1 - narrowest(room))));
  return Math.round(MIN * (MAX / MIN) ** part);
}
