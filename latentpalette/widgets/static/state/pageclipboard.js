// What was copied last on this page: all instruments of the page know it, also where the browser does not let the clipboard
// of the computer be read.

const LAST = Symbol.for("latentpalette.clipboard");

/** @param {any} scope */
export const createPageClipboard = (scope = globalThis) => ({
  /** The text, or "". */
  get text() {
    return /** @type {string} */ (scope[LAST]?.text ?? "");
  },
  /** True if the computer's clipboard has not got it: then it is later than what that has. */
  get isAlone() {
    return Boolean(scope[LAST]?.isAlone);
  },
  /**
   * @param {string} text
   * @param {boolean} isAlone
   */
  set(text, isAlone) {
    scope[LAST] = { text, isAlone };
  },
});
