// Piano rolls side by side, each with a player.
/** @import { Disposables, Model, RollItem } from "./types.js" */

import { loadBokeh, loadedBokeh } from "./view/bokehjs.js";
import { keepInNotebook } from "./state/notebook.js";
import { linkKernel } from "./state/kernellink.js";
import { createRequester } from "./state/requests.js";
import { createDisposables, el, setText } from "./view/dom.js";
import { holdBareKeys } from "./view/keys.js";
import { createRollCard } from "./view/cards/rollcard.js";
import { watchTheme } from "./view/theme.js";

const NO_KERNEL = "Python was restarted or has stopped: run the cell again for this.";

/** @param {{ model: Model }} widget */
function initialize({ model }) {
  keepInNotebook(model);
}

/**
 * Show piano rolls.
 * @param {{ model: Model, el: HTMLElement }} widget
 * @returns {() => void}   closes the view
 */
function render({ model, el: host }) {
  const disposables = createDisposables();
  const link = linkKernel(model, () => requester.abandon(new Error(NO_KERNEL)));
  const requester = createRequester(link.model);
  disposables.add(requester.dispose);
  disposables.add(link.dispose);
  if (model.get("has_kernel") === false) requester.abandon(new Error(NO_KERNEL)); // opened with a saved notebook
  /**
   * @param {string} name
   * @param {object} body
   */
  const fetchBytes = async (name, body) => (await requester.request(name, body)).buffers[0];
  const problem = el("p", { class: "lp-rolls-problem", role: "alert", hidden: true });
  const onError = (/** @type {any} */ error) => {
    setText(problem, String(error.message ?? error));
    problem.hidden = false;
  };

  const cards = /** @type {RollItem[]} */ (model.get("items")).map((item, index) =>
    createRollCard({
      item,
      disposables,
      onError,
      loadSound: async () => ({
        type: model.get("mime_type"),
        bytes: soundOf(model.get("sounds"), item) ?? (await fetchBytes("sound", { index })),
      }),
    }),
  );
  const preview = createPreview(model, disposables);
  const root = el(
    "div",
    { class: "lp-rolls lp-rolls-waiting", data: { many: Math.min(cards.length, 2) } },
    ...cards.map((card) => card.root),
    preview,
    el("p", { class: "lp-rolls-note", text: model.get("tempo_note"), hidden: !model.get("tempo_note") }),
    problem,
  );
  disposables.on(root, "keydown", holdBareKeys);
  watchTheme(disposables, (dark) => root.classList.toggle("lp-dark", dark));
  host.append(root);

  const fetchBokeh = async () =>
    model.get("bokehjs")?.byteLength ? model.get("bokehjs") : fetchBytes("bokehjs", {});
  // Drawn when it stands on the page: BokehJS measures what it draws into. Without BokehJS the preview stays.
  const draw = async () => {
    if (model.get("has_kernel") === false && !loadedBokeh(globalThis)) return;
    const bokeh = await loadBokeh(fetchBokeh);
    if (!root.isConnected) return;
    root.classList.remove("lp-rolls-waiting");
    preview.remove();
    await Promise.all(cards.map((card) => card.draw(bokeh)));
  };
  requestAnimationFrame(() => void draw().catch(onError));
  return () => {
    disposables.dispose();
    root.remove();
  };
}

/**
 * Show the PNG until BokehJS has come: a busy kernel sends that late.
 * @param {Model} model
 * @param {Disposables} disposables
 */
function createPreview(model, disposables) {
  const url = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
  disposables.add(() => URL.revokeObjectURL(url));
  return el("img", { class: "lp-rolls-preview", src: url, alt: model.get("png_alt") ?? "" });
}

/**
 * The sound of an item.
 * @param {DataView<ArrayBuffer>} sounds   those of all items
 * @param {RollItem} item
 */
function soundOf(sounds, { start, length }) {
  if (!length || start + length > sounds.byteLength) return null;
  return new Uint8Array(sounds.buffer, sounds.byteOffset + start, length);
}

export default { initialize, render };
