// The song: places in a row, each with its loop, its repeats and its transposition; below each of them its drums.
/** @import { Disposables, LoopsSession } from "../../types.js" */
/** @import { Where } from "../../state/loopssession.js" */
/** @import { LoopDrawing } from "./loopdrawing.js" */
/** @import { Carrier } from "./carry.js" */

import { STEPS_PER_BAR, stepSeconds } from "../../audio/clock.js";
import { canAsk } from "../../state/requests.js";
import { MAX_PLACES, MAX_REPEATS, MAX_TRANSPOSE } from "../../state/song.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createNumberField } from "../numberfield.js";
import { createDrumTile } from "./drumtile.js";
import { createLoopTile } from "./looptile.js";
import { makeTileSource } from "./tilesource.js";

const LEAST = 8; // places that are shown
const COMPOSED = { song: 8, further: 4 }; // places

/**
 * @param {object} options
 * @param {LoopsSession} options.session
 * @param {Disposables} options.disposables
 * @param {LoopDrawing} options.drawing
 * @param {Carrier} options.carrier
 * @param {(where: Where) => void} options.onEdit
 */
export function createSongCard({ session, disposables, drawing, carrier, onEdit }) {
  const { state, actions, transport, commands, onError } = session;
  const hasDrums = () => state.streams.length > 1;
  /** @type {{ tile: ReturnType<typeof createLoopTile>, drums: ReturnType<typeof createDrumTile> | null }[]} */
  let columns = [];
  const places = () => state.get("places");

  const howMany = el("span", { class: "lp-song-places" });
  const howLong = el("span");
  const facts = el("span", { class: "lp-dim lp-song-facts" }, howMany, howLong);
  const chosenName = el("span", { class: "lp-dim lp-place-name" });
  const repeats = createNumberField({
    label: "×",
    name: "Repeats of the chosen place",
    min: 1,
    max: MAX_REPEATS,
    value: 1,
    width: 2,
    onInput: (value) => actions.changePlace(session.chosenPlace(), { repeats: Math.round(value) }),
  });
  const transpose = createNumberField({
    label: "semitones",
    name: "Transposition of the chosen place in semitones",
    min: -MAX_TRANSPOSE,
    max: MAX_TRANSPOSE,
    value: 0,
    width: 3,
    onInput: (value) => actions.changePlace(session.chosenPlace(), { transpose: Math.round(value) }),
  });
  const settings = el("div", { class: "lp-row lp-nowrap lp-place-settings" }, chosenName, repeats.element, transpose.element);
  const compose = el(
    "button",
    { class: "lp-control lp-small lp-compose", type: "button", text: "Compose", on: { click: composeSong } },
  );
  let isComposing = false;
  let seed = 1;
  const repeat = el(
    "button",
    {
      class: "lp-control lp-small lp-square lp-toggle",
      type: "button",
      title: "Play the song again and again",
      aria: { label: "Repeat the song", pressed: false },
      on: { click: () => commands.change({ song_mode: state.get("song_mode") === "loop" ? "once" : "loop" }) },
    },
    icon("repeat"),
  );
  const playText = el("span", { text: "Play song" });
  const play = el(
    "button",
    { class: "lp-control lp-small lp-song-play", type: "button", on: { click: playSong } },
    icon("play"),
    icon("stop"),
    playText,
  );
  const list = el("div", { class: "lp-places", role: "group", aria: { label: "Places of the song" } });
  const element = el(
    "section",
    { class: "lp-card lp-song", aria: { label: "Song" } },
    el(
      "div",
      { class: "lp-row lp-nowrap lp-head" },
      el("h4", { class: "lp-title", text: "Song" }),
      facts,
      el("span", { class: "lp-space" }),
      settings,
      compose,
      repeat,
      play,
    ),
    list,
  );

  const canCompose = () => state.get("composes") && canAsk(state, "compose") && places().length < MAX_PLACES && !isComposing;

  /** Let the model compose how the song goes on. */
  async function composeSong() {
    if (!canCompose()) return;
    isComposing = true;
    onError(null);
    show();
    try {
      const first = places().length;
      await actions.compose(first ? COMPOSED.further : COMPOSED.song, seed++);
      show();
      columns[first].tile.element.scrollIntoView({ block: "nearest", inline: "nearest" });
    } catch (problem) {
      onError(problem);
    }
    isComposing = false;
    show();
  }
  /** Play the song from the chosen place; while it plays, stop. */
  function playSong() {
    if (isPlaying()) return transport.stop();
    session.hover(null);
    state.set({ plays: "song", playing: true });
  }
  const isPlaying = () => state.get("playing") && state.get("plays") === "song" && places().length > 0;

  /** @param {number} index */
  function createColumn(index) {
    /** @type {Where} */
    const where = { kind: "place", index };
    const isFilled = () => index < places().length;
    const tile = createLoopTile({
      disposables,
      drawing,
      number: index + 1,
      remove: `Take place ${index + 1} out of the song`,
      onClick: () => (isFilled() ? session.choose(where) : actions.insert(session.focused())),
      onRemove: () => actions.remove(index),
    });
    tile.element.dataset.place = String(index);
    makeTileSource({ tile, session, carrier, drawing, where, isFilled, onEdit });
    tile.main.addEventListener("keydown", (event) => onTileKey(event, index));
    const drums = hasDrums() ? createDrumTile({ session, disposables, drawing, index }) : null;
    return { tile, drums, element: el("div", { class: "lp-place" }, tile.element, drums?.element) };
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} index
   */
  function onTileKey(event, index) {
    if (event.ctrlKey || event.metaKey || index >= places().length) return;
    const { repeats: times, transpose: by } = places()[index];
    const along = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    const up = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    const last = places().length - 1;
    let next = index; // the place that has the focus then
    if (along) next = Math.min(last, Math.max(0, index + along));
    if (along && event.altKey) actions.insert({ kind: "place", index }, along < 0 ? next : next + 1);
    else if (event.altKey) return;
    else if (along) session.choose({ kind: "place", index: next });
    else if (up && event.shiftKey) actions.changePlace(index, { transpose: by + 12 * up });
    else if (up) actions.changePlace(index, { transpose: by + up });
    else if (event.key === "+" || event.key === "-") actions.changePlace(index, { repeats: times + (event.key === "+" ? 1 : -1) });
    else if (event.key === "Delete" || event.key === "Backspace") actions.remove(index);
    else return;
    event.preventDefault();
    event.stopPropagation();
    show();
    columns[Math.min(next, Math.max(0, places().length - 1))].tile.main.focus();
  }

  /**
   * Where a loop would go: into the middle of a place, or between two of them.
   * @param {{ x: number, y: number }} point
   * @returns {{ index: number, into: boolean }}
   */
  function gapAt({ x }) {
    const count = places().length;
    for (let index = 0; index < count; index++) {
      const { left, width } = columns[index].tile.element.getBoundingClientRect();
      const share = (x - left) / width;
      if (share < 0.25) return { index, into: false };
      if (share <= 0.75) return { index, into: true };
    }
    return { index: count, into: false };
  }
  const unmark = () => columns.forEach(({ tile }) => tile.element.classList.remove("lp-drop", "lp-drop-before"));
  carrier.addTaker({
    element: list,
    over(point) {
      unmark();
      if (!point) return;
      const { index, into } = gapAt(point);
      columns[index]?.tile.element.classList.add(into || index >= places().length ? "lp-drop" : "lp-drop-before");
    },
    drop(where, point) {
      unmark();
      const { index, into } = gapAt(point);
      if (where.kind === "place") actions.insert(where, into && index > where.index ? index + 1 : index);
      else if (into) actions.replace(where, index);
      else actions.insert(where, index);
    },
  });

  function show() {
    const wanted = Math.max(LEAST, places().length + 1);
    if (columns.length !== wanted) {
      const made = Array.from({ length: wanted }, (_, index) => createColumn(index));
      columns = made;
      list.replaceChildren(...made.map((column) => column.element));
    }
    const chosen = session.chosenPlace();
    const audible = session.audible();
    columns.forEach(({ tile, drums }, index) => {
      const place = places()[index];
      const by = place && place.transpose ? `${place.transpose > 0 ? "+" : "−"}${Math.abs(place.transpose)}` : "";
      const text = place ? `${by}${by ? "  " : ""}×${place.repeats}` : "";
      const words = place ? `${place.label}, ${place.repeats === 1 ? "once" : `${place.repeats} times`}${by ? `, ${by} semitones` : ""}` : "";
      tile.show({
        clip: place ? session.clipOf(place.clip) : null,
        color: drawing.color(place?.at ?? null),
        name: place ? `Place ${index + 1}: ${words}` : `Place ${index + 1}, free: put the chosen loop here`,
        title: place ? words : "Free: a click puts the chosen loop here",
        text,
        empty: index === places().length ? "drop here" : "",
        isChosen: Boolean(place) && (state.get("plays") === "song" ? index === chosen : audible.kind === "place" && audible.index === index),
      });
      tile.main.disabled = index > places().length;
      drums?.show(place ?? null, places()[index - 1]?.drums ?? null);
    });
    const turns = session.songTurns();
    const bars = (turns.length * session.steps()) / STEPS_PER_BAR;
    const seconds = Math.round(turns.length * session.steps() * stepSeconds(state.get("qpm")));
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const count = places().length;
    setText(howMany, count ? `${count} place${count === 1 ? "" : "s"} · ` : "");
    setText(howLong, count ? `${bars} bars · ${time}` : "drag loops here, or click a free place");
    settings.hidden = !count;
    setText(chosenName, `Place ${chosen + 1}`);
    if (count) {
      repeats.value = places()[chosen].repeats;
      transpose.value = places()[chosen].transpose;
    }
    compose.hidden = !(state.get("composes") && canAsk(state, "compose"));
    compose.disabled = !canCompose();
    compose.setAttribute("aria-busy", String(isComposing));
    compose.title = count ? `The model composes how the song goes on, ${COMPOSED.further} places (G)` : `The model composes a song of ${COMPOSED.song} places (G)`;
    play.disabled = !count;
    const on = isPlaying();
    play.classList.toggle("lp-is-playing", on);
    play.title = count ? "" : "Put a loop into the song first";
    setText(playText, on ? "Stop song" : chosen > 0 ? "From here" : "Play song");
    repeat.setAttribute("aria-pressed", String(state.get("song_mode") === "loop"));
  }

  return {
    element,
    show,
    play: playSong,
    compose: composeSong,
    tick() {
      const sounding = session.sounding();
      const position = transport.position();
      const audible = session.audible();
      columns.forEach(({ tile }, index) => {
        const isAudible = !sounding && position && audible.kind === "place" && audible.index === index;
        tile.showProgress(sounding?.place === index ? sounding.phase : isAudible ? position.phase / session.steps() : null);
      });
    },
    stopProgress: () => columns.forEach(({ tile }) => tile.showProgress(null)),
    redraw: () => columns.forEach(({ tile, drums }) => (tile.redraw(), drums?.redraw())),
  };
}
