// Entries of the Keep menu that every instrument has: what makes it again in Python, and a page of its own.
/** @import { InstrumentState, MenuAction, Request } from "../../types.js" */

import { kinds } from "../../engine/page/requests.js";
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
  const kind = name.toLowerCase().replaceAll(" ", "");
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
    pageEntry("HTML page", "One file that plays anywhere, without a network, as it is now", "none"),
    ...(kinds().includes(kind) || kind === "session"
      ? [pageEntry("HTML page with the model", "One file that also samples, decodes and edits anywhere; some megabytes", "full")]
      : []),
  ];

  /**
   * @param {string} label
   * @param {string} title
   * @param {string} model   what the page carries of it
   * @returns {MenuAction}
   */
  function pageEntry(label, title, model) {
    return {
      label,
      title,
      unavailable() {
        if (model !== "none" && (state.get("chords") ?? []).length) return "A page does not decode over chords yet: take the one without the model";
        return needsPython("This is such a page already: save it with the browser")();
      },
      async run() {
        const { buffers } = await request("page", { model });
        const [{ buffer, byteOffset, byteLength }] = buffers;
        const bytes = new Uint8Array(buffer, byteOffset, byteLength);
        saveFile({ name: `${name.toLowerCase().replaceAll(" ", "_")}.html`, type: "text/html", bytes });
      },
    };
  }
}
