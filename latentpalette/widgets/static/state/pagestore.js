// What pages of their own keep in the browser: their traits, their histories, and files that were dropped. What was kept
// longest ago makes room; histories make room for files and traits, and files for traits.

import { fromText, toText } from "./bytes.js";

const OURS = "latentpalette:";
const HISTORIES = `${OURS}history:`;
const FILES = `${OURS}file:`;
const PAGES = { prefix: `${OURS}page:`, limit: 20 };
const MAX_LENGTH = 400_000; // of the text of one [characters]; browsers give all pages of a folder about five million

/** @param {any} scope */
export const createHistoryStore = (scope = globalThis) => createPageStore(scope, { prefix: HISTORIES, limit: 8 });

/** @param {any} scope */
export const createFileStore = (scope = globalThis) => createPageStore(scope, { prefix: FILES, limit: 4 });

/**
 * @param {any} scope
 * @param {{ prefix: string, limit: number }} options   of the keys, and how many there may be
 */
export function createPageStore(scope = globalThis, { prefix, limit } = PAGES) {
  /** @returns {Storage | null}   null where the browser refuses it */
  const storage = () => {
    try {
      return scope.localStorage ?? null;
    } catch {
      return null;
    }
  };
  /**
   * Keys, the oldest first.
   * @param {Storage} kept
   * @param {string} start   of the keys
   */
  const oldest = (kept, start = prefix) =>
    Array.from({ length: kept.length }, (_, index) => kept.key(index) ?? "")
      .filter((key) => key.startsWith(start))
      .sort((one, other) => timeOf(kept, one) - timeOf(kept, other));

  return {
    /**
     * @param {string} key
     * @returns {Record<string, any> | null}
     */
    get(key) {
      const kept = storage();
      return (kept && read(kept, prefix + key)?.traits) ?? null;
    },
    /**
     * @param {string} key
     * @param {Record<string, any>} traits
     */
    set(key, traits) {
      const kept = storage();
      const text = toText({ at: Date.now(), traits });
      if (!kept || text.length > MAX_LENGTH) return;
      const others = oldest(kept).filter((other) => other !== prefix + key);
      for (const other of others.splice(0, Math.max(0, others.length - limit + 1))) kept.removeItem(other);
      const lesser = { [HISTORIES]: [], [FILES]: [HISTORIES] }[prefix] ?? [HISTORIES, FILES];
      const last = lesser.flatMap((start) => oldest(kept, start));
      for (;;) {
        try {
          return kept.setItem(prefix + key, text);
        } catch {
          const first = last.shift() ?? others.shift(); // it is full
          if (!first) return;
          kept.removeItem(first);
        }
      }
    },
    /** @param {string} key */
    remove(key) {
      storage()?.removeItem(prefix + key);
    },
  };
}

/**
 * When something was kept, without reading it all.
 * @param {Storage} kept
 * @param {string} key
 */
const timeOf = (kept, key) => Number(/^{"at":(\d+)/.exec(kept.getItem(key) ?? "")?.[1] ?? 0);

/**
 * @param {Storage} kept
 * @param {string} key
 * @returns {{ at: number, traits: Record<string, any> } | null}
 */
function read(kept, key) {
  try {
    const entry = fromText(kept.getItem(key) ?? "null");
    return entry && typeof entry.traits === "object" ? entry : null;
  } catch {
    return null;
  }
}
