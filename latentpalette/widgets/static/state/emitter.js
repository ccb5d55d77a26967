// Named events: handlers by type, called in the order in which they were added.

export function createEmitter() {
  /** @type {Map<string, Set<(...details: any[]) => void>>} */
  const handlers = new Map();
  return {
    /**
     * @param {string} type
     * @param {(...details: any[]) => void} handler
     * @returns {() => void}   removes the handler
     */
    on(type, handler) {
      const ofType = handlers.get(type) ?? new Set();
      handlers.set(type, ofType.add(handler));
      return () => void ofType.delete(handler);
    },
    /**
     * @param {string} type
     * @param {any[]} details
     */
    emit(type, ...details) {
      for (const handler of [...(handlers.get(type) ?? [])]) handler(...details);
    },
  };
}
