// Texts in files that name no encoding: ASCII, as far as a text can be spelled so. It is the same in every program.

// Signs that Unicode does not take apart into ASCII; music/midi_text.py has the same.
const IN_ASCII = new Map([
  ...[..."·•–—‐‑−"].map((sign) => /** @type {[string, string]} */ ([sign, "-"])),
  ...[..."‘’‚"].map((sign) => /** @type {[string, string]} */ ([sign, "'"])),
  ...[..."“”„«»"].map((sign) => /** @type {[string, string]} */ ([sign, '"'])),
  ...Object.entries({ "♭": "b", "♯": "#", "♮": "n", "→": "->", "←": "<-", "↔": "<->", "×": "x", "⁄": "/", "°": "o" }),
  ...Object.entries({ ß: "ss", æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", ø: "o", Ø: "O", ł: "l", Ł: "L", đ: "d", Đ: "D" }),
]);

/**
 * A text in ASCII where it can be spelled so, without control characters; other characters stay.
 * @param {string} text
 */
export function asciiText(text) {
  return Array.from(text.normalize("NFC"), spell).join("");
}

/** @param {string} character */
function spell(character) {
  if (/[\p{Z}\t\n\v\f\r]/u.test(character)) return " ";
  if (/\p{C}/u.test(character)) return "";
  const parts = Array.from(character.normalize("NFKD")).filter((part) => !/\p{M}/u.test(part));
  const letters = parts.map((part) => IN_ASCII.get(part) ?? part).join("");
  return /^[\x20-\x7e]*$/.test(letters) ? letters : character;
}
