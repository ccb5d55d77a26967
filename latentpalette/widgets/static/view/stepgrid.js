// Nine lanes of thirty-two steps, ride at the top and kick at the bottom. Shows a loop; with `onPaint` it is an editor.
import { STEPS } from "../state/state.js";
import { el } from "./dom.js";

export function createStepGrid({ names, label, laneControls, editor = null }) {
  const drums = names.map((_, drum) => drum).reverse();
  const cells = names.map(() => []);
  const lanes = [];
  const playhead = el("div", { class: "lp-playhead", hidden: true, aria: { hidden: true } });
  const strips = [];
  let shown = names.map(() => new Array(STEPS).fill(0));
  let lit = -1;
  let focus = [0, 0]; // drum, step: the one cell that Tab reaches

  const element = el("div", {
    class: `lp-steps${editor ? " lp-editor" : ""}`,
    role: editor ? "grid" : "group",
    aria: { label },
  });
  for (const drum of drums) {
    const strip = el("div", { class: "lp-strip", role: editor ? "presentation" : null, aria: editor ? {} : { hidden: true } });
    for (let step = 0; step < STEPS; step++) {
      const cell = el("i", { class: `lp-step${Math.floor(step / 4) % 2 ? " lp-offbeat" : ""}` });
      if (editor) {
        cell.setAttribute("role", "gridcell");
        cell.tabIndex = -1;
        describe(cell, drum, step, false);
      }
      cells[drum].push(cell);
      strip.append(cell);
    }
    strips.push({ drum, strip });
    const name = el("span", { class: "lp-lane-name", text: names[drum], role: editor ? "rowheader" : null });
    const lane = el("div", { class: "lp-lane", role: editor ? "row" : null }, name, laneControls?.(drum), strip);
    lanes[drum] = lane;
    element.append(lane);
  }
  strips[0].strip.append(playhead);
  if (editor) {
    cells[focus[0]][focus[1]].tabIndex = 0;
    connect();
  }

  function describe(cell, drum, step, on) {
    cell.setAttribute("aria-label", `${names[drum]}, step ${step + 1}, ${on ? "on" : "off"}`);
    cell.setAttribute("aria-selected", String(on));
  }

  function setTabStop(drum, step) {
    const [oldDrum, oldStep] = focus;
    cells[oldDrum][oldStep].tabIndex = -1;
    focus = [drum, step];
    cells[drum][step].tabIndex = 0;
  }

  function connect() {
    let brush = null; // { pointer, on, at: [drum, step], lines } while a stroke is being painted
    const locate = (event, lines) => {
      const line = lines.find(({ box }) => event.clientY < box.bottom + 1) ?? lines[lines.length - 1];
      const part = (event.clientX - line.box.left) / line.box.width;
      return [line.drum, Math.min(STEPS - 1, Math.max(0, Math.floor(part * STEPS)))];
    };
    const end = () => {
      if (brush) editor.onEnd?.();
      brush = null;
    };
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.target.closest(".lp-strip")) return;
      event.preventDefault(); // no text selection, no focus ring for a mouse
      const lines = strips.map(({ drum, strip }) => ({ drum, box: strip.getBoundingClientRect() }));
      const [drum, step] = locate(event, lines);
      brush = { pointer: event.pointerId, on: !shown[drum][step], at: [drum, step], lines };
      element.setPointerCapture(event.pointerId);
      cells[drum][step].focus();
      editor.onBegin();
      editor.onPaint(drum, step, brush.on);
    });
    element.addEventListener("pointermove", (event) => {
      if (!brush || event.pointerId !== brush.pointer) return;
      const [drum, step] = locate(event, brush.lines);
      const [lastDrum, lastStep] = brush.at;
      if (drum === lastDrum && step === lastStep) return;
      const away = Math.max(Math.abs(drum - lastDrum), Math.abs(step - lastStep));
      for (let k = 1; k <= away; k++) {
        const between = (from, to) => Math.round(from + ((to - from) * k) / away);
        editor.onPaint(between(lastDrum, drum), between(lastStep, step), brush.on);
      }
      brush.at = [drum, step];
    });
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
    element.addEventListener("lostpointercapture", end);
    element.addEventListener("focusin", (event) => {
      const drum = cells.findIndex((lane) => lane.includes(event.target));
      if (drum >= 0) setTabStop(drum, cells[drum].indexOf(event.target));
    });
    element.addEventListener("keydown", (event) => {
      const [drum, step] = focus;
      const moves = {
        ArrowLeft: [drum, step - 1],
        ArrowRight: [drum, step + 1],
        ArrowUp: [drum + 1, step],
        ArrowDown: [drum - 1, step],
        Home: [drum, 0],
        End: [drum, STEPS - 1],
      };
      if (moves[event.key]) {
        const [toDrum, toStep] = moves[event.key];
        if (toDrum >= 0 && toDrum < names.length && toStep >= 0 && toStep < STEPS) cells[toDrum][toStep].focus();
      } else if (event.key === "Enter" || event.key === " ") {
        editor.onBegin();
        editor.onPaint(drum, step, !shown[drum][step]);
        editor.onEnd?.();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  return {
    element,
    // `velocities` [drum][step], 0 where nothing sounds.
    show(velocities, { color, mutes = [] }) {
      element.style.setProperty("--lp-mark", color);
      names.forEach((_, drum) => {
        lanes[drum].classList.toggle("lp-muted", Boolean(mutes[drum]));
        for (let step = 0; step < STEPS; step++) {
          const velocity = velocities[drum][step];
          if (velocity === shown[drum][step]) continue;
          const cell = cells[drum][step];
          cell.classList.toggle("lp-on", velocity > 0);
          cell.style.setProperty("--lp-loud", velocity ? (0.45 + (0.55 * velocity) / 127).toFixed(2) : "");
          if (editor) describe(cell, drum, step, velocity > 0);
        }
      });
      shown = velocities.map((lane) => [...lane]);
    },
    // The column that sounds, or -1.
    playhead(column) {
      if (column === lit) return;
      if (lit >= 0) cells.forEach((lane) => lane[lit].classList.remove("lp-now"));
      lit = column;
      playhead.hidden = column < 0;
      if (column < 0) return;
      playhead.style.setProperty("--lp-column", column);
      cells.forEach((lane) => lane[column].classList.add("lp-now"));
    },
  };
}
