// What is playing: the corner that is being edited, the path that was drawn, or the cell under the puck.
import { cellAt, cellCentre, crossings, pointAlong } from "./geometry.js";
import { hitsOf } from "./pattern.js";

const AUDIBLE = ["patterns", "size", "puck", "points", "qpm", "mutes", "locks", "bars_per_cell", "path_mode", "tool", "originals"];

// `makePlayer(onState)` answers with a player once sound is allowed; before that with null, and nothing sounds.
export function createPlayback({ doc, makePlayer, onChange, onError }) {
  let player = null;
  let corner = null; // the corner that is heard instead of the palette, while it is edited
  let walk = null; // { points, size, cells, index, forward } while the path plays

  const settings = () => ({ mutes: doc.get("mutes"), locks: doc.get("locks"), accents: doc.get("accents") });
  const loopOf = (masks) => {
    const { mutes, locks, accents } = settings();
    const qpm = doc.get("qpm");
    const key = JSON.stringify([[...masks], mutes, locks, qpm]);
    return { hits: hitsOf(masks, { mutes, locks, accents }), steps: masks.length, qpm, key };
  };
  const cell = () => cellAt(...doc.get("puck"), doc.size);
  const followsPath = () => corner === null && doc.get("tool") === "draw" && doc.get("points").length > 0;
  const masksNow = () => {
    if (corner !== null) return doc.get("patterns")[corner];
    const { row, col } = cell();
    return doc.masksAt(row, col);
  };

  function follow() {
    const points = doc.get("points");
    const [barsPerCell, mode, quantise] = [doc.get("bars_per_cell"), doc.get("path_mode"), doc.get("quantise")];
    if (walk && walk.points === points && walk.size === doc.size) {
      player.steer({ barsPerCell, mode });
      return player.change(null, quantise); // asks for the cells anew: a lock, a mute or the tempo may differ
    }
    const cells = crossings(points, doc.size);
    walk = { points, size: doc.size, cells, index: 0, forward: true };
    player.follow({
      count: cells.length,
      barsPerCell,
      mode,
      quantise,
      loopOf: (i) => loopOf(doc.masksAt(cells[i].row, cells[i].col)),
      onCell(i) {
        if (walk?.cells !== cells) return;
        walk.forward = i === walk.index ? walk.forward : i > walk.index;
        walk.index = i;
        doc.set({ puck: cellCentre(cells[i].row, cells[i].col, doc.size) });
        onChange();
      },
      onEnd: () => playback.stop(),
    });
  }

  function unfollow() {
    if (!walk) return;
    walk = null;
    player?.unfollow();
  }

  function ensure() {
    player ??= makePlayer((state) => {
      if (state === "stopped" && doc.get("playing")) doc.set({ playing: false }); // another palette took the stage
      onChange();
    });
    player?.setVolume(doc.get("volume"));
    return player;
  }

  // Brings the player to what should be heard now.
  function refresh() {
    if (!doc.get("playing")) return halt();
    try {
      if (!ensure()) return onChange(); // sound waits for a click
      if (followsPath()) follow();
      else {
        unfollow();
        if (player.state === "stopped") player.play(loopOf(masksNow()));
        else player.change(loopOf(masksNow()), corner === null ? doc.get("quantise") : "step");
      }
    } catch (problem) {
      doc.set({ playing: false });
      onError(problem);
    }
    onChange();
  }

  function halt() {
    unfollow();
    if (player && player.state !== "stopped") player.stop();
    onChange();
  }

  const playback = {
    get sounding() {
      return player !== null && player.state !== "stopped";
    },
    start() {
      doc.set({ playing: true });
    },
    stop() {
      doc.set({ playing: false });
    },
    toggle() {
      if (doc.get("playing") && playback.sounding) playback.stop();
      else if (doc.get("playing")) refresh(); // Python had said so before a click allowed it
      else playback.start();
    },
    refresh,
    // Plays a corner instead of the palette (null: the palette again).
    listenTo(which) {
      if (corner === which) return;
      corner = which;
      refresh();
    },
    get corner() {
      return corner;
    },
    // One hit, for an editor at rest.
    audition(drum, step) {
      if (playback.sounding) return;
      ensure()?.tap(drum, doc.get("accents")[drum]?.[step % 16] ?? 96);
    },
    cell,
    masks: masksNow,
    // { step, puck } as heard: the column that sounds, and where on the path the puck is.
    heard() {
      const position = playback.sounding ? player?.position() : null;
      if (!position) return { step: -1, puck: doc.get("puck") };
      const step = ((Math.floor(position.step) % 32) + 32) % 32;
      return { step, puck: walk ? onPath(position) : doc.get("puck") };
    },
    ensure,
    get player() {
      return player;
    },
    get walk() {
      return walk;
    },
    dispose() {
      unsubscribe.forEach((off) => off());
      halt();
      player?.dispose();
      player = null;
    },
  };

  // The puck glides through the stretch of the stroke that lies in the cell that is heard.
  function onPath({ cell, cellPhase }) {
    const { from, to } = walk.cells[cell ?? walk.index];
    return pointAlong(walk.points, walk.forward ? from + (to - from) * cellPhase : to - (to - from) * cellPhase);
  }

  const unsubscribe = [
    ...AUDIBLE.map((name) => doc.on(name, () => doc.get("playing") && !(name === "puck" && walk) && refresh())),
    doc.on("cells", () => doc.get("playing") && refresh()),
    doc.on("playing", refresh),
    doc.on("volume", () => player?.setVolume(doc.get("volume"))),
  ];
  return playback;
}
