// The state of an instrument in the Keep menu: save it as a file, open one, and in a page of its own copy it as a link.
/** @import { InstrumentSession, MenuAction, MenuEntry } from "../../types.js" */

import { readStateFile, stateFile } from "../../state/statefile.js";
import { fromLink, toLink } from "../../state/statelink.js";
import { copyText } from "../copytext.js";
import { el } from "../dom.js";
import { saveFile } from "../savefile.js";

/**
 * The name of an instrument in Python: MelodyMixer for the melody mixer.
 * @param {string} name
 */
const inPython = (name) => name.replace(/ (.)/g, (_, letter) => letter.toUpperCase());

/** @param {Pick<File, "name" | "type">} file */
export const isStateFile = ({ name, type }) => type === "application/json" || name.toLowerCase().endsWith(".json");

/**
 * @param {{ name: string, session: Pick<InstrumentSession, "state" | "edits" | "versions" | "commands" | "onError">,
 *   onNotice: (text: string) => void, showText: (text: string) => void }} options   `showText`: where the browser does not let it be copied
 */
export function createStateEntries({ name, session, onNotice, showText }) {
  const { state, edits, versions, commands, onError } = session;
  const instrument = inPython(name);
  /** @param {File} file */
  async function open(file) {
    onError(null); // the last file's
    try {
      const names = Object.keys({ ...edits.initial, ...edits.places?.() });
      const { traits, starred } = await readStateFile(file, { instrument, names, state });
      if (starred) versions?.add(starred);
      commands.restoreEdits(traits);
    } catch (problem) {
      onError(problem);
    }
  }
  const input = el("input", { type: "file", accept: ".json,application/json", hidden: true, aria: { label: "State file" } });
  input.addEventListener("change", () => {
    if (input.files?.length) void open(input.files[0]);
    input.value = "";
  });
  const file = () =>
    stateFile({ instrument, model: state.get("model_name"), traits: { ...edits.present?.(), ...edits.places?.() }, starred: versions?.starred() });
  const isPage = !state.get("origin") && state.get("has_kernel") === false;
  /** Open what the address of this page holds, if it is a state of this instrument; then it is this page's own. */
  async function openLink() {
    try {
      const linked = await fromLink(location.href);
      if (!linked || JSON.parse(await linked.text()).instrument !== instrument) return;
      history.replaceState(null, "", location.href.split("#")[0]);
      await open(linked);
    } catch (problem) {
      onError(problem);
    }
  }
  async function copyLink() {
    const link = await toLink(location.href, file().bytes);
    if (await copyText(link)) onNotice("Copied: a link to this page as it is now.");
    else showText(link);
  }
  if (isPage) void openLink();
  /** @type {MenuAction} */
  const link = { label: "link", name: "Copy a link", title: "A link to this page as it is now", run: copyLink };
  /** @type {MenuEntry} */
  const entry = {
    label: "State",
    actions: [
      {
        label: "save",
        name: "Save state",
        title: "What you have made here, as a file to open again later or elsewhere",
        run: () => saveFile(file()),
      },
      { label: "open", name: "Open state", title: "A state that was saved", run: () => input.click() },
      ...(isPage ? [link] : []),
    ],
  };
  return { entries: edits.initial ? [entry] : [], open, element: input };
}
