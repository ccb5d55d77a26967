// Who responds to a request in a notebook: Python, or the engine of the page where there is one.
//
// Both respond alike. What is quicker in the page than on a way to Python and back is asked there, and Python follows;
// samples, drummers and files are Python's, unless it is busy; with Python gone the page responds to all that it can.
/** @import { OnError, PageResponder, Request, Response, Timeouts } from "../types.js" */

import { OvertakenError, PAGE_FIRST, latestOnly } from "./requests.js";

const EITHER = ["sample", "draw", "spread", "similar", "encode", "drums", "midi", "humanize", "hats", "tap", "song", "file"];
const PATIENCE = 500; // [milliseconds] until the page is asked for what Python is late with

/**
 * @param {object} options
 * @param {Request} options.askPython
 * @param {() => boolean} options.hasPython
 * @param {() => void} options.onChange   the page responds to other requests now
 * @param {OnError} options.onError
 * @param {Timeouts} [options.timers]
 */
export function createResponders({ askPython, hasPython, onChange, onError, timers = globalThis }) {
  /** @type {PageResponder | null} */
  let page = null;
  let works = false; // the page has responded once
  // What Python would have decoded: it decodes it, too, so that its values are those of the page.
  const followed = latestOnly({
    request: (/** @type {Parameters<Request>} */ asked) => askPython(...asked),
    onResponse() {},
    onError: (problem) => hasPython() && onError(problem),
    timers,
  });

  /** @type {(...asked: Parameters<Request>) => Promise<Response>} */
  async function askPage(...asked) {
    try {
      const response = await /** @type {PageResponder} */ (page).respond(...asked);
      works = true;
      if (asked[0] === "decode" && hasPython()) followed.send(asked);
      return response;
    } catch (problem) {
      if (!hasPython() || problem instanceof OvertakenError) throw problem;
      if (!works) responders.close(); // this browser runs no engine
      return askPython(...asked);
    }
  }

  /** @type {(...asked: Parameters<Request>) => Promise<Response>} */
  const askEither = (...asked) =>
    new Promise((resolve, reject) => {
      const { respond } = /** @type {PageResponder} */ (page);
      const late = timers.setTimeout(() => void respond(...asked).then(resolve, () => {}), PATIENCE);
      askPython(...asked)
        .then(resolve, (problem) => (hasPython() ? reject(problem) : respond(...asked).then(resolve, reject)))
        .finally(() => timers.clearTimeout(late));
    });

  const responders = {
    /** What the page responds to. @returns {string[]} */
    get pageRequests() {
      return page?.requests ?? [];
    },
    /** @type {Request} */
    request(...asked) {
      const [name] = asked;
      if (!page?.requests.includes(name)) return askPython(...asked);
      if (!hasPython() || PAGE_FIRST.includes(name)) return askPage(...asked);
      return EITHER.includes(name) ? askEither(...asked) : askPython(...asked);
    },
    /**
     * Let the page respond from here on.
     * @param {PageResponder} responder
     */
    open(responder) {
      page = responder;
      onChange();
    },
    close() {
      page?.release();
      page = null;
      onChange();
    },
    dispose() {
      followed.dispose();
      page?.release();
      page = null;
    },
  };
  return responders;
}
