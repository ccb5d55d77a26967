// Pictures of the board on a canvas: the field of colours with its thumbnails, the path, the puck.
import { fieldColour } from "./color.js";
import { cellCentre, toBoard, weightsAt } from "../state/geometry.js";
import { DRUMS } from "../state/pattern.js";

// The field: each cell in the blend of its place, on it its own pattern. `shown(row, col)` is how far its thumbnail has
// appeared, 0 to 1.
export function paintField(canvas, { width, size, dark, masksAt, shown }) {
  const pen = canvas.getContext("2d");
  const edge = (i) => Math.round((i * width) / size);
  for (let row = 0; row < size; row++) {
    for (let col = 0; col < size; col++) {
      const [left, top] = [edge(col), edge(row)];
      const [across, down] = [edge(col + 1) - left, edge(row + 1) - top];
      pen.globalAlpha = 1;
      pen.fillStyle = fieldColour(weightsAt(...cellCentre(row, col, size)), dark);
      pen.fillRect(left, top, across, down);
      const opacity = shown(row, col);
      if (opacity <= 0) continue;
      pen.globalAlpha = opacity * (dark ? 0.72 : 0.6);
      pen.fillStyle = dark ? "#fff" : "#14161c";
      paintThumbnail(pen, masksAt(row, col), left, top, across, down);
    }
  }
  pen.globalAlpha = 1;
}

// A pattern of 32 steps in a box. Edges lie on whole pixels; where steps are too narrow for gaps, strokes touch.
export function paintThumbnail(pen, masks, left, top, across, down) {
  const margin = 0.1 * Math.min(across, down);
  const x = (step) => Math.round(left + margin + (step * (across - 2 * margin)) / masks.length);
  const y = (lane) => Math.round(top + margin + (lane * (down - 2 * margin)) / DRUMS);
  const gap = across / masks.length >= 2 ? 1 : 0;
  masks.forEach((mask, step) => {
    for (let drum = 0; drum < DRUMS; drum++) {
      if (!((mask >> drum) & 1)) continue;
      const lane = DRUMS - 1 - drum;
      const [from, to] = [x(step), y(lane)];
      const high = y(lane + 1) - to;
      pen.fillRect(from, to, Math.max(1, x(step + 1) - from - gap), Math.max(1, high - (high > 2 ? 1 : 0)));
    }
  });
}

// The moving things: path, chosen cell, puck.
export function paintOverlay(canvas, { width, size, dark, points, walking, cell, puck, faint, held, masks, weights, focused }) {
  const pen = canvas.getContext("2d");
  const scale = width / 460;
  const place = ([x, y]) => [toBoard(x, size) * width, toBoard(y, size) * width];
  const ink = dark ? "#fff" : "#14161c";
  const paper = dark ? "#14161c" : "#fff";
  pen.clearRect(0, 0, width, width);
  const edge = (i) => Math.round((i * width) / size);
  const [left, top] = [edge(cell.col), edge(cell.row)];
  const [across, down] = [edge(cell.col + 1) - left, edge(cell.row + 1) - top];
  pen.fillStyle = fieldColour(weights, dark);
  pen.fillRect(left, top, across, down);
  pen.fillStyle = dark ? "rgb(255 255 255 / .14)" : "rgb(255 255 255 / .38)";
  pen.fillRect(left, top, across, down);
  pen.fillStyle = ink;
  paintThumbnail(pen, masks, left, top, across, down);
  pen.strokeStyle = ink;
  pen.lineWidth = 2 * scale * (focused ? 1.4 : 1);
  const inset = pen.lineWidth / 2;
  pen.beginPath();
  pen.roundRect(left + inset, top + inset, across - 2 * inset, down - 2 * inset, 5 * scale);
  pen.stroke();
  if (points.length) paintPath(pen, points.map(place), { scale, ink, paper, faint: !walking });
  const [x, y] = place(puck);
  pen.globalAlpha = faint ? 0.4 : 1; // a corner is heard instead
  pen.beginPath();
  pen.arc(x, y, (held ? 12 : 9.5) * scale, 0, 2 * Math.PI);
  pen.fillStyle = "#fff";
  pen.fill();
  pen.lineWidth = 3 * scale;
  pen.strokeStyle = "#14161c";
  pen.stroke();
  pen.globalAlpha = 1;
}

function paintPath(pen, points, { scale, ink, paper, faint }) {
  pen.save();
  pen.globalAlpha = faint ? 0.45 : 1;
  pen.lineCap = pen.lineJoin = "round";
  trace(pen, points, 10 * scale);
  pen.strokeStyle = paper;
  pen.lineWidth = 6 * scale;
  pen.globalAlpha *= 0.5;
  pen.stroke();
  pen.globalAlpha = faint ? 0.45 : 1;
  trace(pen, points, 10 * scale);
  pen.strokeStyle = ink;
  pen.lineWidth = 2.6 * scale;
  pen.stroke();
  pen.fillStyle = ink;
  for (const { x, y, angle } of arrowsAlong(points, 90 * scale)) {
    pen.save();
    pen.translate(x, y);
    pen.rotate(angle);
    pen.beginPath();
    pen.moveTo(5.5 * scale, 0);
    pen.lineTo(-3.5 * scale, -4 * scale);
    pen.lineTo(-3.5 * scale, 4 * scale);
    pen.closePath();
    pen.fill();
    pen.restore();
  }
  const [x, y] = points[0];
  pen.beginPath();
  pen.arc(x, y, 4.5 * scale, 0, 2 * Math.PI);
  pen.fillStyle = paper;
  pen.fill();
  pen.lineWidth = 2.2 * scale;
  pen.stroke();
  pen.restore();
}

// A smooth line: each bend is cut short, by at most `bend`, so that the line stays where the puck will walk.
function trace(pen, points, bend) {
  const towards = ([x, y], [tx, ty]) => {
    const distance = Math.hypot(tx - x, ty - y);
    const part = distance ? Math.min(0.5, bend / distance) : 0;
    return [x + (tx - x) * part, y + (ty - y) * part];
  };
  pen.beginPath();
  pen.moveTo(...points[0]);
  for (let i = 1; i < points.length - 1; i++) {
    pen.lineTo(...towards(points[i], points[i - 1]));
    pen.quadraticCurveTo(...points[i], ...towards(points[i], points[i + 1]));
  }
  pen.lineTo(...points[points.length - 1]);
}

// Which way the stroke runs: an arrow every so often, and one at its end.
export function arrowsAlong(points, every) {
  const lengths = points.slice(1).map(([x, y], i) => Math.hypot(x - points[i][0], y - points[i][1]));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const arrows = [];
  let next = every / 2;
  let passed = 0;
  lengths.forEach((length, i) => {
    const [[px, py], [x, y]] = [points[i], points[i + 1]];
    const angle = Math.atan2(y - py, x - px);
    for (; next <= passed + length && next < total - every / 2; next += every) {
      const part = (next - passed) / length;
      arrows.push({ x: px + (x - px) * part, y: py + (y - py) * part, angle });
    }
    passed += length;
    if (i === lengths.length - 1 && total > 0) arrows.push({ x, y, angle });
  });
  return arrows;
}
