// Ports of MIDI, in or out: which there are, which one is chosen, what is missing. The choice is kept for the page: it is
// there again after a reload, where the browser gives MIDI without asking.

export const MIDI_UNSUPPORTED =
  "This browser gives this page no MIDI. Chrome, Edge, Opera and Firefox do, on secure pages and on those of this computer.";
export const MIDI_DENIED =
  "The browser did not allow MIDI. Allow it in the page's settings (the icon left of the address) and try again.";
export const MIDI_NO_PORTS =
  "No MIDI instrument is connected. Connect one, or start a virtual port, and it appears here.";

const KEY = "latentpalette:midi-port:";
const MAX_LENGTH = 300; // of an id or a name [characters]

/** @typedef {Partial<Pick<Navigator, "requestMIDIAccess" | "permissions">>} MidiNavigator */
/** @typedef {{ id: string, name: string }} NamedPort */

/**
 * @param {string} kind
 * @param {string | undefined} keptAs
 * @param {any} scope
 */
const keyOf = (kind, keptAs, scope) => `${KEY}${kind}:${scope.location?.pathname ?? ""}:${keptAs}`;

/**
 * The port that was chosen on this page before; null where there is none.
 * @param {"inputs" | "outputs"} kind
 * @param {string} [keptAs]
 * @param {any} [scope]
 * @returns {NamedPort | null}
 */
export function keptPort(kind, keptAs, scope = globalThis) {
  try {
    const read = JSON.parse((keptAs && scope.localStorage.getItem(keyOf(kind, keptAs, scope))) || "null");
    const isText = (/** @type {any} */ text) => typeof text === "string" && text.length <= MAX_LENGTH;
    return isText(read?.id) && isText(read.name) ? { id: read.id, name: read.name } : null;
  } catch {
    return null; // it is damaged, or the browser keeps nothing
  }
}

/**
 * @template {"inputs" | "outputs"} Kind
 * @param {object} options
 * @param {MidiNavigator} options.navigator
 * @param {Kind} options.kind
 * @param {() => void} options.onPorts       called when ports have come or gone, and when the browser has answered
 * @param {string} [options.keptAs]          the name under which the choice is kept; none: it is not
 * @param {any} [options.scope]
 */
export function createMidiPorts({ navigator, kind, onPorts, keptAs, scope = globalThis }) {
  /** @type {MIDIAccess | null} */
  let access = null;
  /** @type {NamedPort | null} */
  let port = null;
  let message = "";
  const key = keyOf(kind, keptAs, scope);
  /** @typedef {Kind extends "inputs" ? MIDIInput : MIDIOutput} Port */
  const connected = () => /** @type {Port[]} */ (access ? [...access[kind].values()].filter(({ state }) => state !== "disconnected") : []);
  const list = () => connected().map(({ id, name }) => ({ id, name: name || id }));
  /** @returns {Port | null} */
  const chosen = () => connected().find(({ id }) => id === port?.id) ?? null;
  const check = () => {
    if (port && !chosen()) message = `"${port.name}" is not connected any more.`;
    else message = connected().length ? "" : MIDI_NO_PORTS;
    onPorts();
  };
  function keep() {
    if (!keptAs) return;
    try {
      if (port) scope.localStorage.setItem(key, JSON.stringify(port));
      else scope.localStorage.removeItem(key);
    } catch {
      // it is not kept
    }
  }

  return {
    /** True if the browser has MIDI. */
    get supported() {
      return typeof navigator?.requestMIDIAccess === "function";
    },
    get list() {
      return list();
    },
    /** The chosen one, also while it is unplugged. */
    get port() {
      return port;
    },
    /** The same, as long as it is there. */
    get chosen() {
      return chosen();
    },
    /** What is missing, or "". */
    get message() {
      return message;
    },
    /** Ask the browser for access; call it from a click. If it refuses, `message` says so. */
    async ask() {
      if (!navigator?.requestMIDIAccess) message = MIDI_UNSUPPORTED;
      else {
        try {
          access ??= await navigator.requestMIDIAccess();
          access.addEventListener("statechange", check);
          return check();
        } catch {
          message = MIDI_DENIED;
        }
      }
      onPorts();
    },
    /**
     * @param {string | null} id   of a port; null: none
     */
    choose(id) {
      port = list().find((one) => one.id === id) ?? null;
      keep();
      check();
    },
    /**
     * Choose the port again that was chosen on this page before, if the browser does not have to ask for that.
     * @returns {Promise<boolean>}   true if there is one
     */
    async restore() {
      const before = keptPort(kind, keptAs, scope);
      if (!before || port || !navigator?.requestMIDIAccess) return false;
      try {
        const { state } = await /** @type {any} */ (navigator.permissions).query({ name: "midi" });
        if (state !== "granted") return false;
        access ??= await navigator.requestMIDIAccess();
      } catch {
        return false; // then it has to be chosen
      }
      access.addEventListener("statechange", check);
      port = before; // by its id; where a browser has given it another, by its name
      if (!chosen()) port = list().find(({ name }) => name === before.name) ?? before;
      check();
      return true;
    },
    dispose() {
      port = null;
      access?.removeEventListener("statechange", check);
    },
  };
}
