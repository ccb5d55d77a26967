// Several streams as they play, apart: melodies as rolls, drums in four rows; at each its name, its instrument, its
// volume, mute, solo and lock.
/** @import { Clip, Disposables, LaneCommands, MusicSource, MusicState, Note } from "../../types.js" */

import { rollRows } from "../../state/pitch.js";
import { createCanvas } from "../canvas.js";
import { el } from "../dom.js";
import { drumBoxes } from "../draw/drums.js";
import { inkOf } from "../draw/ink.js";
import { drawBeats, drawNow, drawRoll } from "../draw/roll.js";
import { createLaneControls, openLanesOnTap } from "../lanecontrols.js";
import { createSoundControls } from "../soundcontrols.js";

/**
 * @param {object} options
 * @param {MusicState} options.state
 * @param {MusicSource} options.playback
 * @param {LaneCommands} options.commands
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 */
export function createStreamsView({ state, playback, commands, disposables, isDark }) {
  const { streams, lanes } = state;
  const first = streams.findIndex(({ is_drum }) => !is_drum);
  /** @type {{ clip: Clip, color: string, from: number, steps: number } | null} */
  let shown = null;
  let now = -1;

  const rows = streams.map((stream, index) => {
    const controls = createLaneControls({ state, playback, commands, lane: index, withSolo: true });
    const sound = createSoundControls({ state, commands, stream: index });
    /** @type {Note[]} */
    let notes = []; // of this stream
    const canvas = createCanvas({
      className: `lp-stream-canvas${index === first ? " lp-first" : ""}`,
      disposables,
      draw(ctx, { across, down, scale }) {
        if (!shown) return;
        const { color, from, steps } = shown;
        const box = { left: 0, top: 0, across, down };
        const look = { scale, ink: inkOf(isDark()) };
        if (!stream.is_drum) {
          const pitches = rollRows(notes, { ...stream, margin: 1 });
          drawRoll(ctx, { notes, rows: pitches, color, from, steps, now }, box, { ...look, tinted: false });
          return;
        }
        drawBeats(ctx, { from, steps }, box, look);
        const inside = notes.filter(({ step }) => step >= from && step < from + steps);
        const placed = inside.map((note) => ({ ...note, step: note.step - from }));
        const { main, soft } = drumBoxes({ steps, notes: placed }, box, { lanes, folded: true });
        ctx.fillStyle = color;
        for (const hit of [...main, ...soft]) ctx.fillRect(hit.left, hit.top, hit.across, hit.down);
        drawNow(ctx, { from, steps, now }, box, look);
      },
    });
    const element = el(
      "div",
      { class: "lp-lane lp-stream" },
      el(
        "span",
        { class: "lp-stream-name" },
        el("b", { text: stream.name }),
        sound.select,
        sound.volume,
      ),
      controls.element,
      canvas.element,
    );
    return {
      element,
      redraw: canvas.redraw,
      /** @param {boolean} muted */
      show(muted) {
        notes = shown?.clip.notes.filter(({ stream: own }) => own === index) ?? [];
        element.classList.toggle("lp-muted", muted);
        controls.show();
        sound.show();
        canvas.redraw();
      },
    };
  });
  const order = streams.map((_, index) => index).sort((one, other) => Number(streams[one].is_drum) - Number(streams[other].is_drum));
  const element = el(
    "div",
    { class: "lp-streams", role: "group", aria: { label: "What is playing" } },
    ...order.map((index) => rows[index].element),
  );
  openLanesOnTap(element);

  return {
    element,
    /**
     * @param {Clip} clip
     * @param {{ color: string, mutes: boolean[], from: number, steps: number }} look
     */
    show(clip, { color, mutes, from, steps }) {
      shown = { clip, color, from, steps };
      rows.forEach((row, index) => row.show(mutes[index]));
    },
    /** @param {number} step */
    movePlayhead(step) {
      if (step === now) return;
      now = step;
      rows.forEach((row) => row.redraw());
    },
  };
}
