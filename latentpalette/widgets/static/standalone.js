// Host of a page without Jupyter: models in memory, and a view of each.
import { fromText } from "./state/bytes.js";
import { slotOf } from "./state/ensemble.js";
import { MemoryModel } from "./state/memorymodel.js";
import { reportHeight } from "./view/framed.js";

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
const widgets = fromText(elementOf("state").textContent ?? "[]");
for (const { module, traits } of widgets) {
  const place = document.createElement("div");
  (slotOf(traits.widget_id) ?? elementOf("widgets")).append(place);
  modules[module].render({ model: new PageModel(traits), el: place });
}
reportHeight(document.body);
