// Hands a file to the browser, which saves it.
/** @import { ExportedFile } from "../types.js" */

import { el } from "./dom.js";

/** @param {ExportedFile} file */
export function saveFile({ name, type, bytes }) {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = el("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000); // some browsers read it only after asking where to
}
