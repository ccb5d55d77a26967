// ZIP archives without compression: MIDI files are too small for it to matter. The same files give the same bytes.

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const NEW_YEAR_1980 = 0x0021; // a fixed date: the files have none of their own

/**
 * Write an archive.
 * @param {{ name: string, bytes: Uint8Array }[]} files
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function zipFile(files) {
  /** @type {ArrayLike<number>[]} */
  const parts = [];
  /** @type {ArrayLike<number>[]} */
  const directory = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const path = new TextEncoder().encode(name);
    const fields = [VERSION, UTF8_NAMES, 0, 0, NEW_YEAR_1980].flatMap(littleEndian16);
    fields.push(...[crc32(bytes), bytes.length, bytes.length].flatMap(littleEndian32));
    fields.push(...[path.length, 0].flatMap(littleEndian16));
    parts.push(littleEndian32(LOCAL_HEADER), fields, path, bytes);
    directory.push(littleEndian32(CENTRAL_HEADER), littleEndian16(VERSION), fields);
    directory.push([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], littleEndian32(offset), path); // no comment, disk 0, no attributes
    offset += 4 + fields.length + path.length + bytes.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const end = [0, 0, files.length, files.length].flatMap(littleEndian16);
  end.push(...[length, offset].flatMap(littleEndian32), 0, 0); // no comment
  return concat([...parts, ...directory, littleEndian32(END_OF_DIRECTORY), end]);
}

/**
 * Checksum of ISO 3309, as ZIP, PNG and gzip use it.
 * @param {Uint8Array} bytes
 * @returns {number}   32 bits, unsigned
 */
export function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** @param {number} number */
function littleEndian16(number) {
  return [number & 255, (number >>> 8) & 255];
}

/** @param {number} number */
function littleEndian32(number) {
  return [...littleEndian16(number & 0xffff), ...littleEndian16(number >>> 16)];
}

/** @param {ArrayLike<number>[]} parts */
function concat(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
