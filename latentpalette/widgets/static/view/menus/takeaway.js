// Entries of the Keep menu that every instrument has: what makes it again in Python, and a page of its own.
/** @import { InstrumentState, MenuAction, Request } from "../../types.js" */

import { copyText } from "../copytext.js";
import { saveFile } from "../savefile.js";

/**
 * @param {object} options
 * @param {string} options.name                           of the instrument
 * @param {Pick<InstrumentState, "get">} options.state
 * @param {Request} options.request
 * @param {(text: string) => void} options.onNotice
 * @param {(text: string) => void} options.showText       where the browser does not let it be copied
 * @returns {MenuAction[]}
 */
export function takeAwayEntries({ name, state, request, onNotice, showText }) {
  /** @param {string} onPage   the reason on a page of its own */
  const needsPython = (onPage) => () =>
    state.get("has_kernel") ? "" : state.get("origin") ? "Needs Python: run the cell again" : onPage;
  return [
    {
      label: "Copy as Python",
      title: "The code that makes it again, as it is now",
      unavailable: needsPython("Needs Python: open it in a notebook"),
      async run() {
        const { body } = await request("python", {});
        if (await copyText(body.text)) onNotice("Copied. Paste it in a cell.");
        else showText(body.text);
      },
    },
    {
      label: "HTML page",
      title: "One file that plays anywhere, without a network, as it is now",
      unavailable: needsPython("This is such a page already: save it with the browser"),
      async run() {
        const { buffers } = await request("page", {});
        const [{ buffer, byteOffset, byteLength }] = buffers;
        const bytes = new Uint8Array(buffer, byteOffset, byteLength);
        saveFile({ name: `${name.toLowerCase()}.html`, type: "text/html", bytes });
      },
    },
  ];
}
