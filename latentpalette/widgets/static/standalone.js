// The host of a page without Jupyter: a model in memory, and one view of it.
class PageModel {
  constructor(state) {
    this.state = state;
    this.handlers = new Map();
  }
  get(name) {
    return this.state[name];
  }
  set(name, value) {
    if (this.state[name] === value) return;
    this.state[name] = value;
    this.emit(`change:${name}`);
  }
  save_changes() {}
  on(type, handler) {
    if (!this.handlers.has(type)) this.handlers.set(type, new Set());
    this.handlers.get(type).add(handler);
  }
  off(type, handler) {
    this.handlers.get(type)?.delete(handler);
  }
  emit(type, ...details) {
    for (const handler of [...(this.handlers.get(type) ?? [])]) handler(...details);
  }
  // Python always answers; where there is none, this does.
  send(message) {
    const error = "This page has no Python behind it. Open the palette in a notebook for that.";
    if (message.type === "request") this.emit("msg:custom", { type: "response", id: message.id, ok: false, error }, []);
  }
}

const stateOfPage = JSON.parse(document.getElementById("state").textContent, (_, value) =>
  value && typeof value === "object" && typeof value.base64 === "string"
    ? new DataView(Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt(0)).buffer)
    : value,
);
instrument.render({ model: new PageModel(stateOfPage), el: document.getElementById("instrument") });
