// Shell of an instrument's view: bar, menus, messages, keys, theme, and the redrawing of what the instrument shows.
/** @import { Clipboard, Disposables, InstrumentSession, KeysTarget, KnobControl, MenuEntry, MidiEvent, SetupPage, SetupRow, SpotAt } from "../types.js" */

import { openNotebookEngine } from "../engine/page/notebook.js";
import { provideJoinedPlayer } from "../state/joinedplayer.js";
import { createJoinedRolls } from "../state/joinedrolls.js";
import { PAGE, TOGETHER } from "../state/together.js";
import { createBar } from "./bar.js";
import { createChordField } from "./chordfield.js";
import { createClipboard } from "./clipboard.js";
import { LETTERS, cornerColor, letterColor } from "./color.js";
import { createController } from "./controller.js";
import { createDisposables, el, setText } from "./dom.js";
import { createFrameLoop } from "./frames.js";
import { icon } from "./icons.js";
import { holdBareKeys } from "./keys.js";
import { captureEntries } from "./menus/captureentries.js";
import { createHelpPage } from "./menus/helppage.js";
import { createKeepMenu } from "./menus/keepmenu.js";
import { createMidiInPage } from "./menus/midiinpage.js";
import { createMidiPage } from "./menus/midipage.js";
import { createSoundsPage } from "./menus/soundspage.js";
import { createSetupMenu } from "./menus/setupmenu.js";
import { actionRow, dividerRow, switchRow } from "./menus/setuprows.js";
import { createStateEntries, isStateFile } from "./menus/stateentries.js";
import { takeAwayEntries } from "./menus/takeaway.js";
import { createOffer } from "./offer.js";
import { createTapper, tempoSetter } from "./tempo.js";
import { createHistorySheet } from "./historysheet.js";
import { createTextSheet } from "./textsheet.js";
import { watchTheme } from "./theme.js";

provideJoinedPlayer(createJoinedRolls); // so that the rolls of a page can play with its instruments

/**
 * What the shell gives the parts of an instrument.
 * @typedef {object} Surroundings
 * @property {Disposables} disposables
 * @property {() => boolean} isDark
 * @property {() => void} mark                        draws the view anew with the next animation frame
 * @property {Clipboard} clipboard                   copies, pastes and drags clips
 * @property {(text: string) => void} onNotice        says what a control did other than asked
 * @property {() => void} openHistory               opens the sheet of the last states
 * @property {(file: File) => Promise<void>} openState   opens a state file
 */

/**
 * What an instrument hands the shell.
 * @typedef {object} Parts
 * @property {HTMLElement[]} middle                   the fourth place of the bar: what this instrument does
 * @property {(SetupRow | SetupPage)[]} setup       what is set once
 * @property {MenuEntry[]} keep                       what can be taken away
 * @property {boolean} [playsNothing]                  true where others make the sound: there is no MIDI out
 * @property {{ get(): string[], set(chords: string[]): void }} [chords]   of a model that takes some, where it is not the trait alone
 * @property {KnobControl[]} [knobs]                  what a MIDI controller moves beside sliders, fields and buttons
 * @property {KeysTarget} [keys]                      the clip that its keys play into
 * @property {(event: Extract<MidiEvent, { kind: "note" }>) => boolean} [onNote]   true if a key is used otherwise
 * @property {SpotAt} [spotAt]                        the places of its clips, to copy, to paste and to drag
 * @property {string} [keysHelp]                      what its keys do, in a sentence
 * @property {string[][]} help                        [term, text] of its own
 * @property {HTMLElement[]} body                     below the bar
 * @property {() => void} show                        after every change
 * @property {() => void} [tick]                      each animation frame while it plays
 * @property {() => void} [repaint]                   after a change of the theme
 * @property {(text: string) => void} showNotice
 * @property {() => void} [clearNotice]
 * @property {(event: KeyboardEvent) => boolean} [onKey]   true if the key is used
 * @property {(event: KeyboardEvent) => boolean} [onSpace]   true if Space is used for something else than to play and stop
 */

/**
 * Show an instrument.
 * @param {object} options
 * @param {HTMLElement} options.host
 * @param {string} options.name                 of the instrument
 * @param {InstrumentSession} options.session
 * @param {() => void} options.close            called when the view closes
 * @param {string[]} options.shown              the traits that it shows
 * @param {(surroundings: Surroundings) => Parts} options.build
 * @returns {() => void}   closes the view
 */
export function createShell({ host, name, session, close, shown, build }) {
  const disposables = createDisposables();
  disposables.add(close);
  const { state, history, transport, commands, onError } = session;
  let dark = false;
  const setTempo = tempoSetter(session);
  const tap = createTapper(setTempo);
  const onNotice = (/** @type {string} */ text) => parts.showNotice(text);
  const sheet = createTextSheet();
  const states = createStateEntries({ name, session, onNotice, showText: sheet.show });
  const clipboard = createClipboard({ session, spotAt: (...place) => parts.spotAt?.(...place) ?? null, disposables, onNotice });
  const parts = build({ disposables, isDark: () => dark, mark, clipboard, onNotice, openHistory, openState: states.open });

  const { versions } = session;
  const past = versions ? createHistorySheet({ session: { state, commands, versions }, disposables, isDark: () => dark, onNotice }) : null;
  const root = el("div", { class: `lp-root lp-${name.toLowerCase().replaceAll(" ", "-")}`, tabindex: -1, role: "region", aria: { label: name } });
  const midi = createMidiPage({ name, session, onError });
  const controller = createController({ name, session, parts, root, disposables, onChange: onController });
  const midiIn = createMidiInPage({ controller, keys: parts.keysHelp ?? "Keys are heard.", onLearn: () => setup.close(false) });
  controller.chip.addEventListener("click", () => setup.openPage(controller.midiIn.port || !midi.port() ? "midi-in" : "midi"));
  const together = switchRow({
    state,
    trait: "session_id",
    values: ["", PAGE],
    ...TOGETHER,
  });
  const sounds = parts.playsNothing
    ? null
    : createSoundsPage({ state, commands, isLoading: () => session.soundsLoading ?? false });
  const redo = actionRow({ label: "Redo", run: commands.redo, canRun: () => history.canRedo, narrowOnly: true });
  const tapTempo = actionRow({ label: "Tap the tempo", run: (event) => tap(event.timeStamp), narrowOnly: true });
  const openPast = actionRow({ label: "History", run: openHistory, narrowOnly: true });
  const ofSound = sounds ? [dividerRow(), sounds, together, midi, midiIn] : [];
  const rows = [redo, ...(past ? [openPast] : []), tapTempo, ...parts.setup, ...ofSound];
  const setup = createSetupMenu({ disposables, rows: [...rows, createHelpPage(parts.spotAt ? [...parts.help, CLIPS] : parts.help)] });
  const { request, capture } = session;
  const chordField = request && (state.get("chords") ?? []).length
    ? createChordField({
        state,
        request,
        ...(parts.chords ?? { get: () => state.get("chords"), set: (chords) => commands.setChords?.(chords) }),
        onNotice,
        onError,
      })
    : null;
  const played = capture ? captureEntries({ capture, streams: () => state.streams, kit: session.kit }) : [];
  const takeAway = request ? takeAwayEntries({ name, state, request, onNotice, showText: sheet.show }) : [];
  const keep = createKeepMenu({ entries: [...played, ...parts.keep, ...takeAway, ...states.entries], disposables, onError });
  const bar = createBar({
    state,
    playback: transport,
    commands,
    history,
    disposables,
    setTempo,
    tap,
    onNotice,
    middle: [...parts.middle, ...(chordField ? [chordField.element] : [])],
    menus: [...(past ? [past.element] : []), controller.chip, setup.element, keep.element],
  });
  const enable = el("button", { class: "lp-enable", type: "button", text: "Click to enable sound", hidden: true });
  const errorText = el("span");
  const dismiss = el("button", { class: "lp-mini", type: "button", aria: { label: "Dismiss" } }, icon("clear"));
  dismiss.addEventListener("click", () => onError(null));
  const error = el("div", { class: "lp-error", role: "alert", hidden: true }, errorText, dismiss);
  const offer = createOffer({ state, edits: session.edits, commands });
  root.append(
    el("div", { class: "lp" }, el("div", { class: "lp-top" }, bar.element, error, offer.element, controller.line, sheet.element, states.element), ...parts.body, enable),
  );

  function onController() {
    midiIn.show();
    mark();
  }
  function openHistory() {
    setup.close(false);
    past?.toggle();
  }

  /** Somebody is going to use it: the page gets ready to decode. */
  function useEngine() {
    session.useEngine?.(openNotebookEngine);
  }

  let inView = true;
  const watcher = new IntersectionObserver((entries) => {
    inView = entries[entries.length - 1].isIntersecting;
    mark();
  });
  watcher.observe(root);
  disposables.add(() => watcher.disconnect());

  // --- drawing: a change marks the view, one animation frame later it is drawn --------------------------------------
  let marked = false;
  const frames = createFrameLoop(disposables);
  function mark() {
    if (marked) return;
    marked = true;
    frames.request(() => {
      marked = false;
      show();
    });
  }
  function show() {
    bar.show();
    chordField?.show();
    past?.show();
    setup.show();
    sounds?.show();
    const port = controller.show(midi.port());
    setup.mark([midi.port() && `MIDI out: ${midi.port()}`, port && `MIDI in: ${port}`].filter(Boolean).join(". "));
    parts.show();
    error.hidden = !session.error;
    setText(errorText, session.error);
    offer.show();
    enable.hidden = !session.needsClick;
    frames.run(transport.sounding && inView ? (parts.tick ?? null) : null);
  }

  // --- events -------------------------------------------------------------------------------------------------------
  for (const type of /** @type {const} */ (["pointerdown", "keydown"])) {
    root.addEventListener(type, session.allowSound, true);
    root.addEventListener(type, useEngine, true);
    if (!parts.playsNothing) root.addEventListener(type, midi.restore, true);
    root.addEventListener(type, () => parts.clearNotice?.(), true);
  }
  root.addEventListener("pointerenter", useEngine);
  root.addEventListener(
    "drop",
    (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file || !isStateFile(file) || !states.entries.length) return;
      event.preventDefault();
      event.stopPropagation(); // other files belong to what they are dropped on
      for (const over of root.querySelectorAll(".lp-drop, [data-drop]")) {
        over.classList.remove("lp-drop");
        over.removeAttribute("data-drop");
      }
      void states.open(file);
    },
    true,
  );
  if (parts.spotAt) clipboard.attach(root);
  root.addEventListener("keydown", (event) => {
    if (parts.spotAt && clipboard.onKey(event)) return;
    const target = /** @type {Element} */ (event.target);
    const key = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    if (command && (key === "z" || key === "y")) {
      if (isText(target)) return event.stopPropagation(); // the field undoes its own typing
      if (key === "y" || event.shiftKey) commands.redo();
      else commands.undo();
    } else if (event.key === " " && !usesSpace(target)) {
      if (!parts.onSpace?.(event)) transport.toggle();
    }
    else if (key === "h" && past && !command && !event.altKey && !target.matches("select") && !isText(target)) past.toggle();
    else if (event.key === "?" && !isText(target)) setup.openPage("help");
    else if (!parts.onKey?.(event)) return holdBareKeys(event);
    event.preventDefault();
    event.stopPropagation();
  });
  root.addEventListener("keyup", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.key === " " && !usesSpace(target)) event.preventDefault(); // or some browsers click the button, too
  });
  for (const trait of [...SHOWN, ...shown]) disposables.add(state.on(trait, mark));
  disposables.add(session.on("change", mark));
  disposables.add(session.on("midi", mark));
  disposables.add(session.on("midi", midi.show));
  watchTheme(disposables, (now) => {
    dark = now;
    root.classList.toggle("lp-dark", now);
    LETTERS.forEach((_, k) => {
      root.style.setProperty(`--lp-corner-${k}`, cornerColor(k, now));
      root.style.setProperty(`--lp-letter-${k}`, letterColor(k));
    });
    parts.repaint?.();
    mark();
  });

  host.append(root);
  show();
  return () => {
    disposables.dispose();
    root.remove();
  };
}

const CLIPS = ["Ctrl+C", "copies a clip, Ctrl+V pastes it, here or in another instrument; so does dragging it by its button or its tile."];

const SHOWN = ["qpm", "chords", "volume", "mutes", "locks", "volumes", "sounds", "streams", "launch_quantization", "playing", "session_id", "tempo_note"];

/** @param {Element} target */
const isText = (target) => target.matches("input[type='number'], input[type='text'], textarea");

/**
 * True if the element itself uses Space: a field, a menu, or a button that was reached with the keyboard.
 * @param {Element} target
 */
const usesSpace = (target) =>
  target.matches("select, input:not([type='range']), textarea, summary") || target.matches("button:focus-visible");
