// What sends a request to the engine of a page, with the traits that the response depends on.
/** @import { Engine } from "../client.js" */
/** @import { Response } from "../../types.js" */

import { OvertakenError } from "../../state/requests.js";
import { ENCODED, OVERTAKEN, REQUESTS, ROLES } from "./requests.js";

/**
 * The requests that the engine responds to with the models that it has.
 * @param {string} kind                      of the instrument
 * @param {object} [carried]
 * @param {boolean} [carried.encodes]        false without an encoder
 * @param {Record<string, string>} [carried.others]   the names of models beside the instrument's own, by their role
 */
export const pageRequests = (kind, { encodes = true, others = {} } = {}) =>
  Object.keys(REQUESTS[kind] ?? {}).filter((name) => {
    const role = ROLES[name];
    return (encodes || !ENCODED.includes(name)) && (role === undefined || role in others);
  });

/**
 * @param {object} options
 * @param {Pick<Engine, "ask">} options.engine
 * @param {{ widget: string, kind: string, model: string, others?: Record<string, string> }} options.address
 * @param {(name: string) => any} options.get   the value of a trait
 * @returns {(name: string, body: object, buffers?: ArrayBuffer[]) => Promise<Response>}
 */
export const createResponder = ({ engine, address, get }) =>
  async function respond(name, body, buffers = []) {
    const traits = Object.fromEntries((REQUESTS[address.kind]?.[name] ?? []).map((trait) => [trait, get(trait)]));
    const channel = OVERTAKEN.includes(name) ? `${address.widget} ${name}` : undefined;
    const response = await engine.ask("respond", { ...address, name, body, traits, buffers }, channel);
    if (!response) throw new OvertakenError();
    return { body: response.body, buffers: response.buffers.map(toView) };
  };

/** @param {Uint8Array<ArrayBuffer>} bytes */
const toView = ({ buffer, byteOffset, byteLength }) => new DataView(buffer, byteOffset, byteLength);
