// What a session has just played: the last bars as lanes, a frame to choose some of them, and what keeps these.
/** @import { Disposables, ExportedFile, InstrumentHandle } from "../../types.js" */
/** @import { createTake } from "../../state/take.js" */

import { STEPS_PER_BAR, tempoMap } from "../../audio/clock.js";
import { createCanvas } from "../canvas.js";
import { el, setText } from "../dom.js";
import { drawLane } from "../draw/lane.js";
import { inkOf } from "../draw/ink.js";
import { icon } from "../icons.js";
import { saveFile } from "../savefile.js";
import { formatMinutes } from "../status.js";
import { createFrame } from "./takeframe.js";

const LANE = 16; // height [pixels]
const GAP = 2;
const AXIS = 15;
const LABEL_EVERY = 4; // bars
const FEW_PIXELS = 520; // below this every other label goes

/**
 * @param {object} options
 * @param {ReturnType<typeof createTake>} options.take
 * @param {string[]} options.names                          of the instruments
 * @param {(lane: number) => InstrumentHandle | undefined} options.instrument
 * @param {() => boolean} options.isPlaying
 * @param {() => boolean} options.isDark
 * @param {(format: "MIDI" | "WAV") => ExportedFile} options.fileOf   of the chosen bars
 * @param {(problem: any) => void} options.onError
 * @param {() => void} options.onChosen                     called when a choice of bars is done
 * @param {Disposables} options.disposables
 */
export function createTakeCard({ take, names, instrument, isPlaying, isDark, fileOf, onError, onChosen, disposables }) {
  const height = AXIS + names.length * (LANE + GAP);
  /** What is shown: as many bars as are kept, up to the present one. */
  const shown = () => ({ from: take.reach.to - take.maxBars * STEPS_PER_BAR, to: take.reach.to });
  const canvas = createCanvas({
    className: "lp-take-canvas",
    disposables,
    draw(ctx, { across, scale }) {
      const dark = isDark();
      const part = shown();
      ctx.font = `${11 * scale}px system-ui, sans-serif`;
      ctx.textBaseline = "middle";
      ctx.fillStyle = inkOf(dark).dim;
      const every = LABEL_EVERY * (across < FEW_PIXELS * scale ? 2 : 1);
      for (let bars = take.maxBars; bars > 0; bars -= every) {
        ctx.fillText(bars === take.maxBars ? `−${bars} bars` : `−${bars}`, (1 - bars / take.maxBars) * across + 2 * scale, (AXIS / 2) * scale);
      }
      names.forEach((_, lane) => {
        const state = instrument(lane)?.state;
        if (!state) return;
        const box = { left: 0, top: (AXIS + lane * (LANE + GAP)) * scale, across, down: LANE * scale };
        drawLane(ctx, take.spans(lane), box, { part, streams: state.streams, lanes: state.lanes, scale, dark });
      });
    },
  });
  canvas.element.style.height = `${height}px`;

  const keepButton = (/** @type {"MIDI" | "WAV"} */ format) =>
    el(
      "button",
      {
        class: "lp-control lp-small",
        type: "button",
        on: {
          click() {
            try {
              saveFile(fileOf(format));
            } catch (problem) {
              onError(problem);
            }
          },
        },
      },
      icon("download"),
      el("span", { text: format }),
    );
  const buttons = { MIDI: keepButton("MIDI"), WAV: keepButton("WAV") };
  const dot = el("i", { class: "lp-take-dot" });
  const count = el("b");
  const length = el("span", { class: "lp-dim lp-take-length" });
  const empty = el("span", { class: "lp-take-empty lp-dim", text: `Play something: the last ${take.maxBars} bars will be here, with every move.` });
  const frame = createFrame({ take, shown, onChosen });
  const lanes = el("div", { class: "lp-take-lanes" }, canvas.element, frame.element, empty);
  frame.listenOn(lanes);
  const labels = el("div", { class: "lp-take-names", aria: { hidden: true }, style: { "padding-top": `${AXIS}px` } });
  for (const name of names) labels.append(el("span", { text: name, title: name, style: { height: `${LANE + GAP}px` } }));
  const element = el(
    "section",
    { class: "lp-take", aria: { label: "What was just played" } },
    el(
      "div",
      { class: "lp-take-side" },
      el("span", { class: "lp-take-title" }, dot, el("b", { text: "Always listening" })),
      el("span", { class: "lp-take-keep" }, count, el("span", { class: "lp-joined" }, buttons.MIDI, buttons.WAV)),
      length,
    ),
    labels,
    lanes,
  );

  let drawn = "";
  function draw() {
    const key = [take.end | 0, take.reach.to, isDark(), ...names.map((_, lane) => Boolean(instrument(lane)))].join();
    if (key === drawn) return;
    drawn = key;
    canvas.redraw();
  }
  return {
    element,
    /** Each animation frame while it plays. */
    tick: draw,
    repaint() {
      drawn = "";
    },
    show() {
      const { bars, frame: chosen } = take;
      const words = bars === 1 ? "1 bar" : `${bars} bars`;
      const secondsAt = bars ? tempoMap(take.tempos()) : () => 0;
      setText(count, bars ? words : "Nothing yet");
      setText(length, bars ? formatMinutes(secondsAt(chosen.to - chosen.from)) : "");
      for (const [format, button] of Object.entries(buttons)) {
        button.disabled = !bars;
        button.title = bars ? `Keep ${bars === 1 ? "this bar" : `these ${words}`} of all instruments as ${format}` : "Play something first";
        button.setAttribute("aria-label", `Keep ${words} as ${format}`);
      }
      dot.classList.toggle("lp-on", isPlaying());
      empty.hidden = bars > 0;
      frame.show();
      drawn = ""; // names, sounds and the theme, too
      draw();
    },
  };
}
