// State files: what was edited in an instrument, as JSON, to open it again later or elsewhere. Python writes the same, without
// the states of the history that have a star.
/** @import { ExportedFile, InstrumentState } from "../types.js" */

import { fromText, toText } from "./bytes.js";
import { fits } from "./checkvalues.js";

const KIND = "latentpalette state";
const VERSION = 1;
export const MAX_STATE_BYTES = 8 << 20;

/**
 * @param {{ instrument: string, model: string, traits: Record<string, any>, starred?: object | null }} edited   `starred`: see versions.js
 * @returns {ExportedFile}
 */
export function stateFile({ instrument, model, traits, starred }) {
  const history = starred ? { history: starred } : {};
  const text = toText({ kind: KIND, version: VERSION, instrument, model, traits, ...history });
  const name = `${instrument}_${model}`.toLowerCase().replace(/[^a-z0-9.-]+/g, "_");
  return { name: `${name}.json`, type: "application/json", bytes: new TextEncoder().encode(`${text}\n`) };
}

/**
 * The traits in a state file, if all of them fit an instrument; and the states with a star, which are still to be checked.
 * @param {Pick<File, "name" | "size" | "text">} file
 * @param {{ instrument: string, names: string[], state: InstrumentState }} options
 * @returns {Promise<{ traits: Record<string, any>, starred: any }>}
 * @throws {Error}   that says what is wrong with the file
 */
export async function readStateFile(file, { instrument, names, state }) {
  const { name } = file;
  if (file.size > MAX_STATE_BYTES) throw new Error(`${name} is too large for a state: more than ${MAX_STATE_BYTES >> 20} MB.`);
  const saved = parse(await file.text(), name);
  if (saved?.kind !== KIND) throw new Error(`${name} is no state of an instrument. Keep, State, save writes one.`);
  if (saved.version !== VERSION) throw new Error(`${name} was saved by a later version of latentpalette.`);
  if (saved.instrument !== instrument) {
    throw new Error(`${name} is a state of another instrument: ${saved.instrument}, not ${instrument}.`);
  }
  const model = state.get("model_name");
  if (saved.model !== model) throw new Error(`${name} is a state of the model ${saved.model}; this one is ${model}.`);
  const isKept = (/** @type {string} */ trait) => state.get("has_kernel") || !/^(\d+\.)?sounds$/.test(trait);
  const traits = Object.entries(saved.traits ?? {}).filter(([trait]) => isKept(trait)); // a page without Python has the sounds that it came with
  const wrong = traits.find(([trait, value]) => !names.includes(trait) || !fits(trait, value, state));
  if (wrong || !traits.length) throw new Error(`${name} is damaged: ${wrong ? `its ${wrong[0]} is wrong` : "it has no traits"}.`);
  return { traits: Object.fromEntries(traits), starred: saved.history ?? null };
}

/**
 * @param {string} text
 * @param {string} name   of the file
 */
function parse(text, name) {
  try {
    return fromText(text);
  } catch {
    throw new Error(`${name} is damaged: it is no JSON text.`);
  }
}
