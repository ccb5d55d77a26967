// A canvas as sharp as the screen, drawn anew when its size changes.
/** @import { Disposables } from "../types.js" */

import { el } from "./dom.js";
import { contextOf } from "./draw/ink.js";

/**
 * @param {object} options
 * @param {string} options.className
 * @param {Disposables} options.disposables
 * @param {(ctx: CanvasRenderingContext2D, size: { across: number, down: number, scale: number }) => void} options.draw
 *   sizes in pixels of the canvas; `scale` of them are one of the page
 */
export function createCanvas({ className, disposables, draw }) {
  const canvas = el("canvas", { class: className, aria: { hidden: true } });
  const redraw = () => {
    const scale = globalThis.devicePixelRatio || 1;
    const [across, down] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
    if (!across || !down) return;
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    const ctx = contextOf(canvas);
    ctx.clearRect(0, 0, across, down);
    draw(ctx, { across, down, scale });
  };
  const observer = new ResizeObserver(redraw);
  observer.observe(canvas);
  disposables.add(() => observer.disconnect());
  return { element: canvas, redraw };
}
