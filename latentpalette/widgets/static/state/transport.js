// Transport of an instrument: plays the clip that the instrument chooses, or clips one after the other along a route.
/** @import { ChosenClip, ClipRoute, GainOf, InstrumentState, Loop, Note, OnError, Player, PlayerState, Quantization, SongNote } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { playbackOrder } from "../audio/pathorder.js";
import { isInLane, joinClips } from "./clip.js";
import { onSessionVolume, sessionVolume } from "./ensemble.js";
import { loopOfClip, playedSettings } from "./loop.js";

const AUDITION_VELOCITY = 96; // where no accents are given
const AUDIBLE = ["qpm", "mutes", "locks", "volumes"];

/**
 * @param {object} options
 * @param {InstrumentState} options.state
 * @param {string[]} options.audible                       what else of the state changes the clip or the route
 * @param {() => ChosenClip | null} options.chosen         what should play; null while it is not decoded
 * @param {() => ClipRoute | null} [options.route]         what should play instead, one after the other
 * @param {() => Quantization} [options.quantize]
 * @param {(onState: (playerState: PlayerState) => void) => Player | null} options.makePlayer   null before a click
 * @param {GainOf} [options.gainOf]
 * @param {() => void} options.onChange
 * @param {OnError} options.onError
 */
export function createTransport({
  state,
  audible,
  chosen,
  route = () => null,
  quantize = () => state.get("launch_quantization"),
  makePlayer,
  gainOf = () => 1,
  onChange,
  onError,
}) {
  /** @type {Player | null} */
  let player = null;
  /** @type {ClipRoute | null} */
  let followed = null; // while a route is played

  /**
   * @param {ChosenClip} chosen
   * @returns {Loop & { gain: number }}
   */
  const loopOf = ({ clip, key, weights, name }) => {
    return { ...loopOfClip(clip, playedSettings(state), gainOf), key, weights, name };
  };

  /**
   * @param {Player} ready
   * @param {ClipRoute} wanted
   */
  function follow(ready, wanted) {
    if (followed?.key === wanted.key) {
      followed = wanted;
      ready.updatePath({ barsPerCell: wanted.barsPerTurn, mode: wanted.mode });
      return ready.change(null, quantize()); // asks for the loops again: a lock, a mute or the tempo may differ
    }
    followed = wanted;
    const { key } = wanted;
    ready.followPath({
      count: wanted.count,
      first: wanted.first,
      barsPerCell: wanted.barsPerTurn,
      mode: wanted.mode,
      quantize: quantize(),
      loopOf: (i) => loopOf(/** @type {ClipRoute} */ (followed).chosenAt(i)),
      onCell: (i) => {
        if (followed?.key === key) followed?.onTurn?.(i);
        onChange();
      },
      onEnd: () => transport.stop(),
    });
  }

  function leave() {
    if (!followed) return;
    followed = null;
    player?.leavePath();
  }

  const loudness = () => (state.get("silenced") ? 0 : state.get("volume") * sessionVolume(state.get("session_id")));

  function ensurePlayer() {
    player ??= makePlayer((playerState) => {
      // Another instrument has claimed playback, or a route is over.
      if (playerState === "stopped" && state.get("playing")) state.set({ playing: false });
      onChange();
    });
    player?.setVolume(loudness());
    return player;
  }

  /** Bring the player to what should play now. */
  function refresh() {
    if (!state.get("playing")) return halt();
    try {
      const ready = ensurePlayer();
      if (!ready) return onChange(); // sound waits for a click
      const wanted = route();
      if (wanted) follow(ready, wanted);
      else {
        leave();
        const next = chosen();
        if (!next) return onChange(); // it follows when it is decoded
        if (ready.state === "stopped") ready.play(loopOf(next));
        else ready.change(loopOf(next), next.quantize ?? quantize());
      }
    } catch (problem) {
      state.set({ playing: false });
      onError(problem);
    }
    onChange();
  }

  function halt() {
    leave();
    if (player && player.state !== "stopped") player.stop();
    onChange();
  }

  const transport = {
    get sounding() {
      return player !== null && player.state !== "stopped";
    },
    start() {
      state.set({ playing: true });
    },
    stop() {
      state.set({ playing: false });
    },
    toggle() {
      if (state.get("playing") && transport.sounding) transport.stop();
      else if (state.get("playing")) refresh(); // Python had started it before a click allowed it
      else transport.start();
    },
    refresh,
    /** Measure what will play and make its sounds, which takes a while the first time, so that it starts at once. */
    prepare() {
      try {
        const wanted = route();
        if (wanted) loopOf(wanted.chosenAt(wanted.first ?? 0));
        else transport.loop();
      } catch {
        // its sounds are not there yet: it begins when they are
      }
    },
    /**
     * Play one note, for an editor at rest. A drum without a velocity has the accent of its step.
     * @param {{ stream: number, pitches?: number[] | null, pitch?: number, step?: number, velocity?: number }} note
     */
    audition({ stream, pitches, pitch = pitches?.[0], step = 0, velocity }) {
      if (transport.sounding || pitch === undefined) return;
      const lane = state.lanes.findIndex((lane) => isInLane(lane, { stream, pitch }));
      const loudness = velocity ?? state.get("accents")[lane]?.[step % STEPS_PER_BAR] ?? AUDITION_VELOCITY;
      const current = chosen();
      ensurePlayer()?.tap({ stream, pitch, velocity: loudness, gain: current ? loopOf(current).gain : 1 });
    },
    /** The loop that should play, with locks and mutes; null while it is not decoded. */
    loop() {
      const wanted = chosen();
      return wanted && loopOf(wanted);
    },
    /**
     * What sounds in one lap, with locks and mutes: the clips of the route one after the other, from its beginning on, or
     * the loop that should play. Null while it is not decoded.
     * @returns {(Loop & { notes: SongNote[] }) | null}
     */
    lap() {
      const wanted = route();
      if (!wanted) return transport.loop();
      const loops = playbackOrder(wanted.count, wanted.mode).map((turn) => loopOf(wanted.chosenAt(turn)));
      const withGain = (/** @type {Note} */ note, /** @type {number} */ turn) => ({ ...note, gain: loops[turn].gain });
      return { ...joinClips(loops, wanted.barsPerTurn, withGain), qpm: state.get("qpm") };
    },
    /** What is audible; null while nothing plays. `cell` is the turn of the route. */
    position: () => (transport.sounding ? (player?.position() ?? null) : null),
    ensurePlayer,
    get player() {
      return player;
    },
    /** The route that is played. */
    get followed() {
      return followed;
    },
    dispose() {
      unsubscribe.forEach((off) => off());
      halt();
      player?.dispose();
      player = null;
    },
  };

  const unsubscribe = [
    ...[...AUDIBLE, ...audible].map((name) => state.on(name, () => state.get("playing") && refresh())),
    state.on("playing", refresh),
    ...["volume", "silenced", "session_id"].map((name) => state.on(name, () => player?.setVolume(loudness()))),
    onSessionVolume(() => player?.setVolume(loudness())),
  ];
  return transport;
}
