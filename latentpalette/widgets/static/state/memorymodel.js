// A model in memory, with the interface of anywidget's: for pages without Jupyter.

export class MemoryModel {
  /** @param {Record<string, any>} traits */
  constructor(traits) {
    this.traits = traits;
    /** @type {Map<string, Set<(...details: any[]) => void>>} */
    this.handlers = new Map();
  }
  /** @param {string} name */
  get(name) {
    return this.traits[name];
  }
  /**
   * @param {string} name
   * @param {any} value
   */
  set(name, value) {
    if (this.traits[name] === value) return;
    this.traits[name] = value;
    this.emit(`change:${name}`);
  }
  save_changes() {}
  /**
   * @param {string} type
   * @param {(...details: any[]) => void} handler
   */
  on(type, handler) {
    this.handlers.set(type, (this.handlers.get(type) ?? new Set()).add(handler));
  }
  /**
   * @param {string} type
   * @param {(...details: any[]) => void} handler
   */
  off(type, handler) {
    this.handlers.get(type)?.delete(handler);
  }
  /**
   * @param {string} type
   * @param {any[]} details
   */
  emit(type, ...details) {
    for (const handler of [...(this.handlers.get(type) ?? [])]) handler(...details);
  }
}
