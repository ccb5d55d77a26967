// Traits that pages of their own keep in the browser, a few of each page: those that were kept longest ago make room.

import { fromText, toText } from "./bytes.js";

const PREFIX = "latentpalette:page:";
const MAX_PAGES = 20;
const MAX_LENGTH = 400_000; // of the text of one [characters]; browsers give all pages of a folder about five million

/** @param {any} scope */
export function createPageStore(scope = globalThis) {
  /** @returns {Storage | null}   null where the browser refuses it */
  const storage = () => {
    try {
      return scope.localStorage ?? null;
    } catch {
      return null;
    }
  };
  /** The keys of ours, the oldest first. */
  const oldest = (/** @type {Storage} */ kept) =>
    Array.from({ length: kept.length }, (_, index) => kept.key(index) ?? "")
      .filter((key) => key.startsWith(PREFIX))
      .sort((one, other) => (read(kept, one)?.at ?? 0) - (read(kept, other)?.at ?? 0));

  return {
    /**
     * @param {string} key
     * @returns {Record<string, any> | null}
     */
    get(key) {
      const kept = storage();
      return (kept && read(kept, PREFIX + key)?.traits) ?? null;
    },
    /**
     * @param {string} key
     * @param {Record<string, any>} traits
     */
    set(key, traits) {
      const kept = storage();
      const text = toText({ at: Date.now(), traits });
      if (!kept || text.length > MAX_LENGTH) return;
      const others = oldest(kept).filter((other) => other !== PREFIX + key);
      for (const other of others.splice(0, Math.max(0, others.length - MAX_PAGES + 1))) kept.removeItem(other);
      for (;;) {
        try {
          return kept.setItem(PREFIX + key, text);
        } catch {
          const first = others.shift(); // it is full
          if (!first) return;
          kept.removeItem(first);
        }
      }
    },
    /** @param {string} key */
    remove(key) {
      storage()?.removeItem(PREFIX + key);
    },
  };
}

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
