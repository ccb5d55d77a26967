// The state of an instrument in the Keep menu: save it as a file, open one.
/** @import { InstrumentSession, MenuEntry } from "../../types.js" */

import { readStateFile, stateFile } from "../../state/statefile.js";
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
 * @param {{ name: string, session: Pick<InstrumentSession, "state" | "edits" | "versions" | "commands" | "onError"> }} options
 */
export function createStateEntries({ name, session }) {
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
  /** @type {MenuEntry} */
  const entry = {
    label: "State",
    actions: [
      {
        label: "save",
        name: "Save state",
        title: "What you have made here, as a file to open again later or elsewhere",
        run: () => saveFile(stateFile({ instrument, model: state.get("model_name"), traits: { ...edits.present?.(), ...edits.places?.() }, starred: versions?.starred() })),
      },
      { label: "open", name: "Open state", title: "A state that was saved", run: () => input.click() },
    ],
  };
  return { entries: edits.initial ? [entry] : [], open, element: input };
}
