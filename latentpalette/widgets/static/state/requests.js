// Requests to Python, or to the engine of a page that carries its model. One request, one promise; Python always
// responds, though a busy kernel responds late. Work that takes long it does in parts: it is asked again until all are
// done, and between two of them it does what else it is asked.
/** @import { Model, OnError, Request, RequestState, Response, Timeouts } from "../types.js" */

/**
 * True if somebody responds to a request: Python, or the engine of the page.
 * @param {{ get(name: any): any }} state
 * @param {string} name   of the request
 */
export const canAsk = (state, name) => state.get("has_kernel") || (state.get("page_requests") ?? []).includes(name);

// Quicker in a page that has an engine than on the way to Python and back.
export const PAGE_FIRST = ["decode", "cells", "place", "between"];

/**
 * True if the engine of the page responds, which drops a request for a grid or a row when a newer one comes.
 * @param {{ get(name: any): any }} state
 * @param {string} name   of the request
 */
export const asksPage = (state, name) =>
  (state.get("page_requests") ?? []).includes(name) && (!state.get("has_kernel") || PAGE_FIRST.includes(name));

/** A newer request took the place of this one. */
export class OvertakenError extends Error {
  constructor() {
    super("A newer request took the place of this one.");
  }
}

const SLOW_MILLISECONDS = 1000;
export const LOST_MILLISECONDS = 15000;

/** @param {Pick<Model, "on" | "off" | "send">} model */
export function createRequester(model) {
  /** @type {Map<string, { ask(): void, resolve(response: Response): void, reject(error: Error): void }>} */
  const pending = new Map();
  const prefix = Math.random().toString(36).slice(2); // two views of one model must not take each other's responses
  let count = 0;
  /** @type {Error | null} */
  let abandoned = null;
  /**
   * @param {any} message
   * @param {DataView<ArrayBuffer>[]} [buffers]
   */
  const onMessage = (message, buffers) => {
    const waiting = message?.type === "response" && pending.get(message.id);
    if (!waiting) return;
    if (message.again) return waiting.ask();
    pending.delete(message.id);
    if (message.ok) waiting.resolve({ body: message.body ?? {}, buffers: buffers ?? [] });
    else waiting.reject(new Error(message.error));
  };
  model.on("msg:custom", onMessage);

  /** @type {Request} */
  const request = (name, body, buffers = []) =>
    new Promise((resolve, reject) => {
      if (abandoned) return reject(abandoned);
      const id = `${prefix}-${count++}`;
      const ask = () => model.send({ type: "request", id, name, body }, undefined, buffers);
      pending.set(id, { ask, resolve, reject });
      ask();
    });
  return {
    request,
    /**
     * Reject every request, now and from here on: no response will come.
     * @param {Error} reason
     */
    abandon(reason) {
      abandoned = reason;
      for (const { reject } of pending.values()) reject(reason);
      pending.clear();
    },
    dispose() {
      pending.clear();
      model.off("msg:custom", onMessage);
    },
  };
}

/**
 * Send the latest of many requests: at most one is in flight and one waits, unless a newer one makes whoever responds
 * drop the older; an overtaken response is dropped.
 * @template Body
 * @param {object} options
 * @param {(body: Body) => Promise<Response>} options.request
 * @param {(response: Response, body: Body) => void} options.onResponse
 * @param {OnError} options.onError
 * @param {(state: RequestState) => void} [options.onState]   a response is still accepted after "lost"
 * @param {() => boolean} [options.overtakes]   true where the older request is dropped
 * @param {Timeouts} [options.timers]
 */
export function latestOnly(options) {
  const { request, onResponse, onError, onState = () => {}, overtakes = () => false, timers = globalThis } = options;
  /** @type {{ body: Body } | null} */
  let inFlight = null;
  /** @type {{ body: Body } | null} */
  let waiting = null;
  /** @type {ReturnType<typeof setTimeout>[]} */
  let timeouts = [];
  const clearTimeouts = () => {
    timeouts.forEach((timeout) => timers.clearTimeout(timeout));
    timeouts = [];
  };
  /** @param {{ body: Body }} own */
  const start = (own) => {
    inFlight = own;
    onState("asking");
    timeouts = [
      timers.setTimeout(() => onState("slow"), SLOW_MILLISECONDS),
      timers.setTimeout(() => {
        onState("lost");
        if (inFlight === own && waiting) startWaiting(waiting); // do not wait for ever behind one without a response
      }, LOST_MILLISECONDS),
    ];
    /** @param {() => void} deliver */
    const settle = (deliver) => {
      if (inFlight !== own) return; // overtaken
      clearTimeouts();
      inFlight = null;
      if (waiting) return startWaiting(waiting);
      onState("idle");
      deliver();
    };
    request(own.body).then(
      (response) => settle(() => onResponse(response, own.body)),
      (problem) => settle(() => onError(problem)),
    );
  };
  /** @param {{ body: Body }} next */
  const startWaiting = (next) => {
    clearTimeouts();
    waiting = null;
    start(next);
  };
  return {
    /** @param {Body} body */
    send(body) {
      if (inFlight && !overtakes()) waiting = { body };
      else startWaiting({ body });
    },
    /** Drop what is in flight and what waits: its response is not needed any more. */
    forget() {
      if (!inFlight) return;
      clearTimeouts();
      inFlight = waiting = null;
      onState("idle");
    },
    dispose() {
      clearTimeouts();
      inFlight = waiting = null;
    },
  };
}
