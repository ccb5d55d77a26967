// ZIP archives without compression: MIDI files are too small for it to matter. The same files give the same bytes.

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const NEW_YEAR_1980 = 0x0021; // a fixed date: the files have none of their own

// `files` are {name, bytes}.
export function zipFile(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const path = new TextEncoder().encode(name);
    const facts = [VERSION, UTF8_NAMES, 0, 0, NEW_YEAR_1980].flatMap(littleEndian16);
    facts.push(...[crc32(bytes), bytes.length, bytes.length].flatMap(littleEndian32));
    facts.push(...[path.length, 0].flatMap(littleEndian16));
    parts.push(littleEndian32(LOCAL_HEADER), facts, path, bytes);
    directory.push(littleEndian32(CENTRAL_HEADER), littleEndian16(VERSION), facts);
    directory.push([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], littleEndian32(offset), path); // no comment, disk 0, no attributes
    offset += 4 + facts.length + path.length + bytes.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const end = [0, 0, files.length, files.length].flatMap(littleEndian16);
  end.push(...[length, offset].flatMap(littleEndian32), 0, 0); // no comment
  return joined([...parts, ...directory, littleEndian32(END_OF_DIRECTORY), end]);
}

// The checksum of ISO 3309, as ZIP, PNG and gzip use it.
export function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function littleEndian16(number) {
  return [number & 255, (number >>> 8) & 255];
}

function littleEndian32(number) {
  return [...littleEndian16(number & 0xffff), ...littleEndian16(number >>> 16)];
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
