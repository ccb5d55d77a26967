// A state as a link: what a state file holds, compressed, behind the # of the address of a page.

import { fromBase64, toBase64, toBytes } from "./bytes.js";
import { MAX_STATE_BYTES } from "./statefile.js";

const MARK = "#state=";
const MAX_LINK = 1_000_000; // characters; browsers take two million

/**
 * The address of a page with a state.
 * @param {string} address
 * @param {Uint8Array<ArrayBuffer>} file   of a state
 * @throws {Error}   if it is too long for a link
 */
export async function toLink(address, file) {
  const packed = await pipe(file, new CompressionStream("deflate-raw"), Infinity);
  const link = `${address.split("#")[0]}${MARK}${toBase64Url(packed)}`;
  if (link.length > MAX_LINK) throw new Error("This is too much for a link. Save the state as a file instead.");
  return link;
}

/**
 * The state file that an address holds; null if it holds none.
 * @param {string} address
 * @returns {Promise<File | null>}
 * @throws {Error}   if it is damaged
 */
export async function fromLink(address) {
  const start = address.indexOf(MARK);
  if (start < 0) return null;
  try {
    const packed = fromBase64Url(address.slice(start + MARK.length));
    const bytes = await pipe(packed, new DecompressionStream("deflate-raw"), MAX_STATE_BYTES);
    return new File([bytes], "The link", { type: "application/json" });
  } catch {
    throw new Error("The link is damaged: what was made in this page cannot be read from it.");
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} through
 * @param {number} most   bytes that may come out
 */
async function pipe(bytes, through, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(through).getReader();
  const parts = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    if ((size += part.value.length) > most) throw new RangeError("too large");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** @param {Uint8Array} bytes */
const toBase64Url = (bytes) => toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** @param {string} text */
const fromBase64Url = (text) => toBytes(fromBase64(text.replaceAll("-", "+").replaceAll("_", "/")));
