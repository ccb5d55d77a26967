// Versions: the last states of an instrument, each with a picture of its music, and those with a star for good. A state is
// one where the hand has rested; changes close in time are one. Undo goes step by step; here each is one click away.
/** @import { Clip, InstrumentState, Timeouts, Version } from "../types.js" */
/** @import { Part } from "./parts.js" */

import { toBytes } from "./bytes.js";
import { fits } from "./checkvalues.js";
import { readClips, writeClips } from "./cliptable.js";
import { playedClip } from "./clip.js";
import { createParts, createReader, createWriter, joined, keyOf, partsIn } from "./parts.js";

export const MAX_VERSIONS = 100; // without a star
export const MAX_STARS = 100;
const MAX_LENGTH = 3_000_000; // of the texts of all that are remembered [characters]
const MAX_KEPT_LENGTH = 350_000; // of what a browser keeps of them
const RESTED = 700; // [milliseconds] after an edit
const STAYED = 2000; // [milliseconds] at another place of the same music

/**
 * @param {object} options
 * @param {InstrumentState} options.state
 * @param {string[]} options.names      of the traits that are edited
 * @param {string[]} [options.places]   of those that say what of the music plays
 * @param {() => { clip: Clip | null, weights?: number[] }} options.picture   what plays, before locks and mutes, and its
 *   color between the corners
 * @param {() => boolean} [options.isMoving]   true while the places move by themselves
 * @param {{ get(): any, set(value: any): void }} [options.storage]           where the browser keeps them
 * @param {() => void} options.onChange
 * @param {Timeouts} [options.timers]
 * @param {() => number} [options.now]
 */
export function createVersions({ state, names, places = [], picture, isMoving = () => false, storage, onChange, timers = globalThis, now = Date.now }) {
  const all = [...new Set([...names, ...places])];
  const parts = createParts();
  /** @type {Version[]} */
  let list = [];
  /** @type {Version | null} */
  let current = null;
  let lastId = 0;
  let isWhole = true; // true if the browser has all that have a star
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let isEdited = false;
  let isGone = false;

  /**
   * @param {Record<string, any>} values
   * @param {Uint8Array<ArrayBuffer> | null} bytes   of the picture
   * @param {Pick<Version, "time" | "isStarred"> & { weights?: number[] | null }} more
   * @returns {Version}
   */
  function create(values, bytes, { time, isStarred, weights = null }) {
    const split = parts.split(values);
    return { id: ++lastId, key: keyOf(split), split, picture: bytes && parts.partOf(bytes), time, isStarred, weights };
  }
  const draw = () => {
    const { clip, weights } = picture();
    const settings = { lanes: state.lanes, mutes: state.get("mutes"), locks: state.get("locks"), accents: state.get("accents") };
    return { bytes: clip && writeClips([playedClip(clip, settings)]), weights };
  };

  /** Note the present state, if it is not the last one that was noted; at first without a picture, which others make. */
  function take(isDrawn = true) {
    timers.clearTimeout(waiting);
    waiting = undefined;
    isEdited = false;
    const { bytes, weights } = isDrawn ? draw() : { bytes: null };
    const present = create(Object.fromEntries(all.map((name) => [name, state.get(name)])), bytes, { time: now(), isStarred: false, weights });
    const same = list.find(({ key }) => key === present.key);
    if (same) {
      const isNew = same !== current || (present.picture && same.picture !== present.picture);
      current = same;
      if (present.picture) Object.assign(same, { picture: present.picture, weights: present.weights });
      if (!isNew) return;
    } else list.push((current = present));
    trim();
    save();
    onChange();
  }

  /** Forget the oldest without a star where there are too many, or they are too long. */
  function trim() {
    const isExtra = () => list.filter(({ isStarred }) => !isStarred).length > MAX_VERSIONS || lengthOf(list) > MAX_LENGTH;
    while (isExtra()) {
      const oldest = list.findIndex((version) => !version.isStarred && version !== current);
      if (oldest < 0) break;
      list.splice(oldest, 1);
    }
    parts.keep(list.flatMap(partsOf));
  }

  function save() {
    if (!storage) return;
    const ordered = [...list].reverse();
    const wanted = [...ordered.filter(({ isStarred }) => isStarred), ...ordered.filter(({ isStarred }) => !isStarred)];
    const kept = withinLength(wanted, MAX_KEPT_LENGTH);
    isWhole = list.every((version) => !version.isStarred || kept.has(version));
    storage.set(written(list.filter((version) => kept.has(version)), all));
  }

  /** @param {any} saved */
  function load(saved) {
    try {
      for (const { values, picture, ...more } of readVersions(saved)) {
        if (!all.every((name) => name in values && fits(name, values[name], state))) continue; // of another model, say
        const version = create(Object.fromEntries(all.map((name) => [name, values[name]])), picture, more);
        if (!list.some(({ key }) => key === version.key)) list.push(version);
      }
    } catch {
      list = []; // damaged: what is made from here on is kept
    }
  }

  const refresh = () => {
    if (!isGone && current && !current.picture && waiting === undefined && picture().clip) take();
  };
  if (storage) load(storage.get());
  take(false);
  queueMicrotask(refresh); // when the instrument is there as a whole
  const schedule = (/** @type {boolean} */ isEdit) => {
    isEdited ||= isEdit;
    timers.clearTimeout(waiting);
    waiting = timers.setTimeout(() => take(), isEdited ? RESTED : STAYED);
  };
  const unsubscribe = [
    ...names.map((name) => state.on(name, () => schedule(true))),
    ...places.map((name) => state.on(name, () => isMoving() || schedule(false))),
  ];

  return {
    /** The oldest first. */
    get list() {
      return list;
    },
    /** The one that is present, or was noted last. */
    get current() {
      return current;
    },
    /** False if the browser has no room for all that have a star. */
    get isWhole() {
      return isWhole;
    },
    take: () => take(),
    /** Draw the present state anew where its music has come since. */
    refresh,
    /**
     * The values of the traits of a version.
     * @param {Version} version
     */
    valuesOf: ({ split }) => joined(split),
    /**
     * @param {Version} version
     * @returns {Clip | null}
     */
    clipOf: ({ picture }) => picture && readClips(toBytes(picture.value)).at(0),
    /**
     * Put a star on a version, or take it off.
     * @param {Version} version
     * @returns {boolean}   false if too many have one
     */
    toggleStar(version) {
      if (!version.isStarred && list.filter(({ isStarred }) => isStarred).length >= MAX_STARS) return false;
      version.isStarred = !version.isStarred;
      trim();
      save();
      onChange();
      return true;
    },
    /** Those with a star, as a state file has them. */
    starred: () => {
      const starred = list.filter(({ isStarred }) => isStarred);
      return starred.length ? written(starred, all) : null;
    },
    /**
     * Take in those of a state file.
     * @param {any} saved
     */
    add(saved) {
      const before = list;
      load(saved);
      if (!list.length) list = before;
      trim();
      save();
      onChange();
    },
    dispose() {
      isGone = true;
      timers.clearTimeout(waiting);
      unsubscribe.forEach((off) => off());
    },
  };
}

/**
 * @param {Version} version
 * @returns {Part[]}
 */
const partsOf = ({ split, picture }) => [...partsIn(split), ...(picture ? [picture] : [])];

/** @param {Version[]} versions */
function lengthOf(versions) {
  const texts = new Set(versions.flatMap(partsOf).map(({ text }) => text));
  return [...texts].reduce((sum, text) => sum + text.length, 0);
}

/**
 * The first of some versions whose parts together are no longer than allowed.
 * @param {Version[]} versions
 * @param {number} limit   [characters]
 */
function withinLength(versions, limit) {
  const texts = new Set();
  /** @type {Set<Version>} */
  const kept = new Set();
  let length = 0;
  for (const version of versions) {
    const fresh = [...new Set(partsOf(version).map(({ text }) => text))].filter((text) => !texts.has(text));
    length += fresh.reduce((sum, text) => sum + text.length + 2, 250); // and its numbers
    if (length > limit) break;
    fresh.forEach((text) => texts.add(text));
    kept.add(version);
  }
  return kept;
}

/**
 * @param {Version[]} versions
 * @param {string[]} names
 */
function written(versions, names) {
  const writer = createWriter(names);
  const entries = versions.map(({ split, picture, time, isStarred, weights }) => ({
    values: writer.write(split),
    picture: picture && writer.numberOf(picture),
    time,
    isStarred,
    weights,
  }));
  return { names, parts: writer.values, entries };
}

/**
 * @param {any} saved   as `written` returns it, or damaged
 * @returns {{ values: Record<string, any>, picture: Uint8Array<ArrayBuffer> | null, time: number, isStarred: boolean, weights: number[] | null }[]}
 */
function readVersions(saved) {
  if (!saved) return [];
  const reader = createReader(saved.names, saved.parts);
  return saved.entries.slice(-(MAX_VERSIONS + MAX_STARS)).map((/** @type {any} */ { values, picture, time, isStarred, weights }) => {
    const bytes = typeof picture === "number" ? toBytes(reader.valueOf(picture)) : null;
    if (bytes) readClips(bytes); // throws if it is damaged
    const isWeighed = Array.isArray(weights) && weights.length === 4 && weights.every(Number.isFinite);
    return { values: reader.read(values), picture: bytes, time: Number(time) || 0, isStarred: isStarred === true, weights: isWeighed ? weights : null };
  });
}
