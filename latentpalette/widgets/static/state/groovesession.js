// Session of a groove panel: the loop as written and as played, how much of the drummer is played, and taps.
/** @import { Clip, ClipJson, Model, TrackList } from "../types.js" */

import { STEPS_PER_BAR, stepSeconds } from "../audio/clock.js";
import { toBytes } from "./bytes.js";
import { clipFromJson } from "./clip.js";
import { applyFeel } from "./feel.js";
import { createInstrumentSession } from "./instrumentsession.js";
import { fileBody } from "./filerequest.js";
import { createSongFiles } from "./songfiles.js";
import { shareSessions } from "./sharing.js";
import { quantizeTaps, tapPosition } from "./taps.js";

const LOOP = ["written_clip", "played_clip", "label", "left_out", "source_id", "taps"];
const FEEL = ["timing", "velocity", "swing", "swing_of"];
const EDITED = [...LOOP, ...FEEL, "spread", "seed", "mutes", "volumes", "sounds"];
const CLICK_PITCHES = [42, 46, 51]; // of the first that the kit has
const CLICK = [112, 64, 64, 64]; // velocities of the beats of a bar
const WATCH = 40; // [milliseconds]
const MIN_TAPS = 2;
const TAP_TEMPERATURE = 0.7;

/** Open a view's share in the session of a groove panel. */
export const openGroove = shareSessions(createGrooveSession);

/** @param {Model} unsafeModel */
function createGrooveSession(unsafeModel) {
  /** @type {{ positions: number[], waiting: boolean } | null} */
  let tapping = null; // while the click plays
  let asking = ""; // what Python is asked for, in words
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let watch;

  const session = createInstrumentSession(unsafeModel, {
    traits: [...EDITED, "plays", "tap_latency", "tap_bars"],
    edited: EDITED,
    audible: ["written_clip", "played_clip", ...FEEL, "plays"],
    places: ["plays"],
    chosen() {
      if (tapping) return { clip: click(), key: "click", quantize: "step" };
      return { clip: clip(), key: state.get("plays"), name: state.get("plays") };
    },
  });
  const { state, transport, commands, request, onError, changed } = session;
  const songs = createSongFiles(state);
  /**
   * The file that was loaded last, its tracks as they were read at first, and the track that each loop of it is from.
   * @type {{ file: File, tracks: TrackList, chosen: Map<string, number | null>, isRefused: boolean } | null}
   */
  let loaded = null;

  /** @type {Map<string, { json: unknown, clip: Clip }>} */
  const read = new Map();
  /** @param {"written_clip" | "played_clip"} name */
  function clipOf(name) {
    const json = state.get(name);
    const known = read.get(name);
    if (known && known.json === json) return known.clip;
    const clip = clipFromJson(json);
    read.set(name, { json, clip });
    return clip;
  }
  const feel = () => ({
    timing: state.get("timing"),
    velocity: state.get("velocity"),
    swing: state.get("swing"),
    swing_of: state.get("swing_of"),
  });
  const written = () => clipOf("written_clip");
  const felt = () => applyFeel(written(), clipOf("played_clip"), feel());
  const clip = () => (state.get("plays") === "written" ? written() : felt());
  /** @returns {Clip} */
  function click() {
    const pitches = state.lanes.flatMap((/** @type {any} */ lane) => lane.pitches ?? []);
    const pitch = CLICK_PITCHES.find((each) => pitches.includes(each)) ?? pitches[0];
    return { steps: STEPS_PER_BAR, notes: CLICK.map((velocity, beat) => ({ step: 4 * beat, offset: 0, length: 1, pitch, velocity, stream: 0 })) };
  }

  /**
   * Ask Python, and change the loop to what it answers.
   * @param {string} words
   * @param {() => Promise<Record<string, any>>} run   returns traits
   */
  async function ask(words, run) {
    if (asking) return;
    asking = words;
    onError(null);
    changed();
    try {
      const values = await run();
      commands.change({ ...values, plays: "played" });
    } catch (problem) {
      onError(problem);
    } finally {
      asking = "";
      changed();
    }
  }

  const endTapping = () => {
    clearInterval(watch);
    tapping = null;
    if (state.get("playing")) transport.refresh();
    changed();
  };
  /** A loop after the first tap the drums are asked for. */
  function watchTaps() {
    const position = transport.position();
    if (!tapping || !position || tapping.waiting || tapping.positions.length < MIN_TAPS) return;
    if (position.step < tapping.positions[0] + state.get("tap_bars") * STEPS_PER_BAR - 0.5) return;
    tapping.waiting = true;
    void actions.drumsFromTaps();
  }
  const actions = {
    /**
     * Change the feel.
     * @param {Record<string, any>} values
     * @param {boolean} [isFurther]   true while the same slider moves on
     */
    setFeel: (values, isFurther = false) => commands.change(values, isFurther),
    /**
     * @param {number} spread
     * @param {number} seed
     */
    humanize: (spread, seed) =>
      ask("another drummer", async () => {
        const { body } = await request("humanize", { written_clip: state.get("written_clip"), spread, seed });
        return { ...body, spread, seed };
      }),
    /**
     * @param {number} temperature
     * @param {number} seed
     */
    addHats: (temperature, seed) =>
      ask("hats", async () => {
        const { body } = await request("hats", {
          written_clip: state.get("written_clip"),
          temperature,
          spread: state.get("spread"),
          seed,
        });
        const label = state.get("label");
        return { ...body, label: label.endsWith("+ hats") ? label : `${label} + hats` };
      }),
    /**
     * @param {ClipJson} clip
     * @param {string} label
     */
    setPreset: (clip, label) =>
      ask("the drummer", async () => {
        loaded = null;
        const [spread, seed] = [state.get("spread"), state.get("seed")];
        const { body } = await request("humanize", { written_clip: clip, spread, seed });
        return { ...body, written_clip: clip, label, left_out: [], source_id: "" };
      }),
    /**
     * @param {File} file
     * @param {number | null} [track]   the number of the one that is its drums; null for those that it has
     */
    load: (file, track = null) =>
      ask(`the drums of ${file.name}`, async () => {
        const [spread, seed] = [state.get("spread"), state.get("seed")];
        const data = await file.arrayBuffer();
        const { body } = await request("song", { ...fileBody(file, track), spread, seed }, [data]);
        const { qpm, reason, tracks, more_tracks, takes, track: chosen, ...loop } = body;
        if (loaded?.file !== file) loaded = { file, tracks: { tracks, more_tracks, takes, track: chosen }, chosen: new Map(), isRefused: false };
        loaded.isRefused = Boolean(reason);
        if (reason) throw new Error(reason);
        loaded.chosen.set(loop.source_id, chosen);
        songs.keep(loop.source_id, data);
        const tempo = state.get("playing") ? {} : { qpm: Math.min(400, Math.max(20, qpm)) };
        return { ...loop, ...tempo, label: file.name.slice(0, 300) };
      }),
    /** Let a click play, and taps count; once more: no longer. */
    toggleTapping() {
      if (tapping) return endTapping();
      tapping = { positions: [], waiting: false };
      watch = setInterval(watchTaps, WATCH);
      if (state.get("playing")) transport.refresh();
      else state.set({ playing: true });
      changed();
    },
    /** @param {number} age   how long ago it was tapped [milliseconds] */
    tap(age) {
      const position = transport.position();
      if (!tapping || tapping.waiting || !position) return;
      const at = tapPosition(position.step, { age, latency: state.get("tap_latency"), stepSeconds: stepSeconds(state.get("qpm")) });
      tapping.positions.push(at);
      changed();
    },
    /** The song that the loop is from, as a MIDI file with the drums as they are played. */
    async songFile() {
      const { buffers } = await request("file", {}, songs.toSend());
      return toBytes(buffers[0]);
    },
    drumsFromTaps: () =>
      ask("drums from taps", async () => {
        const bars = state.get("tap_bars");
        const taps = quantizeTaps(tapping?.positions ?? [], bars * STEPS_PER_BAR);
        const seed = state.get("seed");
        const { body } = await request("tap", { taps, bars, temperature: TAP_TEMPERATURE, seed });
        return { ...body, taps, label: "Tapped", left_out: [], source_id: "" };
      }).finally(endTapping),
  };
  const unsubscribe = state.on("playing", () => {
    if (!state.get("playing") && tapping) endTapping();
  });
  const disposeSession = session.dispose;

  const panel = Object.assign(session, {
    actions,
    clip,
    written,
    played: () => clipOf("played_clip"),
    felt,
    feel,
    /** Bars of the loop. */
    bars: () => written().steps / STEPS_PER_BAR,
    /** The file that the loop is from, or that has no drums, with its tracks; null for another loop. */
    loaded: () => (loaded && (loaded.isRefused || loaded.chosen.has(state.get("source_id"))) ? loaded : null),
    /** Why there is no song to save, or "". */
    noSong: songs.missing,
    /** What Python is asked for, in words; "" where it is nothing. */
    asking: () => asking,
    /** The taps so far while the click plays, else those that the drums are from: [step, offset]. */
    taps: () => (tapping ? quantizeTaps(tapping.positions, state.get("tap_bars") * STEPS_PER_BAR) : state.get("taps")),
    isTapping: () => tapping !== null,
    dispose() {
      clearInterval(watch);
      unsubscribe();
      disposeSession();
    },
  });
  return panel;
}
