// Session of piano rolls, however many views show them: their player, and the link to Python.
/** @import { JoinedRolls, Model, RollItem, RollPlayer } from "../types.js" */

import { toBytes } from "./bytes.js";
import { createEmitter } from "./emitter.js";
import { joinedPlayer, onJoinedPlayer } from "./joinedplayer.js";
import { createRollPlayer } from "./rollplayer.js";
import { linkKernel } from "./kernellink.js";
import { LOST_MILLISECONDS, createRequester } from "./requests.js";
import { shareSessions } from "./sharing.js";
import { PAGE } from "./together.js";

const NO_KERNEL = "Python was restarted or has stopped: run the cell again, or reload the page, for this.";
const NO_ANSWER = "No answer from Python yet. If it has stopped, run the cell again, or reload the page.";

/** Open a view's share in the session of piano rolls. */
export const openRolls = shareSessions(createRollSession);

/** @param {Model} model */
function createRollSession(model) {
  let alone = false;
  const abandon = () => {
    alone = true;
    requester.abandon(new Error(NO_KERNEL));
  };
  const link = linkKernel(model, abandon);
  const requester = createRequester(link.model);
  if (model.get("has_kernel") === false) abandon(); // opened with a saved notebook
  /**
   * @param {string} name
   * @param {object} body
   */
  const fetchBytes = async (name, body) => (await requester.request(name, body)).buffers[0];
  const items = /** @type {RollItem[]} */ (model.get("items"));
  const emitter = createEmitter();
  const onError = (/** @type {any} */ problem) => emitter.emit("problem", problem);
  const turns = createEmitter(); // of the players: the rolls may join a session, or leave it, while they are shown
  const alonePlayer = createRollPlayer({
    items,
    repeat: model.get("repeat"),
    emitter: turns,
    onError,
    async loadFile(index) {
      const type = model.get("mime_type");
      const sent = soundOf(model.get("sounds"), items[index]);
      if (sent) return { bytes: sent, type, frames: items[index].frames, lead: items[index].lead };
      const { body, buffers } = await orSay(requester.request("sound", { index }), emitter);
      return { bytes: toBytes(buffers[0]), type, frames: body.frames, lead: body.lead };
    },
  });
  /** @type {JoinedRolls | null} */
  let joined = null;
  const join = () => {
    const make = model.get("session_id") && model.get("clips")?.length ? joinedPlayer() : null;
    if (Boolean(make) === Boolean(joined)) return;
    alonePlayer.stop();
    joined?.dispose();
    joined = make && make(model, { items, on: turns.on, onChange: () => turns.emit("change"), onError });
    turns.emit("change");
  };
  model.on("change:session_id", join);
  model.on("change:clips", join);
  const stopWaiting = onJoinedPlayer(() => {
    join();
    turns.emit("change"); // it is offered now
  });
  join();
  const player = /** @type {RollPlayer} */ (
    new Proxy(alonePlayer, { get: (alone, name) => /** @type {any} */ (joined ?? alone)[name] })
  );
  return {
    items,
    player,
    /** Listen to "problem"; null: it is over. */
    on: emitter.on,
    fetchBytes,
    /** Playing with others of the page, which needs the notes and their sounds: Python sends them when it is asked first. */
    together: {
      /** False where there is nobody to play with, or nobody who has the notes; and in a session, which has its own bar. */
      get isOffered() {
        const isInSession = ![undefined, "", PAGE].includes(model.get("session_id"));
        return !isInSession && joinedPlayer() !== null && (model.get("clips")?.length > 0 || !alone);
      },
      get isOn() {
        return model.get("session_id") === PAGE;
      },
      async toggle() {
        onError(null);
        try {
          if (model.get("session_id") !== PAGE && !model.get("clips")?.length) await orSay(requester.request("join", {}), emitter);
          else {
            model.set("session_id", model.get("session_id") === PAGE ? "" : PAGE);
            link.model.save_changes();
          }
        } catch (problem) {
          onError(problem);
        }
      },
    },
    /** True where no Python answers. */
    get alone() {
      return alone;
    },
    dispose() {
      model.off("change:session_id", join);
      model.off("change:clips", join);
      stopWaiting();
      joined?.dispose();
      alonePlayer.dispose();
      requester.dispose();
      link.dispose();
    },
  };
}

/**
 * A response of Python; where it is late, a problem says so until it has come.
 * @template Answer
 * @param {Promise<Answer>} response
 * @param {ReturnType<typeof createEmitter>} emitter
 * @returns {Promise<Answer>}
 */
async function orSay(response, emitter) {
  let late = false;
  const timeout = setTimeout(() => {
    late = true;
    emitter.emit("problem", new Error(NO_ANSWER));
  }, LOST_MILLISECONDS);
  try {
    return await response;
  } finally {
    clearTimeout(timeout);
    if (late) emitter.emit("problem", null);
  }
}

/**
 * The sound of an item; null where it was not sent.
 * @param {DataView<ArrayBuffer>} sounds   those of all items
 * @param {RollItem} item
 */
function soundOf(sounds, { start, length }) {
  if (!length || start + length > sounds.byteLength) return null;
  return new Uint8Array(sounds.buffer, sounds.byteOffset + start, length);
}
