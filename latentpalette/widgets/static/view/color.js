// Colors: four corners of equal lightness, blended in OKLab, so that no blend looks darker or more vivid than its neighbors.
// Ottosson (2020), "A perceptual color space for image processing".

export const LETTERS = ["A", "B", "C", "D"];

// Lightness, chroma, hue [degrees]. Green and yellow are a shade lighter: at equal L they look darker than blue and pink.
const CORNERS = [
  [0.8, 0.12, 265],
  [0.8, 0.12, 340],
  [0.82, 0.13, 165],
  [0.85, 0.13, 95],
].map(([lightness, chroma, hue]) => {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
});

const DARKER = 0.29; // how much the whole palette is lowered in the dark theme
const MARK = { light: 0.53, dark: 0.8 }; // lightness of marks on cards: at least 3 : 1 against them

/**
 * Convert OKLab to sRGB.
 * @param {number[]} lab   lightness 0 to 1, a, b
 * @returns {number[]}     0 to 255
 */
export function oklabToRgb([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((linear) => {
    const clipped = Math.min(1, Math.max(0, linear));
    const gamma = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(gamma * 255);
  });
}

/**
 * Weights of one corner alone.
 * @param {number} corner   0 to 3
 */
export const cornerWeights = (corner) => [0, 1, 2, 3].map((k) => (k === corner ? 1 : 0));

/** @param {number[]} weights   of the four corners */
const mix = (weights) =>
  [0, 1, 2].map((i) => weights.reduce((sum, weight, corner) => sum + weight * CORNERS[corner][i], 0));

/** @param {number[]} lab */
const css = (lab) => `rgb(${oklabToRgb(lab).join(" ")})`;

/**
 * The color of a place on the board: the blend of its corners.
 * @param {number[]} weights
 * @param {boolean} [dark]   theme
 * @returns {string}         for CSS
 */
export function fieldColor(weights, dark = false) {
  const [lightness, a, b] = mix(weights);
  return css([lightness - (dark ? DARKER : 0), a, b]);
}

/**
 * The same hue where it has to stand out as marks on a card.
 * @param {number[]} weights
 * @param {boolean} [dark]
 */
export function markColor(weights, dark = false) {
  const [, a, b] = mix(weights);
  return css([dark ? MARK.dark : MARK.light, a, b]);
}

/**
 * @param {number} corner
 * @param {boolean} [dark]
 */
export const cornerColor = (corner, dark = false) => fieldColor(cornerWeights(corner), dark);

/**
 * The color of the chip with a corner's letter: as bright in the dark theme, so that its ink can be dark in both.
 * @param {number} corner
 */
export const letterColor = (corner) => cornerColor(corner);
