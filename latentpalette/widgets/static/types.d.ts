// Types of what passes between the scripts. Read by the type checker and by people; no browser loads this file.

import type { Model as EngineModel } from "./engine/sampling.js";
import type { Task } from "./engine/tasks.js";

declare global {
  /** The scripts of the widgets on a page without Jupyter. */
  const modules: { render(widget: { model: Model; el: HTMLElement }): () => void }[];
}

// --- music --------------------------------------------------------------------------------------------------------

/** One note of a clip. */
export interface Note {
  /** Sixteenths since the beginning of the clip, a whole number. */
  step: number;
  /** How much later it sounds [fractions of a step, -0.5 to 0.5]. */
  offset: number;
  /** [steps]; a drum rings for as long as it does. */
  length: number;
  /** MIDI; that of a drum is the one in the kit. */
  pitch: number;
  /** 1 to 127. */
  velocity: number;
  /** Index into the streams. */
  stream: number;
}

/** What a place in latent space sounds like. */
export interface Clip {
  /** Length [sixteenths]. */
  steps: number;
  /** In order of step, stream and pitch. */
  notes: Note[];
}

/** One of the parallel outputs of a model: drums, a melody, a bass. */
export interface Stream {
  name: string;
  is_drum: boolean;
  /** General MIDI, from 0; for drums that of the kit. */
  program: number;
  /** Its name. */
  instrument: string;
  /** The lowest and the highest pitch that can occur. */
  low: number;
  high: number;
}

/** A clip that was copied, as it goes from one instrument to another. */
export interface CopiedClip {
  clip: ClipJson;
  label: string;
  qpm: number;
  /** What its streams are. */
  streams: Stream[];
}

/** A place of an instrument that has a clip, or takes one. */
export interface Spot {
  /** In words: "corner A". */
  name: string;
  /** Its clip, before locks and mutes; null while there is none. */
  copy?(): { clip: Clip; label: string; streams?: Stream[] } | null;
  /** Where a clip is pasted, if that is another place. */
  into?: string;
  /** Puts a clip there; false if it could not. */
  paste?(copied: CopiedClip): boolean | void | Promise<boolean | void>;
  /** Shows, or no longer, that a clip would go there. */
  mark?(on: boolean): void;
}

/** The place that an element belongs to, or at a point of it. */
export type SpotAt = (element: Element | null, point?: { clientX: number; clientY: number }) => Spot | null;

/** A clip that plays from one step up to another. */
export interface ClipSpan {
  clip: Clip;
  from: number;
  to: number;
  /** The step at which its first lap begins, or would; 0 where it is left out. */
  origin?: number;
}

/** A clip that sounded: from which step to which, counted on from take to take. */
export interface RecordedSpan extends Required<ClipSpan> {
  clip: Loop;
  qpm: number;
  /** How loud its lane was beside the others, 0 to 1. */
  level: number;
}

/** A clip as Python and files have it; a note is [step, pitch, length, velocity, offset, stream]. */
export interface ClipJson {
  steps: number;
  notes: number[][];
}

/** Many clips in one piece of bytes. A table does not change: `with` makes another. */
export interface ClipTable {
  length: number;
  /** The indices of those that are not decoded yet. */
  missing: number[];
  /** Null while it is not decoded. */
  at(index: number): Clip | null;
  /** With the clips of other bytes in place of some. */
  with(indices: number[], bytes: Uint8Array<ArrayBuffer>): ClipTable;
  /** With some not decoded. */
  without(indices: number[]): ClipTable;
  /** A table of one of them. */
  only(index: number): ClipTable;
  /** With so many clips: the first ones, and those that are missing not decoded. */
  resized(length: number): ClipTable;
  entries: { steps: number; notes: Uint8Array<ArrayBuffer> }[];
  toBytes(): Uint8Array<ArrayBuffer>;
}

/** What can be muted or locked and is shown as a row: a drum of a drum model, or a stream. */
export interface Lane {
  name: string;
  stream: number;
  /** Those of its notes; null: all notes of the stream. */
  pitches: number[] | null;
}

/** A note at whole sample frames. */
export interface FrameNote {
  /** Where it begins. */
  frame: number;
  /** Where it is released; a drum rings on. */
  end: number;
  pitch: number;
  velocity: number;
  stream: number;
  /** That of its loop; 1 where it is left out. */
  gain?: number;
}

/** A note at times on the audio context's clock [seconds]. */
export interface TimedNote extends Omit<FrameNote, "frame" | "end"> {
  time: number;
  end: number;
}

/** A tempo from a step on. */
export interface Tempo {
  step: number;
  /** Quarter notes per minute. */
  qpm: number;
}

/** A clip that repeats. */
export interface Loop extends Clip {
  /** Quarter notes per minute. */
  qpm: number;
  /** Brings it to the loudness of all music; 1 where it is left out. */
  gain?: number;
  /** The caller's name for it; `Player.position()` returns it. */
  key?: string | number | null;
  /** Where it lies between the corners, if it does. */
  weights?: number[];
  /** A short name for it, where no corner names it. */
  name?: string;
}

/** A note of a song whose clips have gains of their own. */
export type SongNote = Note & { gain?: number };

/** The gain that brings a loop to the loudness of all music. */
export type GainOf = (loop: Pick<Loop, "notes" | "steps" | "qpm">) => number;

/** A note that is played at once. */
export interface TapNote {
  stream: number;
  pitch: number;
  /** 1 to 127. */
  velocity: number;
  /** How long it is held. */
  seconds?: number;
  /** That of the loop it belongs to. */
  gain?: number;
}

/** A token for each step: bit k is set where drum k is hit. */
export type Tokens = Uint16Array | number[];

/** What replaces a lane's own notes: 0 or 1 per step for a drum, notes [step, pitch, length, velocity, offset] for a
 * stream. Null where the lane is free. */
export type Lock = ArrayLike<number> | number[][] | null;

/** When a change takes over: at the next step, beat or bar, or at the end of the loop. */
export type Quantization = "step" | "beat" | "bar" | "loop";

export type PathMode = "once" | "loop" | "ping-pong";

// --- the board ----------------------------------------------------------------------------------------------------

/** x to the right and y down, both 0 to 1 between the centers of the corner cells. */
export type Point = [x: number, y: number];

export interface Cell {
  row: number;
  col: number;
}

/** A cell that a stroke crosses, and the part of the stroke in it [length along the stroke]. */
export interface Crossing extends Cell {
  from: number;
  to: number;
}

// --- sound --------------------------------------------------------------------------------------------------------

/** Where a sound lies in the samples of its stream, as Python sends it. */
export interface KitEntry {
  name: string;
  /** The stream that plays it; 0 where it is left out. */
  stream?: number;
  /** MIDI. */
  pitch: number;
  /** First sample. */
  start: number;
  /** Number of samples. */
  length: number;
  /** -1 (left) to 1 (right). */
  pan?: number;
  gain?: number;
  /** Of a held sound: how long it rings on after its note has ended, until it is 60 dB softer [seconds]. */
  release?: number;
  /** From this sample on, counted from `start`, it repeats for as long as its note is held. */
  loop_start?: number;
  /** How much softer each repetition is than the one before, 0 to 1. */
  decay?: number;
}

/** The sound of a drum, or of a pitch. */
export interface KitSound {
  /** Mono, -1 to 1. */
  samples: Float32Array;
  pitch: number;
  /** Gains of the two channels at velocity 127. */
  left: number;
  right: number;
  /** True if it is one of the hi-hats, which choke each other. */
  hat: boolean;
  /** True if it sounds for as long as its note is held. */
  held: boolean;
  /** How long it rings on after its note has ended; a drum's note ends as it begins [frames]. */
  tail: number;
  /** From here on it repeats while it is held; -1 if it does not [frames]. */
  loopFrom: number;
  /** How much softer each repetition is than the one before, 0 to 1. */
  decay: number;
}

/** The sounds of a stream. */
export interface KitStream {
  /** True if its notes ring on, however long they are. */
  is_drum: boolean;
  sounds: KitSound[];
  /** What plays a pitch, made when it is first needed. */
  byPitch: Map<number, KitSound | undefined>;
}

export interface Kit {
  /** Frames per second. */
  rate: number;
  streams: KitStream[];
}

/** Stereo samples. */
export interface Mix {
  /** Frames per second. */
  rate: number;
  left: Float32Array<ArrayBuffer>;
  right: Float32Array<ArrayBuffer>;
}

/** A step counter that runs on for ever: step 0 lies at frame `origin`, and each `steps` of them last `frames`. */
export interface TimeGrid {
  steps: number;
  frames: number;
  origin: number;
}

/** Where something is that plays together with others: its latest grid, and the frame from which on it has it. */
export interface CompanionPhase {
  grid: TimeGrid;
  frame: number;
}

/** The cell of a path that a segment plays. */
export interface Turn {
  pathPlayer: object;
  /** Position in the order of playing, from 0. */
  turn: number;
  /** The step at which its bars begin to count. */
  turnStart: number;
  /** Index of the cell on the path; null where the path is over. */
  cell: number | null;
  /** Differs from turn to turn, also where `turn` is set back. */
  turnId: number;
}

/** A loop that takes over at a step and plays until the next segment does. */
export interface Segment extends Partial<Turn> {
  step: number;
  /** Where `step` lies on `grid`. */
  frame: number;
  grid: TimeGrid;
  loop: Loop;
  /** The notes that sound where it takes over but have not begun there; see `enteringNotes`. */
  entering: FrameNote[];
}

/** `placed` is the frame at which it was put on the audio clock. */
export type ScheduledSegment = Segment & { voice: Voice; kit: Kit; placed: number };
export type PathSegment = ScheduledSegment & Turn;

/** A path as the player needs it. */
export interface Route {
  /** Number of cells. */
  count: number;
  /** The one to begin with; 0 where it is left out. */
  first?: number;
  barsPerCell: number;
  mode: PathMode;
  /** The loop of a cell; asked for a whole cell before it sounds. */
  loopOf(cell: number): Loop;
  /** Called when a cell becomes audible. */
  onCell(cell: number): void;
  /** Called after the last cell, if the mode is "once". */
  onEnd(): void;
}

export type PlayerState = "stopped" | "playing" | "waiting";

/** What is audible now. */
export interface Position {
  /** Since the start, fractions included. */
  step: number;
  /** Step within the loop. */
  phase: number;
  key: string | number | null;
  /** Step within the path; 0 where none is followed. */
  pathStep: number;
  cell: number | null;
  /** How much of the cell has passed, 0 to 1. */
  cellPhase: number;
}

/** Sends a single note to a MIDI instrument. */
export type SendNote = (note: TapNote) => void;

export interface Timer {
  start(): void;
  stop(): void;
  dispose(): void;
}

export type MakeTimer = (tick: () => void, options: { milliseconds: number; scope?: Scope }) => Timer;

/** The globals that the audio scripts use; tests hand in their own. */
export interface Scope extends Pick<typeof globalThis, "setInterval" | "clearInterval"> {
  performance: Pick<Performance, "now">;
  AudioContext?: typeof AudioContext;
  webkitAudioContext?: typeof AudioContext;
  OfflineAudioContext?: typeof OfflineAudioContext;
  Worker?: typeof Worker;
  Blob?: typeof Blob;
  URL?: typeof URL;
  [shared: symbol]: any;
}

/** An audio context, or a function that makes one at the first click. */
export type GivenContext = AudioContext | ((rate: number, scope: Scope) => AudioContext);

export type Voice = ReturnType<typeof import("./audio/voice.js").createVoice>;
/** A player of the page, of which one plays, or those of one group. */
export interface PagePlayer {
  stop(): void;
  /** Those of a group play together, in phase; "" for one that plays alone. */
  group?: string;
  /** Sets its part of the loudness, 0 to 1. */
  setShare?(share: number): void;
  /** Where it is on the audio clock; null while it does not play. */
  phase?(): (CompanionPhase & { context: AudioContext }) | null;
}

/** A file of sound, as Python sends it. */
export interface SoundFile {
  bytes: Uint8Array<ArrayBuffer>;
  /** Media type. */
  type: string;
  /** Number of samples that were encoded, at 44.1 kHz, and the one at which the first step lies. */
  frames: number;
  lead: number;
}

/** What a playlist plays: samples, or the address of a long file. */
export interface ListSound {
  buffer?: AudioBuffer;
  url?: string;
  /** Where its first step lies [seconds]. */
  lead: number;
  /** All of it, with what rings on. */
  seconds: number;
}

/** A sound of a playlist on the audio clock. All but `from` are frames. */
export interface ListVoice {
  index: number;
  /** Where in its music it begins [seconds]. */
  from: number;
  /** With notes that come before its first step. */
  begins: number;
  start: number;
  end: number;
  /** True when it has rung out. */
  silent: boolean;
  stop(when?: number): void;
}

export type Schedule = ReturnType<typeof import("./audio/schedule.js").createSchedule>;
export type Player = ReturnType<typeof import("./audio/player.js").createPlayer>;

// --- state --------------------------------------------------------------------------------------------------------

/** A model as anywidget gives it. */
export interface Model {
  get(name: string): any;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(type: string, handler: (...details: any[]) => void): void;
  off(type: string, handler: (...details: any[]) => void): void;
  send(message: object, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  /** Jupyter's manager of widgets. */
  widget_manager?: any;
}

/** An output of a notebook, as JupyterLab has it. */
export interface NotebookOutput {
  data: Record<string, any>;
  trusted: boolean;
}

/** Widgets as a notebook stores them. Equal scripts, styles and bytes are stored once. */
export interface SavedWidgets {
  /** Scripts and styles; null is the script that restores them all. */
  scripts: (string | null)[];
  /** `script` and `style` are positions in `scripts`; bytes in `state` are `{ blob: position }`. */
  widgets: { id: string; script: number; style: number; state: Record<string, any> }[];
  /** Base64. */
  blobs: string[];
}

/** The traits of a palette, by the names that Python gives them. */
export interface Traits {
  /** Of the corners A, B, C, D. */
  corner_clips: ClipJson[];
  labels: string[];
  /** For each corner what it could not take of its music, in words. */
  left_out: string[][];
  /** A sentence on the tempo where the corners differ in it, or "". */
  tempo_note: string;
  /** Cells along a side. */
  size: number;
  puck: Point;
  points: Point[];
  qpm: number;
  /** 0 to 1. */
  volume: number;
  /** True if it is left out of what its session plays. */
  silenced: boolean;
  /** Instruments of one session play together; "" is one that plays alone. */
  session_id: string;
  mutes: boolean[];
  locks: Lock[];
  /** Of the streams, 0 to 1. */
  volumes: number[];
  /** The General MIDI instruments that play the streams. */
  sounds: string[];
  launch_quantization: Quantization;
  bars_per_cell: number;
  path_mode: PathMode;
  tool: "drag" | "draw";
  playing: boolean;
  /** True if corner cells play the corners themselves, not the model's reconstructions. */
  use_original_corners: boolean;
  between_cells: boolean;
  /** How corners are blended: a time from 0 (musical) to 1 (smooth), or "lerp", along straight lines. */
  interpolation: number | "lerp";
  /** True if the model has a learned prior, and so blends at any time. */
  has_prior: boolean;
  /** What the music is decoded over, of a model that is conditioned on chords; none of another. */
  chords: string[];
  /** What samples are asked for. */
  conditions: Record<string, string | number>;
  /** Identifies the cell that made it; "" on a page of its own. */
  origin?: string;
  /** True if Python answers. */
  has_kernel: boolean;
  decode_ms: number;
  norm_percentiles: number[];
  /** Counts the grids of Python. */
  grid_id: number;
  /** True if the model says how hard and how late a drum is hit. */
  has_velocity: boolean;
  /** The seed of the first sample. */
  first_seed: number;
  streams: Stream[];
  lanes: Lane[];
  /** Velocity [lane][step in the bar] where the music has none. */
  accents: number[][];
  presets: { name: string; clip: ClipJson }[];
  model_name: string;
}

/** What a palette that is made anew can restore. */
export type EditedTraits = Pick<
  Traits,
  | "corner_clips" | "labels" | "left_out" | "size" | "points" | "qpm" | "mutes" | "locks" | "volumes" | "sounds"
  | "bars_per_cell" | "path_mode" | "launch_quantization" | "use_original_corners" | "between_cells" | "interpolation"
  | "chords"
>;

/** What a grid is decoded from. */
export type GridInputs = Pick<Traits, "corner_clips" | "size" | "interpolation" | "chords">;

/** The decoded grid, and what it was decoded from. */
export interface Grid {
  /** The clips of all cells, row by row. */
  cells: ClipTable;
  /** Posterior means of the corners [4][z], as Python sends them: 32-bit floats, little endian. */
  cornerZ: Uint8Array<ArrayBuffer>;
  /** Percentile of each cell's norm among random samples of the model. */
  norms: number[];
  /** Identifies the corners, the size, the interpolation and the chords that `cells` were decoded from. */
  decodedFrom: string;
  /** Python's number of it. */
  gridId: number;
}

/** What undo brings back. */
export interface Snapshot extends Grid, GridInputs, Pick<Traits, "labels" | "left_out" | "points"> {}

/** Values of traits that the grid does not depend on. */
export type Change = Partial<Omit<Traits, keyof GridInputs | "cells">>;

/** A loop of a MIDI file, as Python sends it. */
export interface MidiLoop {
  clip: ClipJson;
  label: string;
  qpm: number | null;
  /** What of the file is not in it, in words. */
  left_out: string[];
}

/** What a track of a file is read as: the melody, or drums where a model plays nothing else. */
export type Takes = "melody" | "drums";

/** A track of a file as an instrument offers it. */
export interface FileTrack {
  /** From 1, in the order of the file. */
  number: number;
  /** Empty if it has none. */
  name: string;
  instrument: string;
  notes: number;
  is_drum: boolean;
}

/** The tracks of a file, and which one is read. */
export interface TrackList {
  tracks: FileTrack[];
  /** How many are not listed. */
  more_tracks: number;
  takes: Takes;
  /** The number of the one that is read; null where there are several, or none. */
  track: number | null;
}

/** What a request "midi" is responded with. */
export interface FileLoops extends TrackList {
  windows: MidiLoop[];
  /** What of the file is in none of them, in words. */
  left_out: string[];
}

/** What of an instrument changes what its clips play. */
export type PlayedSettings = Pick<Traits, "qpm" | "mutes" | "locks" | "volumes" | "accents" | "streams" | "lanes">;

/** What a file is made of. */
export interface ExportedState extends PlayedSettings, Pick<Traits, "puck" | "points" | "bars_per_cell" | "path_mode" | "size"> {
  /** The clip of a cell, before locks and mutes; null while it is not decoded. */
  clipAt(row: number, col: number): Clip | null;
}

/** A file to save. */
export interface ExportedFile {
  name: string;
  /** Media type. */
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface Response {
  body: any;
  buffers: DataView<ArrayBuffer>[];
}

export type Request = (name: string, body: object, buffers?: ArrayBuffer[]) => Promise<Response>;

/** An engine of the page, which responds to some requests as Python does. */
export interface PageResponder {
  requests: string[];
  respond: (name: string, body: object, buffers?: ArrayBuffer[]) => Promise<Response>;
  /** This instrument does not need it any more. */
  release(): void;
}

/** Starts an engine for an instrument; null where there is none for it. */
export type OpenEngine = (instrument: { model: Model; request: Request }) => Promise<PageResponder | null>;

/** How a request goes: "slow" after a second, "lost" after fifteen. */
export type RequestState = "idle" | "asking" | "slow" | "lost";

export type Timeouts = Pick<typeof globalThis, "setTimeout" | "clearTimeout">;
export type OnError = (problem: any) => void;

/** A clip that should play. */
export interface ChosenClip {
  clip: Clip;
  /** The instrument's name for it. */
  key: string | number;
  /** When it takes over, where that is not the instrument's setting. */
  quantize?: Quantization;
  /** Where it lies between the corners, if it does. */
  weights?: number[];
  /** A short name for it, where no corner names it. */
  name?: string;
}

/** Clips that play one after the other. */
export interface ClipRoute {
  /** The same for the same route: what changes about it then takes over from the present turn on. */
  key: unknown;
  /** Number of turns. */
  count: number;
  /** The one to begin with; 0 where it is left out. */
  first?: number;
  barsPerTurn: number;
  mode: PathMode;
  chosenAt(turn: number): ChosenClip;
  /** Called when a turn becomes audible. */
  onTurn?(turn: number): void;
}

/** What the transport and the bar read of the state of an instrument. */
export interface InstrumentState {
  get(name: any): any;
  set(values: Record<string, unknown>): void;
  on(type: string, handler: (...details: any[]) => void): () => void;
  streams: Stream[];
  lanes: Lane[];
  /** Whether a trait can have a value, where traits are those of several instruments. */
  fits?(name: string, value: any): boolean;
  /** What differs between two states, in words, where they are those of several instruments. */
  describe?(before: Record<string, any> | null, after: Record<string, any>): string;
}

/** What the views of clips read of the state of an instrument. */
export type MusicState = Pick<InstrumentState, "get" | "set" | "streams" | "lanes"> & {
  /** Length of the clips [sixteenths]. */
  steps: number;
};

/** Places of an instrument with music of the user's, to edit and to replace: corners of a palette, ends of a row. */
export interface Places {
  /** What one of them is called. */
  word: "corner" | "end";
  clip(place: number): Clip;
  json(place: number): ClipJson;
  /** Put music into one, in a way that undo brings back. */
  put(place: number, clip: ClipJson, label: string, leftOut?: string[]): void;
  /** Put a sample of the model into one. */
  sample(place: number, temperature: number, seed: number): Promise<void>;
  /** Begin a change of its notes by hand: all up to the next beginning are one step of the history. */
  beginEdit(place: number): void;
  /** Change its notes, in any order. */
  editNotes(place: number, notes: Note[]): void;
  /** Let it play, as it is edited. */
  play(place: number): void;
  /** The one that plays, or null. */
  readonly playing: number | null;
}

/** What plays one note for an editor at rest. */
export type Auditioner = Pick<ReturnType<typeof import("./state/transport.js").createTransport>, "audition">;

/** What plays, before locks and mutes; null while it is not decoded. */
export interface MusicSource {
  clip(): Clip | null;
}

export type Transport = Pick<
  ReturnType<typeof import("./state/transport.js").createTransport>,
  "ensurePlayer" | "player" | "sounding" | "refresh" | "toggle" | "start" | "stop"
>;
/** An instrument that sessions of the page can find. */
export interface InstrumentHandle {
  /** That of its widget. */
  id: string;
  state: InstrumentState;
  transport: Transport & { loop(): Loop | null; lap(): Loop | null; prepare(): void; readonly followed: unknown };
  commands: InstrumentSession["commands"];
  history: { readonly undoNumber: number; readonly redoNumber: number };
  /** What is edited in it. */
  edits: {
    /** The names of the traits that a state file has. */
    names: string[];
    /** Of those that say which of its clips plays. */
    places: string[];
    /** It offers no edits of an earlier one any more. */
    withdraw(): void;
  };
  /** What plays, before locks and mutes, and its color between the corners. */
  picture(): { clip: Clip | null; weights?: number[] };
  /** What should play, before locks and mutes; null while it is not decoded. */
  clip(): Clip | null;
  kit(): Kit;
  /** Listens to what its core emits. */
  on: Core["on"];
  /** Lets a gesture anywhere on the page allow its sound. */
  allowSound(): void;
  /** Lets its page decode as well, from when it can. */
  useEngine?(open: OpenEngine): void;
  /** Of a palette: puts music into its first corners, as one step of its undo. */
  setCorners?(music: { clip: ClipJson | null; label: string }[]): void;
}

/** A state that can be gone back to. */
export interface Version {
  id: number;
  /** The same for the same state. */
  key: string;
  /** The values of its traits. */
  split: import("./state/parts.js").Split;
  /** The bytes of a clip; null where the music had not come yet. */
  picture: import("./state/parts.js").Part | null;
  /** When it was noted [milliseconds]. */
  time: number;
  isStarred: boolean;
  /** Of the corners' colors at its place; null where places have no color. */
  weights: number[] | null;
}

/** What the shell of a view reads of a session. */
export interface InstrumentSession {
  state: InstrumentState;
  history: { canUndo: boolean; canRedo: boolean; continues(series: string, time: number): boolean };
  transport: Transport;
  commands: LaneCommands & { undo(): void; redo(): void; restoreEdits(edits: any): void; setChords?(chords: string[]): void };
  /** True while Python renders other sounds than those that are played. */
  soundsLoading?: boolean;
  edits: { offered: any; withdraw(): void; restored?: boolean; dismiss?(): void; initial?: Record<string, any>; present?(): Record<string, any>; places?(): Record<string, any> };
  /** The last states; left out where others have them. */
  versions?: Versions;
  /** What was played last; left out where others play. */
  capture?: Core["capture"];
  /** The sounds of its streams; left out where others have them. */
  kit?(): Kit;
  /** Asks Python; left out where one instrument stands for several. */
  request?: Request;
  on(type: string, handler: (...details: any[]) => void): () => void;
  onError: OnError;
  error: string;
  needsClick: boolean;
  allowSound(): void;
  /** Let the page decode as well; left out where one instrument stands for several. */
  useEngine?(open: OpenEngine): void;
  midiOut: Core["midiOut"];
  openMidiOut(keptAs?: string): Core["midiOut"];
}
export type MatrixCard = ReturnType<typeof import("./view/loops/matrixcard.js").createMatrixCard>;
export type GridCard = ReturnType<typeof import("./view/loops/gridcard.js").createGridCard>;
export type EndCard = ReturnType<typeof import("./view/ends/endcard.js").createEndCard>;
export type Board = ReturnType<typeof import("./view/board.js").createBoard>;
export type CornerCard = ReturnType<typeof import("./view/cards/cornercard.js").createCornerCard>;
export type CornerTags = ReturnType<typeof import("./view/cornertags.js").createCornerTags>;
export type Clipboard = ReturnType<typeof import("./view/clipboard.js").createClipboard>;
export type Surroundings = import("./view/shell.js").Surroundings;
export type Parts = import("./view/shell.js").Parts;
export type Core = ReturnType<typeof import("./state/core.js").createCore>;
export type State = ReturnType<typeof import("./state/state.js").createState>;
export type History = ReturnType<typeof import("./state/history.js").createHistory<Snapshot | Change>>;
export type Versions = ReturnType<typeof import("./state/versions.js").createVersions>;
export type Edits = ReturnType<typeof import("./state/edits.js").createEdits>;
export type GridRequest = ReturnType<typeof import("./state/gridrequest.js").createGridRequest>;
export type Commands = ReturnType<typeof import("./state/commands.js").createCommands>;
/** What comes from a MIDI controller; `id` names the key or the knob. */
export type MidiEvent =
  | { kind: "note"; id: string; pitch: number; /** 0 where the key is let go. */ velocity: number; /** [milliseconds] */ time: number }
  | { kind: "knob"; id: string; /** 0 to 127 */ value: number; time: number };

/** Where a knob stands, 0 to 1, or how far an endless one was turned. */
export type KnobTurn = { position: number } | { steps: number };
export type Controller = ReturnType<typeof import("./view/controller.js").createController>;

/** The clip that the keys of a controller play into. */
export interface KeysTarget {
  /** False where no clip is edited. */
  isOpen(): boolean;
  clip(): Clip;
  /** Begins a step of undo. */
  begin(): void;
  /** Takes all notes of the clip, in any order. */
  edit(notes: Note[]): void;
}

/** What a knob moves that is no slider, field or button. */
export interface KnobControl {
  name: string;
  /** That has the focus. */
  element: HTMLElement;
  /** 0 to 1. */
  get(): number;
  set(value: number): void;
}

/** What changes mutes, locks, volumes, sounds and the tempo, in a way that undo brings back. */
export interface LaneCommands {
  /** `isFurther` is true if it goes on with a change that undo takes back as one. */
  change(values: Partial<Pick<Traits, "mutes" | "locks" | "volumes" | "sounds" | "qpm" | "silenced" | "volume">>, isFurther?: boolean): void;
}
export type Playback = ReturnType<typeof import("./state/playback.js").createPlayback>;
export type Tiles = ReturnType<typeof import("./state/tiles.js").createTiles>;
export type SamplerSession = ReturnType<typeof import("./state/samplersession.js").openSampler>["session"];
export type RollView = ReturnType<typeof import("./view/rollview.js").createRollView>;
export type RollSession = ReturnType<typeof import("./state/rollsession.js").openRolls>["session"];
export type RollPlayer = ReturnType<typeof import("./state/rollplayer.js").createRollPlayer>;
export type MakeJoinedRolls = typeof import("./state/joinedrolls.js").createJoinedRolls;
export type JoinedRolls = ReturnType<MakeJoinedRolls>;
export type Session = ReturnType<typeof import("./state/session.js").openSession>["session"];
export type SessionState = import("./state/instrumentsession.js").SessionState;
/** The row of clips that a mixer shows. */
export interface ShownRow {
  table: ClipTable;
  /** How many places are decoded, and how many there are: even steps are chosen among more than are shown. */
  progress?: [number, number] | null;
  /** What it was decoded from. */
  key: string;
  /** Python's bytes at that time. */
  given: unknown;
}

/** What the views of two ends read of a session. */
export type EndsSession = Pick<MixerSession, "state" | "commands" | "ends" | "request" | "onError">;
export type Rows = ReturnType<typeof import("./state/rows.js").createRows>;
export type GrooveSession = ReturnType<typeof import("./state/groovesession.js").openGroove>["session"];
export type LatentSession = ReturnType<typeof import("./state/latentsession.js").openLatentSliders>["session"];
export type LoopsSession = ReturnType<typeof import("./state/loopssession.js").openLoops>["session"];
export type MixerSession = ReturnType<typeof import("./state/mixersession.js").openMixer>["session"];
export type SliderSession = ReturnType<typeof import("./state/slidersession.js").openSlider>["session"];
export type SliderPage = ReturnType<typeof import("./view/slider/page.js").createPage>;

// --- view ---------------------------------------------------------------------------------------------------------

/** What `el` sets on an element. */
export interface ElementOptions {
  text?: string;
  aria?: Record<string, string | number | boolean>;
  data?: Record<string, string | number | boolean>;
  /** Listeners. */
  on?: Record<string, (event: any) => void>;
  style?: Record<string, string>;
  /** Attributes; true is "", false and null leave the attribute out. */
  [attribute: string]: unknown;
}

/** A box on a canvas [pixels]. */
export interface Box {
  left: number;
  top: number;
  across: number;
  down: number;
}

/** What each lane plays at each step. */
export interface LaneGrid {
  steps: number;
  /** [lane][step], 0 where nothing plays. */
  velocities: number[][];
  /** [lane][step], fractions of a step, late positive. */
  offsets: number[][];
}

/** Receives the strokes of a step grid: `onBegin` at the start of each, `onSet` for every step on its way. */
export interface StepEditor {
  /** True if steps have velocities of their own. */
  hasVelocity: boolean;
  onBegin(): void;
  /** `velocity` is 0 where the step is cleared. */
  onSet(lane: number, step: number, velocity: number): void;
  /** Called with a step that is not shown, when the keyboard goes there. */
  onLeave(step: number): void;
}

/** What has to be undone when a view closes. */
export type Disposables = ReturnType<typeof import("./view/dom.js").createDisposables>;

export interface Menu {
  element: HTMLElement;
  open(): void;
  close(refocus: boolean): void;
  /** Keep the panel inside the instrument; call it when its size has changed. */
  place(): void;
}

/** Something a menu can do. What throws, or is rejected, is shown as an error. */
export interface MenuAction {
  label: string;
  run(): void | Promise<void>;
  /** For assistive technology, where the label alone does not say it. */
  name?: string;
  title?: string;
  icon?: Parameters<typeof import("./view/icons.js").icon>[0];
  /** At the right, read whenever the menu opens. */
  detail?(): string;
  /** A key that does the same. */
  key?: string;
  /** Why it cannot be done now, or "". */
  unavailable?(): string;
}

/** A row of a menu: an action, several that have a label in common, or a line between rows. */
export type MenuEntry = MenuAction | { label: string; actions: MenuAction[] } | "line";

/** A row of Set up. */
export interface SetupRow {
  element: HTMLElement;
  show(): void;
}

/** A page of Set up: it has a row on the front page, which opens it. */
export interface SetupPage {
  name: string;
  label: string;
  element: HTMLElement;
  /** What is set there, in words. */
  value(): string;
  open(): void;
}

/** A piano roll and its sound, as Python describes it. */
export interface RollItem {
  label: string;
  caption: string;
  alt_text: string;
  /** Why it has no sound, or "". */
  sound_error: string;
  /** Which notes are silent, or "". */
  sound_note: string;
  height: number;
  steps: number;
  step_seconds: number;
  /** Where its sound lies in the bytes of all sounds; length 0 where it was not sent. */
  start: number;
  length: number;
  /** Number of its samples, at 44.1 kHz, and the one at which the first step lies. */
  frames: number;
  lead: number;
  /** Bokeh's JSON. */
  document: object;
  /** What is copied; null where it is too long, or of an earlier version. */
  music?: Pick<CopiedClip, "clip" | "streams"> | null;
}

// --- converters: between the tokens of a network and clips ---------------------------------------------------------

/** What Python packs of a model's representation; see widgets/engine_converter.py. */
export interface ConverterMeta {
  name: "drums" | "drum-pianoroll" | "melody" | "trio" | "groove";
  /** Length of the model's music [sixteenths]. */
  steps: number;
  streams: Stream[];
  /** The pitches of each class of drums, and velocities [class][step in the bar]; null where the model has its own. */
  drums: { classes: number[][]; accents: number[][] | null } | null;
  /** What the encoder of a groove does not see. */
  groove: GrooveOptions | null;
  /** The first and the last General MIDI program of melodies, from 0; null for all. */
  programs: [number, number] | null;
  /** The names of General MIDI, for messages: of programs from 0, and of drums by their pitch. */
  names: { instruments: string[]; drums: Record<string, string> };
}

export interface GrooveOptions {
  humanize: boolean;
  tapify: boolean;
  fixed_velocities: boolean;
  /** Classes of drums. */
  add_instruments: number[];
}

export interface DrumClasses {
  count: number;
  /** What each class is played with. */
  pitches: number[];
  /** The classes in the order of these, as clips have their notes. */
  byPitch: number[];
  /** -1 for a pitch without a class. */
  classOf(pitch: number): number;
  velocity(drum: number, step: number): number;
}

/** What an encoder reads of a clip: frames of numbers [step][depth], or the columns that are 1 at each step. */
export type EncoderInput =
  | { kind: "frames"; depth: number; values: Float32Array }
  | { kind: "columns"; depth: number; perStep: number; values: Uint16Array };

/** One representation: notes to tokens [step][width] and back. Notes are in Python's order. */
export interface StreamConverter {
  width: number;
  tokens(notes: Note[]): Uint16Array | Float32Array;
  /** In the order of clips. */
  notes(tokens: ArrayLike<number>): Note[];
  input(notes: Note[]): EncoderInput;
}

/** The representation of a model, as `ModelClips` is in Python. */
export interface ModelConverter {
  meta: ConverterMeta;
  steps: number;
  /** Numbers of a step: a class for each stream, or the frame itself. */
  width: number;
  /** The clip of the tokens of a network [clip][step][width]. */
  clip(tokens: ArrayLike<number>, index?: number): Clip;
  tokens(clip: Clip): Uint16Array | Float32Array;
  /** What the model reads of a clip. */
  canonical(clip: Clip): Clip;
  /** What the encoder takes. */
  input(clip: Clip): EncoderInput;
  /** Throws a RangeError, in words, for a clip that is none of the model's. */
  check(clip: Clip, name: string): void;
}

// --- MIDI files ----------------------------------------------------------------------------------------------------

/** Tick, status byte, and two data bytes; the second is 0 where the event has one. */
export type ChannelEvent = [tick: number, status: number, first: number, second: number];

/** The events of a track, each kind in the order of the file. Of a system event the type is its status byte. */
export interface MidiTrack {
  events: ChannelEvent[];
  metaEvents: MetaEvent[];
}

/** `before`: how many channel events of its track come before it. */
export interface MetaEvent {
  tick: number;
  type: number;
  data: Uint8Array;
  before: number;
}

/** A part of a file that is not read as it stands. */
export interface SkippedPart {
  /** A clause in the plural, the same for all parts of its kind. */
  kind: string;
  /** The part itself; empty if there is nothing to say. */
  example: string;
  /** Null where it has no place in the music. */
  tick: number | null;
}

export interface ParsedMidi {
  ticksPerQuarter: number;
  tracks: MidiTrack[];
  skipped: SkippedPart[];
  /** 0 for a file that is meant to have a single track, else 1. */
  fileType: number;
  /** What is no track: how many tracks come before it, and the whole chunk. */
  otherChunks: { before: number; bytes: Uint8Array }[];
}

/** The notes that one program plays on one channel of a track, in the order of their ends [ticks]. */
export interface MidiInstrument {
  /** Of the track; empty if it has none. */
  name: string;
  program: number;
  channel: number;
  track: number;
  isDrum: boolean;
  notes: { start: number; end: number; pitch: number; velocity: number }[];
}

/** A time signature. */
export interface Meter {
  /** Where it begins. */
  quarters: number;
  stepsPerBar: number;
  text: string;
}

/** Bars in a row in one time signature [steps]. */
export interface BarSpan {
  meter: Meter;
  start: number;
  stop: number;
  firstBar: number;
  bars: number;
  /** A single bar that ends early, because the next time signature begins inside it. */
  isCutShort: boolean;
}

/** A note of a score; times in steps, not yet rounded. */
export interface ScoreNote {
  pitch: number;
  velocity: number;
  program: number;
  track: number;
  isDrum: boolean;
  start: number;
  end: number;
}

/** The notes of a MIDI file, its tempos, time signatures and tracks, as `Score` in Python. */
export interface Score {
  /** Of the file, for messages. */
  name: string;
  notes: ScoreNote[];
  tempos: { quarters: number; qpm: number }[];
  meters: Meter[];
  /** The end of the piece [quarter notes], where the file says it. */
  endMarker: number | null;
  trackNames: string[];
  /** For each track its name in the file, the number of the file's track, and the channel. */
  origins: { name: string; number: number; channel: number }[];
  /** What of the file was not read as it stands, in words. */
  warnings: string[];
  /** Of General MIDI. */
  programNames: string[];
}

/** A track of a file as users know it. */
export interface TrackInfo {
  /** From 1, in the order of the file. */
  number: number;
  name: string;
  programs: number[];
  /** How many it has. */
  notes: number;
  isDrum: boolean;
  /** From 1. */
  channel: number;
  /** The names of its programs; "drums" for drums. */
  instrument: string;
  /** The tracks of the score that it consists of, one for each program. */
  scoreTracks: number[];
  /** Its number and its name, or else its instrument. */
  title: string;
}

/** A note on the grid of sixteenths. */
export interface GridNote {
  pitch: number;
  step: number;
  length: number;
  velocity: number;
  offset: number;
  isDrum: boolean;
  program: number;
}

/** A part of a score in one time signature. */
export interface Section {
  /** In the order of the file, which decides between two notes that are otherwise alike. */
  notes: { note: GridNote; track: number }[];
  steps: number;
  /** The number of its first bar in the file, from 1. */
  bar: number;
  bars: number;
  meter: Meter;
  tempos: { step: number; qpm: number }[];
  isCutShort: boolean;
  has16StepBars: boolean;
}

// --- windows of pieces that a model can read -----------------------------------------------------------------------

/** A reason why there is no window of some bars, or of a piece; see files/windows/leftout.js. */
export interface LeftOut {
  reason: string;
  /** Null where it is about the whole piece. */
  first: number | null;
  last: number | null;
}

/** A window of a piece. */
export interface MusicWindow {
  notes: GridNote[];
  steps: number;
  qpm: number;
  /** The number of its first bar, from 1. */
  bar: number;
}

/** Finds the windows of a piece that one representation can encode. */
export interface WindowFinder {
  /** The reason where there is no window, and no other reason. */
  nothingFound: string;
  /** Every window, in order, and every reason why bars are left out. */
  search(piece: { sections: Section[]; hasDrums: boolean }, score: Score): Iterable<MusicWindow | LeftOut>;
  /** Equal for two windows if the second repeats the first; null where no two are. */
  identity: ((window: MusicWindow) => string) | null;
}

/** A selection of the tracks of a piece, and what was chosen, in words. */
export interface Candidate {
  score: Score;
  others: LeftOut[];
  /** The track that is the melody, where it is one of several. */
  melody: TrackInfo | null;
}

/** A track for a melody or a bass, and why. */
export interface TrackRole {
  track: TrackInfo;
  reason: string;
}

/** What an encoder says of clips: means and deviations [n, z]. */
export interface Posterior {
  mu: Float32Array<ArrayBuffer>;
  sigma: Float32Array<ArrayBuffer>;
}

/** A model of the page, as its instruments use it (engine/page/model.js). Vectors lie one after the other in an array. */
export interface EngineMusic {
  /** What it is opened as. */
  model: EngineModel;
  /** Loops that are decoded at once, before others may use the engine. */
  rowsOfPart: number;
  steps: number;
  zSize: number;
  streams: Stream[];
  encode(clips: Clip[]): Posterior;
  /** Arg-max. */
  decode(z: Float32Array<ArrayBuffer>): Task<Clip[]>;
  /** Throws a RangeError, in words, for a clip that is none of the model's. */
  check(clip: Clip, name: string): void;
  blendCorners(corners: Float32Array<ArrayBuffer>, size: number, interpolation: "slerp" | "lerp" | number): Float64Array<ArrayBuffer>;
  /** At some points (x, y), 0 to 1. */
  blendPoints(corners: Float32Array<ArrayBuffer>, points: number[][], interpolation: "slerp" | "lerp" | number): Float64Array<ArrayBuffer>;
  blendEnds(ends: Float32Array<ArrayBuffer>, positions: number[], interpolation: "slerp" | "lerp" | number): Float64Array<ArrayBuffer>;
  /** Of the cells of a grid, by the deviations of its corners. */
  percentiles(z: Float64Array<ArrayBuffer>, sigma: Float32Array<ArrayBuffer>, size: number): number[];
  /** As Python samples with the same seed. */
  sample(n: number, options: { seed: number; temperature: number; bestOf: number; conditions: Record<string, any>; skip?: number }): Task<Clip[]>;
  similar(mu: Float32Array<ArrayBuffer>, n: number, similarity: number, seed: number): Task<Clip[]>;
  /** The loops of a MIDI file, and why others were left out. */
  readLoops(bytes: Uint8Array<ArrayBuffer>, name: string, track: number | null): FileLoops;
}

/** A model as a page holds it. */
export interface PackedModel {
  name: string;
  meta: any;
  /** Bytes, or text of them with the bytes of a number (engine/page/text.js). */
  weights: { bytes?: Uint8Array<ArrayBuffer>; text?: string; width: number }[];
}
