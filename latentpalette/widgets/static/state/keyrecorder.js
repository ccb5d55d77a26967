// Keys that are played into a clip while it loops: put on the nearest step, heard at once, and each pass a step of undo. A
// note is written when it is over, so that the loop does not play it a second time. While the loop stands still, the first
// key begins it, and is its first note.
/** @import { Clip, InstrumentState, KeysTarget, MidiEvent, Note, TapNote, Timeouts } from "../types.js" */

import { STEPS_PER_BAR, stepSeconds } from "../audio/clock.js";
import { laneOfKey } from "./drumkeys.js";
import { addNote } from "./rolledit.js";
import { tapPosition } from "./taps.js";

const AFTER = 30; // [milliseconds] that a drum's step has passed when it is written

/** @typedef {{ at: number, whole: number, pitch: number, velocity: number }} Held */

/**
 * @param {object} options
 * @param {InstrumentState} options.state
 * @param {() => { step: number } | null} options.position   the audible one; null while nothing plays
 * @param {(note: TapNote) => void} options.play             plays a note at once
 * @param {() => void} options.start                         lets the loop begin
 * @param {KeysTarget | null} options.target                 where keys play into
 * @param {() => number} [options.now]                       on the clock of the events [milliseconds]
 * @param {Timeouts} [options.timers]
 */
export function createKeyRecorder({ state, position, play, start, target, now = () => performance.now(), timers = globalThis }) {
  /** @type {Held | null} */
  let held = null; // of a melody: the note whose key is down
  let pass = NaN; // the lap whose notes are one step of undo
  const [stream] = state.streams;
  const offPlaying = state.on("playing", () => {
    pass = NaN;
    held = null;
  });

  /**
   * @param {number} time         of an event [milliseconds]
   * @param {boolean} isPressed   not let go
   */
  function placeAt(time, isPressed) {
    if (!target?.isOpen()) return null;
    const place = position();
    if (!place && isPressed && !state.get("playing")) start();
    if (!place) return state.get("playing") ? 0 : null; // it begins with this note
    return tapPosition(place.step, { age: Math.max(0, now() - time), latency: 0, stepSeconds: stepSeconds(state.get("qpm")) });
  }
  /**
   * @param {Pick<Held, "whole">} played
   * @param {(clip: Clip, step: number) => Note[]} edit   returns the notes with it
   */
  function write({ whole }, edit) {
    if (!target?.isOpen()) return;
    const clip = target.clip();
    const lap = Math.floor(whole / clip.steps);
    if (lap !== pass) target.begin();
    pass = lap;
    target.edit(edit(clip, whole - lap * clip.steps));
  }
  /**
   * @param {Held} played
   * @param {number} pitch   of the lane
   */
  const writeDrum = (played, pitch) =>
    write(played, ({ notes }, step) => {
      const lane = state.lanes.findIndex(({ pitches }) => pitches?.[0] === pitch);
      const hasFeel = state.get("has_velocity");
      const velocity = hasFeel ? played.velocity : (state.get("accents")[lane]?.[step % STEPS_PER_BAR] ?? played.velocity);
      const offset = hasFeel ? Math.min(0.5, Math.max(-0.5, played.at - played.whole)) : 0;
      const others = notes.filter((note) => note.step !== step || note.pitch !== pitch);
      return [...others, { step, offset, length: 1, pitch, velocity, stream: 0 }];
    });
  /**
   * @param {Held} played
   * @param {number} end   where it is over
   */
  const writeMelody = (played, end) =>
    write(played, ({ notes, steps }, step) => {
      const length = Math.max(1, Math.round(end - played.at));
      const bounds = { steps, low: stream.low, high: stream.high };
      return addNote(notes, { step, pitch: played.pitch, length, stream: 0 }, bounds).notes;
    });

  /** @param {Extract<MidiEvent, { kind: "note" }>} event */
  function hitDrum({ pitch, velocity, time }) {
    const own = laneOfKey(pitch, state.lanes)?.pitches?.[0];
    if (!velocity || own === undefined) return;
    play({ stream: 0, pitch: own, velocity });
    const at = placeAt(time, true);
    if (at === null) return;
    const played = { at, whole: Math.round(at), pitch: own, velocity };
    const wait = Math.max(0, (played.whole - at) * stepSeconds(state.get("qpm")) * 1000);
    timers.setTimeout(() => writeDrum(played, own), wait + AFTER);
  }
  /** @param {Extract<MidiEvent, { kind: "note" }>} event */
  function playMelody({ pitch, velocity, time }) {
    const own = foldPitch(pitch, stream);
    const at = placeAt(time, velocity > 0);
    if (!velocity && own !== held?.pitch) return; // another note has taken over
    if (held && at !== null) writeMelody(held, Math.max(at, held.at));
    held = null;
    if (!velocity) return;
    play({ stream: 0, pitch: own, velocity });
    if (at !== null) held = { at, whole: Math.round(at), pitch: own, velocity };
  }
  return {
    /** @param {Extract<MidiEvent, { kind: "note" }>} event */
    onNote: (event) => (stream.is_drum ? hitDrum(event) : playMelody(event)),
    dispose: offPlaying,
  };
}

/**
 * The same note in the octave nearest that a stream has.
 * @param {number} pitch
 * @param {{ low: number, high: number }} stream
 */
export function foldPitch(pitch, { low, high }) {
  let folded = pitch;
  while (folded < low) folded += 12;
  while (folded > high) folded -= 12;
  return folded;
}
