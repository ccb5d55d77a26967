// Inks of what is drawn on canvases, by theme. Over any color of the board the main ink has a contrast of 3 : 1 at least.

/**
 * @typedef {object} Ink
 * @property {string} main     of thumbnails
 * @property {string} soft     of what may step back in them
 * @property {string} full     of frames and playheads
 * @property {string} paper    of the instrument
 * @property {string} veil     over a cell that is not decoded yet
 * @property {string} dim      of text and small marks beside the main ones
 * @property {string} line     of bars and beats on a card
 */

/** @type {{ light: Ink, dark: Ink }} */
const INKS = {
  light: {
    main: "rgb(20 22 28 / .62)",
    soft: "rgb(20 22 28 / .36)",
    full: "#14161c",
    paper: "#fff",
    veil: "rgb(255 255 255 / .55)",
    dim: "#5f6673",
    line: "27 29 34",
  },
  dark: {
    main: "rgb(255 255 255 / .8)",
    soft: "rgb(255 255 255 / .46)",
    full: "#fff",
    paper: "#15171c",
    veil: "rgb(21 23 28 / .55)",
    dim: "#9aa1ae",
    line: "232 234 238",
  },
};

/** @param {boolean} dark   theme */
export const inkOf = (dark) => (dark ? INKS.dark : INKS.light);

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
export const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
