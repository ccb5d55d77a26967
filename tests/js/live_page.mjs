// Host of a page with the real Python behind it: what is saved goes to `toPython`, what Python sends comes to `receive`.

import { MemoryModel } from "../../latentpalette/widgets/static/state/memorymodel.js";

class LiveModel extends MemoryModel {
  dirty = {};
  requests = 0;
  set(name, value) {
    if (this.get(name) !== value) this.dirty[name] = value;
    super.set(name, value);
  }
  save_changes() {
    const changes = this.dirty;
    this.dirty = {};
    const plain = (value) => (ArrayBuffer.isView(value) ? { base64: textOfBytes(new Uint8Array(value.buffer)) } : value);
    toPython(JSON.stringify({ changes: Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, plain(value)])) }));
  }
  async send(message, _, buffers = []) {
    this.requests++;
    const texts = buffers.map((buffer) => textOfBytes(new Uint8Array(buffer)));
    const response = await toPython(JSON.stringify({ message, buffers: texts }));
    if (response) this.receive(response);
  }
  receive({ state, content, buffers }) {
    if (content) return this.emit("msg:custom", content, buffers.map(bytesOfText));
    Object.assign(this.traits, revived(state));
    for (const name of Object.keys(state)) this.emit(`change:${name}`);
  }
}

const textOfBytes = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const bytesOfText = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
const revived = (state) =>
  Object.fromEntries(
    Object.entries(state).map(([name, value]) => [name, value?.base64 !== undefined ? bytesOfText(value.base64) : value]),
  );

globalThis.show = (state) => {
  globalThis.model = new LiveModel(revived(state));
  globalThis.view();
};
globalThis.view = () => {
  const el = document.body.appendChild(document.createElement("div"));
  (globalThis.views ??= []).push({ el, close: widget.render({ model: globalThis.model, el }) });
};
