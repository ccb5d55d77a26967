// Bytes that a page holds as text: seven bits a character, and compressed (widgets/page_text.py).

const ESCAPE = 126; // begins the two characters of what pages do not hand over as it is:
/** @type {Record<string, number>} */
const ESCAPED = { "~": 126, 0: 0, r: 13, l: 60 };

/**
 * @param {string} text
 * @param {number} width   bytes of a number: their planes are put together again
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function fromPageText(text, width) {
  const stream = new Blob([unpackBits(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const planes = new Uint8Array(await new Response(stream).arrayBuffer());
  if (width === 1) return planes;
  const bytes = new Uint8Array(planes.length);
  const count = planes.length / width;
  for (let k = 0; k < width; k++) {
    for (let i = 0, at = k; i < count; i++, at += width) bytes[at] = planes[k * count + i];
  }
  return bytes;
}

/** @param {string} text */
function unpackBits(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 7) / 8));
  let [held, bits, at] = [0, 0, 0];
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    held = ((held << 7) | (code === ESCAPE ? ESCAPED[text[++k]] : code)) & 0x3fff;
    bits += 7;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >> bits;
  }
  return bytes.subarray(0, at);
}
