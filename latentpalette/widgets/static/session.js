// Session: a bar that plays several instruments together, and these side by side below it.
/** @import { Model, Parts, Surroundings } from "./types.js" */

import { mixMidi, mixWav, takeMidi, takeWav } from "./files/mix.js";
import { openGroup } from "./state/group.js";
import { TRAITS } from "./state/groupstate.js";
import { keepInNotebook } from "./state/notebook.js";
import { shareModel } from "./state/sharing.js";
import { el, setText } from "./view/dom.js";
import { createHistoryLine } from "./view/historyline.js";
import { launchRow } from "./view/menus/setuprows.js";
import { saveFile } from "./view/savefile.js";
import { createColumns } from "./view/session/columns.js";
import { createCounter } from "./view/session/counter.js";
import { createMember } from "./view/session/member.js";
import { createTakeCard } from "./view/session/takecard.js";
import { createShell } from "./view/shell.js";

const MIX = "What all play now: one lap of the longest, paths and rides as they go, shorter music repeated";

/**
 * @param {{ model: Model }} widget
 * @returns {() => void}   called when the widget is gone
 */
function initialize({ model }) {
  keepInNotebook(model);
  return shareModel(model);
}

/**
 * Show a session.
 * @param {{ model: Model, el: HTMLElement }} widget
 * @returns {() => void}   closes the view
 */
function render({ model, el: host }) {
  const { session, close } = openGroup(model);
  const build = (/** @type {Surroundings} */ around) => buildSession(session, model, around);
  return createShell({ host, name: "Session", session, close, shown: TRAITS, build });
}

/**
 * @param {ReturnType<typeof openGroup>["session"]} session
 * @param {Model} model
 * @param {Surroundings} around
 * @returns {Parts}
 */
function buildSession(session, model, { mark, isDark, disposables, onNotice, openHistory }) {
  const { instruments, members: given, take } = session;
  const members = given.map((_, index) => createMember({ index, state: session.state, commands: session.commands, mark }));
  const columns = createColumns({ model, members, names: given.map(({ name }) => name), disposables });
  const counter = createCounter();
  const spoken = el("span", { class: "lp-spoken", role: "status", aria: { live: "polite" } });
  const facts = el("span", { class: "lp-dim" });
  const news = el("span", { class: "lp-news" });
  const parts = () =>
    instruments().flatMap(({ state, transport, kit }) => {
      const loop = state.get("silenced") ? null : transport.lap();
      return loop ? [{ loop, streams: state.streams, kit: kit(), volume: state.get("volume") }] : [];
    });
  const { instrument } = session.state;
  const takeFile = (/** @type {"MIDI" | "WAV"} */ format) => {
    const music = take.music();
    if (!music) throw new Error("Play something first.");
    const parts = music.lanes.flatMap((clip, lane) => {
      const found = instrument(lane);
      return found ? [{ clip, streams: found.state.streams, kit: found.kit() }] : [];
    });
    return (format === "MIDI" ? takeMidi : takeWav)(parts, music);
  };
  const takeCard = createTakeCard({
    take,
    names: given.map(({ name }) => name),
    instrument,
    isPlaying: () => session.transport.sounding,
    isDark,
    fileOf: takeFile,
    onError: session.onError,
    onChosen: session.sendTake,
    disposables,
  });
  const past = createHistoryLine({ session, disposables, isDark, onNotice, onMore: openHistory });
  const takeAction = (/** @type {"MIDI" | "WAV"} */ format) => ({
    label: format,
    name: `What was just played as ${format}`,
    title: "The bars in the frame, as they sounded, with every move and change of tempo",
    unavailable: () => (take.bars ? "" : "Play something first"),
    run: () => saveFile(takeFile(format)),
  });
  const unavailable = () =>
    instruments().some(({ state, transport }) => !state.get("silenced") && transport.loop()) ? "" : "No instrument of this session is shown";
  return {
    middle: [counter.element],
    setup: [launchRow({ state: session.state, title: "When another clip takes over, in all of them", step: "next step" })],
    playsNothing: true,
    keep: [
      { label: "What was just played", actions: [takeAction("MIDI"), takeAction("WAV")] },
      { label: "MIDI", actions: [{ label: "mix", name: "Mix as MIDI", title: MIX, unavailable, run: () => saveFile(mixMidi(parts())) }] },
      { label: "WAV", actions: [{ label: "mix", name: "Mix as WAV", title: MIX, unavailable, run: () => saveFile(mixWav(parts())) }] },
    ],
    help: [
      ["Play", "plays all instruments in phase; the Play of an instrument joins the others."],
      ["Mute, solo", "leave an instrument out, or hear it alone; volumes mix them."],
      ["Always listening", "has the last bars of all of them: drag over those to keep, double-click for all."],
      ["History", "the line of thumbnails: a click goes back to a state of all instruments, S keeps it for good."],
      ["Lock", "holds what an instrument plays, wherever you go in it."],
    ],
    body: [columns.element, takeCard.element, past.element, el("div", { class: "lp-status" }, facts, news, spoken)],
    show() {
      members.forEach((member) => member.show());
      const count = instruments().filter(({ transport }) => transport.sounding).length;
      counter.show(session.step());
      takeCard.show();
      past.show();
      setText(facts, count ? `${count} of ${members.length} play, in phase` : `${members.length} instruments`);
      setText(spoken, count ? `${count} of ${members.length} play.` : "");
    },
    tick() {
      counter.show(session.step());
      takeCard.tick();
    },
    repaint: takeCard.repaint,
    showNotice(text) {
      setText(news, text);
      setText(spoken, text);
    },
    clearNotice: () => setText(news, ""),
  };
}

export default { initialize, render };
