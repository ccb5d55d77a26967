// Piano-roll editor of a stream that plays one note at a time. Draw by a click or a drag, move, lengthen by the grip,
// delete by a double click; by keyboard, arrows move the chosen note, with Shift they lengthen it, Enter adds one after it.
/** @import { Disposables, Note, Stream } from "../types.js" */
/** @import { Edit } from "../state/rolledit.js" */
/** @import { Key } from "../state/pitch.js" */

import { pitchName, rollRows, rowOf } from "../state/pitch.js";
import { addNote, addNoteAfter, deleteNote, moveNote, pitchAbove, resizeNote } from "../state/rolledit.js";
import { createCanvas } from "./canvas.js";
import { el, setText } from "./dom.js";
import { inkOf } from "./draw/ink.js";
import { drawKeys, drawRoll } from "./draw/roll.js";

const GUTTER = 36; // [pixels of the page] for names and keys
const STEPS_PER_BAR = 16;
const CLICKED_LENGTH = 2; // [steps] of the first note that is drawn by a click; later ones are as long as the last

/**
 * Say what a note is: "C5, bar 1, step 5, 2 steps long".
 * @param {Pick<Note, "step" | "pitch" | "length">} note
 */
export function describeNote({ step, pitch, length }) {
  const [bar, inBar] = [Math.floor(step / STEPS_PER_BAR) + 1, (step % STEPS_PER_BAR) + 1];
  return `${pitchName(pitch)}, bar ${bar}, step ${inBar}, ${length} step${length === 1 ? "" : "s"} long`;
}

/**
 * @param {object} options
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {Stream} options.stream
 * @param {number} options.index                        of the stream
 * @param {() => void} options.onBegin                  called before the first change of a stroke, or of a key
 * @param {(notes: Note[]) => void} options.onEdit
 * @param {(note: Note) => void} options.onHear         called with a note that is new, or has another pitch
 * @param {(step: number) => void} options.onLeave      called with a step that is not shown, when the chosen note is there
 * @param {(notes: Note[]) => number[]} [options.rowsOf]   the pitches that are shown, where they are not as many as needed
 */
export function createRollEditor({ disposables, isDark, stream, index, onBegin, onEdit, onHear, onLeave, rowsOf }) {
  /** @type {Note[]} */
  let notes = [];
  /** @type {{ steps: number, from: number, count: number, key: Key, folded: boolean, color: string } | null} */
  let look = null;
  /** @type {number[]} */
  let rows = [];
  let chosen = -1;
  let clickedLength = CLICKED_LENGTH;
  /**
   * @type {{ pointer: number, kind: "draw" | "move" | "resize", base: Note[], at: number, place: { step: number, pitch: number },
   *   begun: boolean } | null}
   */
  let stroke = null;

  const canvas = createCanvas({
    className: "lp-roll-grid",
    disposables,
    draw(ctx, { across, down, scale }) {
      if (!look) return;
      const box = { left: 0, top: 0, across, down };
      const grid = { notes: [], rows, from: look.from, steps: look.count, now: -1, color: "" };
      const style = { scale, ink: inkOf(isDark()), gutter: GUTTER * scale, key: look.key };
      drawRoll(ctx, grid, box, style);
      drawKeys(ctx, { rows, key: look.key }, { left: (GUTTER - 9) * scale, top: 0, across: 7 * scale, down }, style);
    },
  });
  const list = el("div", {
    class: "lp-notes",
    role: "listbox",
    tabindex: 0,
    aria: { label: `Notes of the ${stream.name}. Click to draw; arrow keys move a note, Enter adds one.` },
  });
  const needle = el("i", { class: "lp-roll-now", hidden: true, aria: { hidden: true } });
  const hint = el("span", { class: "lp-roll-hint", text: "Click to draw a note", aria: { hidden: true } });
  const spoken = el("span", { class: "lp-spoken", aria: { live: "polite" } });
  const element = el(
    "div",
    { class: "lp-roll", style: { "--lp-gutter": `${GUTTER}px` } },
    canvas.element,
    el("div", { class: "lp-roll-area" }, list, needle, hint),
    spoken,
  );
  /** @type {HTMLElement[]} */
  let marks = []; // an element for each note that is shown

  const bounds = () => ({ steps: look?.steps ?? 0, low: stream.low, high: stream.high });
  const isShown = (/** @type {Note} */ { step, length }) =>
    look !== null && step + length > look.from && step < look.from + look.count;

  function draw() {
    if (!look) return;
    const { from, count, color } = look;
    element.style.setProperty("--lp-mark", color);
    const shown = notes.map((note, at) => ({ note, at })).filter(({ note }) => isShown(note));
    while (marks.length > shown.length) marks.pop()?.remove();
    while (marks.length < shown.length) {
      const mark = el("div", { class: "lp-note-mark", role: "option", tabindex: 0 }, el("i", { class: "lp-grip" }));
      marks.push(mark);
      list.append(mark);
    }
    shown.forEach(({ note, at }, position) => {
      const mark = marks[position];
      const begin = Math.max(from, note.step);
      const end = Math.min(from + count, note.step + note.length);
      mark.dataset.at = String(at);
      mark.style.left = `${(100 * (begin - from)) / count}%`;
      mark.style.width = `${(100 * (end - begin)) / count}%`;
      mark.style.bottom = `${(100 * rowOf(rows, note.pitch)) / rows.length}%`;
      mark.style.height = `${100 / rows.length}%`;
      mark.setAttribute("aria-label", describeNote(note));
      mark.setAttribute("aria-selected", String(at === chosen));
    });
    hint.hidden = notes.length > 0;
    list.tabIndex = notes.length ? -1 : 0;
  }
  const updateRows = () => {
    if (!look) return;
    rows = rowsOf?.(notes) ?? rollRows(notes, { low: stream.low, high: stream.high, only: look.folded ? look.key : null });
    canvas.redraw();
  };
  const markOf = (/** @type {number} */ at) => marks.find((mark) => mark.dataset.at === String(at));
  /** @param {number} at */
  const choose = (at) => {
    chosen = at;
    draw();
    (markOf(at) ?? (notes.length ? null : list))?.focus({ preventScroll: true });
  };
  /**
   * @param {Edit | null} edit
   * @param {boolean} isNew   whether it begins a step of the history
   */
  function apply(edit, isNew) {
    if (!edit || JSON.stringify(edit.notes) === JSON.stringify(notes)) return false;
    const before = notes[chosen];
    if (isNew) onBegin();
    notes = edit.notes;
    if (!stroke) updateRows();
    const note = notes[edit.at];
    if (note && (note.pitch !== before?.pitch || edit.at !== chosen)) onHear(note);
    choose(edit.at);
    onEdit(notes);
    setText(spoken, note ? describeNote(note) : "no notes");
    if (note && !isShown(note)) onLeave(note.step);
    return true;
  }

  /** @param {PointerEvent} event */
  const placeOf = (event) => {
    const box = list.getBoundingClientRect();
    const { from, count } = /** @type {NonNullable<typeof look>} */ (look);
    const across = Math.min(0.9999, Math.max(0, (event.clientX - box.left) / box.width));
    const up = Math.min(0.9999, Math.max(0, (box.bottom - event.clientY) / box.height));
    return { step: from + Math.floor(across * count), pitch: rows[Math.floor(up * rows.length)] };
  };
  let wasDrawn = false; // by the last press: a double click does not delete what its first click has drawn
  list.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || stroke || !look) return;
    event.preventDefault();
    const target = /** @type {HTMLElement} */ (event.target);
    const mark = /** @type {HTMLElement | null} */ (target.closest(".lp-note-mark"));
    const place = placeOf(event);
    list.setPointerCapture(event.pointerId);
    if (mark) {
      const at = Number(mark.dataset.at);
      stroke = {
        pointer: event.pointerId, kind: target.closest(".lp-grip") ? "resize" : "move", base: notes, at, place, begun: false,
      };
      choose(at);
      setText(spoken, describeNote(notes[at]));
      onHear(notes[at]);
      wasDrawn = false;
      return;
    }
    const next = notes.find(({ step }) => step > place.step)?.step ?? look.steps;
    const length = Math.min(clickedLength, next - place.step);
    const base = notes;
    stroke = { pointer: event.pointerId, kind: "draw", base, at: -1, place, begun: true };
    apply(addNote(base, { ...place, length, stream: index }, bounds()), true);
    wasDrawn = true;
  });
  list.addEventListener("pointermove", (event) => {
    if (!stroke || event.pointerId !== stroke.pointer) return;
    const place = placeOf(event);
    if (place.step === stroke.place.step && place.pitch === stroke.place.pitch && !stroke.begun) return;
    const { kind, base, at, place: start } = stroke;
    const note = base[at];
    /** @type {Edit} */
    let edit;
    if (kind === "draw") {
      if (place.step <= start.step) return; // it keeps the length of a click
      edit = addNote(base, { ...start, length: place.step - start.step + 1, stream: index }, bounds());
    } else if (kind === "resize") edit = resizeNote(base, at, place.step - note.step + 1, bounds());
    else {
      const pitch = place.pitch === start.pitch ? note.pitch : place.pitch;
      edit = moveNote(base, at, { step: note.step + place.step - start.step, pitch }, bounds());
    }
    if (apply(edit, !stroke.begun)) stroke.begun = true;
  });
  /** @param {PointerEvent} event */
  const end = (event) => {
    if (!stroke || event.pointerId !== stroke.pointer) return;
    stroke = null;
    if (notes[chosen]) clickedLength = Math.min(notes[chosen].length, 8);
    updateRows();
    draw();
  };
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
    list.addEventListener(type, /** @type {EventListener} */ (end));
  }
  list.addEventListener("dblclick", (event) => {
    event.preventDefault();
    if (!wasDrawn && chosen >= 0) apply(deleteNote(notes, chosen), true);
  });
  list.addEventListener("focusin", (event) => {
    const at = Number(/** @type {HTMLElement} */ (event.target).dataset.at ?? -1);
    if (at === chosen) return;
    chosen = at;
    draw();
  });
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const note = notes[chosen];
    const isNew = !event.repeat; // a key that is held is one step of the history
    /** @type {Record<string, (note: Note) => Edit>} */
    const edits = {
      ArrowLeft: ({ step, pitch, length }) =>
        event.shiftKey ? resizeNote(notes, chosen, length - 1, bounds()) : moveNote(notes, chosen, { step: step - 1, pitch }, bounds()),
      ArrowRight: ({ step, pitch, length }) =>
        event.shiftKey ? resizeNote(notes, chosen, length + 1, bounds()) : moveNote(notes, chosen, { step: step + 1, pitch }, bounds()),
      ArrowUp: ({ step, pitch }) => moveNote(notes, chosen, { step, pitch: above(pitch, event.shiftKey ? 12 : 1) }, bounds()),
      ArrowDown: ({ step, pitch }) => moveNote(notes, chosen, { step, pitch: above(pitch, event.shiftKey ? -12 : -1) }, bounds()),
      Backspace: () => deleteNote(notes, chosen),
      Delete: () => deleteNote(notes, chosen),
    };
    if (event.key === "Enter" && !event.shiftKey) {
      const first = { pitch: rows[Math.floor(rows.length / 2)] ?? 60, stream: index };
      const added = addNoteAfter(notes, chosen, first, bounds());
      if (added) apply(added, true);
      else setText(spoken, "no room for a note after this one");
    } else if (note && edits[event.key]) apply(edits[event.key](note), isNew);
    else if (!edits[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
  });
  /**
   * The pitch one row, or an octave, above or below: rows are of the scale where only those are shown.
   * @param {number} pitch
   * @param {number} by   semitones if 12 or -12, else rows
   */
  function above(pitch, by) {
    if (Math.abs(by) === 12) return pitch + by;
    const all = rollRows([{ pitch: stream.low }, { pitch: stream.high }], { ...stream, only: look?.folded ? look.key : null });
    return pitchAbove(all, pitch, by);
  }

  return {
    element,
    /** The pitches that are shown, the lowest first. */
    rows: () => rows,
    /**
     * @param {object} music
     * @param {Note[]} music.notes      of this stream
     * @param {number} music.steps      of the clip
     * @param {number} music.from       the first step that is shown
     * @param {number} music.count      how many are
     * @param {Key} music.key
     * @param {boolean} music.folded    whether only rows of the key are shown
     * @param {string} music.color
     */
    show({ notes: next, ...rest }) {
      const isOther = JSON.stringify(next) !== JSON.stringify(notes);
      const isFramed = look && look.folded === rest.folded && JSON.stringify(look.key) === JSON.stringify(rest.key) && look.from === rest.from;
      look = rest;
      if (isOther && !stroke) {
        notes = next;
        chosen = Math.min(chosen, notes.length - 1);
      }
      if (!isFramed || (isOther && !stroke)) updateRows();
      draw();
    },
    /** Draw what has the colors of the theme. */
    redraw: canvas.redraw,
    /** @param {number} step   the audible one, or -1 */
    movePlayhead(step) {
      const column = look ? step - look.from : -1;
      needle.hidden = step < 0 || !look || column < 0 || column >= look.count;
      if (look) needle.style.left = `${(100 * (column + 0.5)) / look.count}%`;
    },
  };
}
