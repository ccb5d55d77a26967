// Puts a text on the clipboard.

import { el } from "./dom.js";

/**
 * @param {string} text
 * @returns {Promise<boolean>}   false if the browser does not allow it
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text); // an unencrypted connection has no clipboard, and some hosts forbid it
  }
}

/** @param {string} text */
function copySelection(text) {
  const field = el("textarea", { style: { position: "fixed", opacity: "0" }, aria: { hidden: true } });
  const { activeElement } = document;
  field.value = text;
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (activeElement instanceof HTMLElement) activeElement.focus();
  }
}
