// Keys that are pressed in an instrument: which of them the notebook around it may have.

/**
 * Stop a key that would be a command of the notebook, such as a bare letter ("b" inserts a cell). All else passes:
 * Shift+Enter, Ctrl+S, Escape.
 * @param {KeyboardEvent} event
 */
export function holdBareKeys(event) {
  const target = /** @type {Element} */ (event.target);
  const isCommand = event.ctrlKey || event.metaKey || event.altKey;
  if (isCommand) return;
  const isUsed = event.key === "Enter" ? !event.shiftKey && target.matches(PRESSED) : target.matches(FIELDS);
  if (event.key.length === 1 || isUsed) event.stopPropagation();
}

const FIELDS = "input, select, textarea"; // they use arrows, Home, End, Backspace, Delete
const PRESSED = `${FIELDS}, button, summary, a`; // with Enter, which edits a cell of the notebook
