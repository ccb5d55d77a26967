// Puts a clip that was copied into an instrument: as it is where it fits, else as the MIDI file of it would be read.
/** @import { ClipJson, CopiedClip, InstrumentState, Request, Stream } from "../types.js" */
/** @import { Target } from "../state/copiedclip.js" */

import { copiedMidi } from "../files/copiedfile.js";
import { fittedClip, misfit } from "../state/copiedclip.js";
import { requestLoops } from "../state/filerequest.js";
import { canAsk } from "../state/requests.js";
import { STEPS_PER_BAR } from "../audio/clock.js";

/**
 * @param {Pick<InstrumentState, "get" | "lanes" | "streams">} state
 * @param {{ steps: number | null, streams?: Stream[] }} options   of the music that it takes
 * @returns {Target}
 */
export const targetOf = (state, { steps, streams = state.streams }) => ({
  streams,
  steps,
  hasVelocity: Boolean(state.get("has_velocity")),
  drums(stream) {
    const lanes = state.lanes.flatMap((lane) => (lane.stream === stream && lane.pitches) || []);
    const kit = /** @type {{ stream: number, pitch: number }[]} */ (state.get("kit_index") ?? []);
    return lanes.length ? lanes : kit.filter((entry) => entry.stream === stream).map(({ pitch }) => pitch);
  },
  accent(pitch, step) {
    const lane = state.lanes.findIndex(({ pitches }) => pitches?.includes(pitch));
    return state.get("accents")?.[lane]?.[step % STEPS_PER_BAR] ?? 80;
  },
});

/**
 * @param {CopiedClip} copied
 * @param {object} into
 * @param {Pick<InstrumentState, "get" | "lanes" | "streams">} into.state
 * @param {number | null} into.steps
 * @param {Stream[]} [into.streams]
 * @param {(clip: ClipJson, label: string) => void | Promise<void>} into.put   takes music that fits
 * @param {(file: File) => Promise<boolean>} into.load                     reads other music; false if there is none
 * @returns {Promise<boolean | void>}   false if it could not
 * @throws {Error}   that says why there is no place for it
 */
export async function pasteClip(copied, { state, steps, streams, put, load }) {
  const target = targetOf(state, { steps, streams });
  const clip = fittedClip(copied, target);
  if (clip) return put(clip, copied.label);
  const reason = misfit(copied, target);
  if (reason) throw new Error(reason);
  if (!canAsk(state, "midi")) {
    const where = state.get("origin") ? "run the cell again" : "open it in a notebook";
    throw new Error(`${copied.label} has another length or other notes than goes here. To make it fit needs Python: ${where}.`);
  }
  const { name, type, bytes } = copiedMidi(copied);
  return load(new File([bytes], name, { type }));
}

/**
 * Read the first loop of a MIDI file.
 * @param {File} file
 * @param {Request} request
 * @returns {Promise<{ clip: ClipJson, label: string, leftOut: string[] }>}
 * @throws {Error}   that says why there is none
 */
export async function firstLoop(file, request) {
  const { windows, left_out: reasons } = await requestLoops(request, file);
  const [loop] = windows;
  if (!loop) throw new Error(`${file.name} has no loop for this: ${reasons.join("; ") || "it is empty"}.`);
  return { clip: loop.clip, label: `${file.name} ${loop.label}`, leftOut: loop.left_out };
}
