// Named events within one view: handlers by type, called in the order they were added.

export function createEmitter() {
  const handlers = new Map();
  return {
    on(type, handler) {
      if (!handlers.has(type)) handlers.set(type, new Set());
      handlers.get(type).add(handler);
      return () => handlers.get(type).delete(handler);
    },
    emit(type, ...details) {
      for (const handler of [...(handlers.get(type) ?? [])]) handler(...details);
    },
  };
}
