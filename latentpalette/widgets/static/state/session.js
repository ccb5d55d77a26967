// One palette, however many views show it: its document, history, decoder and player. Made by the first view, closed
// with the last.
import { createRequester } from "./requests.js";
import { createDecoder } from "./gridrequest.js";
import { bytesOf, createDocument } from "./state.js";
import { createEmitter } from "./emitter.js";
import { createEdits } from "./commands.js";
import { createHistory } from "./history.js";
import { decodeKit } from "../audio/mixer.js";
import { createPlayback } from "./playback.js";
import { createPlayer } from "../audio/player.js";

const STUDIOS = new WeakMap(); // model -> { studio, views }

export function openStudio(model) {
  if (!STUDIOS.has(model)) STUDIOS.set(model, { studio: createStudio(model), views: 0 });
  const entry = STUDIOS.get(model);
  entry.views++;
  return {
    studio: entry.studio,
    close() {
      if (--entry.views) return;
      STUDIOS.delete(model);
      entry.studio.dispose();
    },
  };
}

function createStudio(model) {
  const emitter = createEmitter();
  const doc = createDocument(model);
  const bridge = createRequester(model);
  const state = { decode: "idle", decodeMs: doc.get("decode_ms"), error: "", gesture: false };
  const changed = () => emitter.emit("change");
  const onError = (problem) => {
    state.error = problem ? (problem.message ?? String(problem)) : "";
    changed();
  };
  const history = createHistory({ onChange: changed });
  const decoder = createDecoder({
    doc,
    request: bridge.request,
    onState(what, ms) {
      state.decode = what;
      if (ms != null) state.decodeMs = ms;
      if (what === "asking") state.error = "";
      changed();
    },
    onError,
  });
  let decoded = null;
  const kit = () => (decoded ??= decodeKit(bytesOf(model.get("kit")), model.get("kit_index"), model.get("kit_rate")));
  const playback = createPlayback({
    doc,
    makePlayer(onState) {
      return state.gesture ? createPlayer({ kit: kit(), onChange: onState }) : null; // sound needs a click or a key first
    },
    onChange: changed,
    onError,
  });
  const edits = createEdits({ doc, history, decoder, request: bridge.request, onError });
  doc.on("outside", (before) => history.push(before));

  return {
    doc,
    history,
    playback,
    edits,
    state,
    request: bridge.request,
    onError,
    on: emitter.on,
    kit,
    // A click or a key in one of our views: from here on sound is allowed.
    gesture() {
      state.gesture = true;
      if (!doc.get("playing")) return;
      if (playback.player?.state === "waiting") playback.player.resume();
      else if (!playback.sounding) playback.refresh();
    },
    // It should play, but the browser wants a click first.
    get silenced() {
      return doc.get("playing") && playback.player?.state !== "playing";
    },
    dispose() {
      if (doc.get("playing")) doc.set({ playing: false }); // nobody is left to hear it
      playback.dispose();
      decoder.dispose();
      bridge.dispose();
      doc.dispose();
    },
  };
}
