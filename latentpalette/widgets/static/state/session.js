// One palette, however many views show it: its document, history, gridRequest and player. Made by the first view, closed
// with the last.
import { createRequester } from "./requests.js";
import { createGridRequest } from "./gridrequest.js";
import { toBytes, createState } from "./state.js";
import { createEmitter } from "./emitter.js";
import { createCommands } from "./commands.js";
import { createHistory } from "./history.js";
import { decodeKit } from "../audio/mixer.js";
import { createPlayback } from "./playback.js";
import { createPlayer } from "../audio/player.js";

const SESSIONS = new WeakMap(); // model -> { session, views }

export function openSession(model) {
  if (!SESSIONS.has(model)) SESSIONS.set(model, { session: createSession(model), views: 0 });
  const entry = SESSIONS.get(model);
  entry.views++;
  return {
    session: entry.session,
    close() {
      if (--entry.views) return;
      SESSIONS.delete(model);
      entry.session.dispose();
    },
  };
}

function createSession(model) {
  const emitter = createEmitter();
  const state = createState(model);
  const requester = createRequester(model);
  let decodeState = "idle";
  let decodeMs = state.get("decode_ms");
  let error = "";
  let hasGesture = false; // browsers give no sound before a click or a key
  const changed = () => emitter.emit("change");
  const onError = (problem) => {
    error = problem ? (problem.message ?? String(problem)) : "";
    changed();
  };
  const history = createHistory({ onChange: changed });
  const gridRequest = createGridRequest({
    state,
    request: requester.request,
    onState(what, ms) {
      decodeState = what;
      if (ms != null) decodeMs = ms;
      if (what === "asking") error = "";
      changed();
    },
    onError,
  });
  let decoded = null;
  const kit = () => (decoded ??= decodeKit(toBytes(model.get("kit")), model.get("kit_index"), model.get("kit_rate")));
  const playback = createPlayback({
    state,
    makePlayer(onState) {
      return hasGesture ? createPlayer({ kit: kit(), onChange: onState }) : null; // sound needs a click or a key first
    },
    onChange: changed,
    onError,
  });
  const commands = createCommands({ state, history, gridRequest, request: requester.request, onError });
  state.on("outside", (before) => history.push(before));

  return {
    state,
    history,
    playback,
    commands,
    request: requester.request,
    onError,
    on: emitter.on,
    kit,
    get decodeState() {
      return decodeState;
    },
    get decodeMs() {
      return decodeMs;
    },
    get error() {
      return error;
    },
    // A click or a key in one of our views: from here on sound is allowed.
    allowSound() {
      hasGesture = true;
      if (!state.get("playing")) return;
      if (playback.player?.state === "waiting") playback.player.resume();
      else if (!playback.sounding) playback.refresh();
    },
    // It should play, but the browser wants a click first.
    get needsClick() {
      return state.get("playing") && playback.player?.state !== "playing";
    },
    dispose() {
      if (state.get("playing")) state.set({ playing: false }); // nobody is left to hear it
      playback.dispose();
      gridRequest.dispose();
      requester.dispose();
      state.dispose();
    },
  };
}
