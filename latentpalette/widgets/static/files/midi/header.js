// The beginning of a MIDI file: what it is wrapped in, its header, and what is no MIDI file.

import { bigEndian, findText, hasText, latin1, littleEndian } from "./bytes.js";
import { MidiError, quotedBytes } from "./wording.js";

const HEADER = "MThd";
const HEADER_BYTES = 14;
const MAX_BYTES_BEFORE_HEADER = 1024; // such as the 128 that old Macintosh programs write
const AUDIO = "audio";
const ARCHIVE = "a zip archive, or a project of some program";
const ADVICE = new Map([
  [AUDIO, "Notes are read here, not sound. If a program has the notes, export it as a MIDI file."],
  [ARCHIVE, "Unpack it, or export its notes as a MIDI file."],
]);
/** @type {[RegExp, string][]} */
const OTHER_FORMATS = [
  [/^(?:RIFF[^]{4}WAVE|fLaC|OggS|ID3|FORM[^]{4}AIF|\xff[\xe2-\xff]|[^]{4}ftyp)/, AUDIO],
  [/^PK/, ARCHIVE],
  [/^RIFF[^]{4}sfbk/, "a SoundFont"],
  [/^[ \t\n\r\f\v]*(?:(?:\xef\xbb\xbf)?<\?xml|<score)/, "XML, such as MusicXML"],
  [/^[ \t\n\r\f\v]*<(?:!DOCTYPE|html)/, "a web page; perhaps the download failed"],
];

/**
 * The MIDI file inside a RIFF file (RMID), or after some bytes of something else.
 * @param {Uint8Array} data
 */
export function unwrap(data) {
  if (hasText(data, "RIFF") && hasText(data, "RMID", 8)) {
    let position = 12;
    while (position + 8 <= data.length) {
      const size = littleEndian(data, position + 4);
      const start = position + 8;
      if (hasText(data, "data", position)) {
        return 14 <= size && size <= data.length - start ? data.subarray(start, start + size) : data.subarray(start);
      }
      position = start + size + (size % 2);
    }
  }
  const start = findText(data, HEADER, 0, MAX_BYTES_BEFORE_HEADER);
  return start > 0 ? data.subarray(start) : data;
}

/**
 * The numbers of a header.
 * @param {Uint8Array} data
 * @param {string} name   of the file, for messages
 * @throws {MidiError}    if it is none of a MIDI file
 */
export function readHeader(data, name) {
  if (!data.length) throw new MidiError(`${name}: the file is empty. Export it again.`);
  if (!hasText(data, HEADER)) {
    const text = latin1(data);
    const kind = OTHER_FORMATS.find(([pattern]) => pattern.test(text))?.[1];
    const found = kind ? `it is ${kind}` : `it begins with ${quotedBytes(data.subarray(0, 4))}, not with b'MThd'`;
    throw new MidiError(`${name}: not a MIDI file; ${found}. ${ADVICE.get(kind ?? "") ?? "Export it as a MIDI file."}`);
  }
  if (data.length < HEADER_BYTES) throw damaged(name, "it ends inside its header");
  const division = bigEndian(data, 12, 14);
  if (!division) {
    throw new MidiError(`${name}: its clock has no ticks in a quarter note. It may be damaged; export it again.`);
  }
  return {
    position: 8 + bigEndian(data, 4, 8), // where the tracks begin
    fileType: bigEndian(data, 8, 10),
    numCounted: bigEndian(data, 10, 12),
    division,
  };
}

/**
 * The error for a file that is damaged beyond reading.
 * @param {string} name
 * @param {string} reason
 */
export const damaged = (name, reason) =>
  new MidiError(`${name}: not a readable MIDI file (${reason}). It may be cut off; export it again.`);
