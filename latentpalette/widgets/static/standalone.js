// Host of a page without Jupyter: models in memory, and a view of each. Where the page carries a model, its engine
// responds to what they ask; else nobody does.
import { EngineModel, startPageEngine } from "./engine/page/client.js";
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

/** @type {{ module: number, kind: string, model: string, others: Record<string, string>, encodes: boolean, traits: Record<string, any> }[]} */
const widgets = fromText(elementOf("state").textContent ?? "[]");
for (const { traits } of widgets) {
  for (const [name, value] of Object.entries(traits)) {
    if (value?.same_as) traits[name] = widgets[value.same_as[0]].traits[value.same_as[1]]; // one kit, several players
  }
}
const engine = widgets.some(({ model }) => model) ? startPageEngine() : null;
for (const { module, kind, model, others, encodes, traits } of widgets) {
  const place = document.createElement("div");
  (slotOf(traits.widget_id) ?? elementOf("widgets")).append(place);
  const own = engine && model ? new EngineModel(traits, { engine, kind, model, others, encodes }) : new PageModel(traits);
  modules[module].render({ model: own, el: place });
}
reportHeight(document.body);
