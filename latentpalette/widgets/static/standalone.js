// Host of a page without Jupyter: models in memory, and a view of each.
import { MemoryModel } from "./state/memorymodel.js";

const NO_PYTHON = "This page has no Python behind it. Open the palette in a notebook for that.";

class PageModel extends MemoryModel {
  /**
   * Respond to a request as Python does, which is not there.
   * @param {any} message
   */
  send(message) {
    if (message.type !== "request") return;
    this.emit("msg:custom", { type: "response", id: message.id, ok: false, error: NO_PYTHON }, []);
  }
}

/** @param {string} id */
const elementOf = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {{ module: number, traits: Record<string, any> }[]} */
const widgets = JSON.parse(elementOf("state").textContent ?? "[]", (_, value) =>
  value && typeof value === "object" && typeof value.base64 === "string"
    ? new DataView(Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt(0)).buffer)
    : value,
);
for (const { module, traits } of widgets) {
  const place = document.createElement("div");
  elementOf("widgets").append(place);
  modules[module].render({ model: new PageModel(traits), el: place });
}
