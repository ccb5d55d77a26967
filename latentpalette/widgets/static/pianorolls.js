// Piano rolls side by side, each with a player: one view of a session.
/** @import { Disposables, Model } from "./types.js" */

import { loadBokeh, loadedBokeh } from "./view/bokehjs.js";
import { keepInNotebook } from "./state/notebook.js";
import { openRolls } from "./state/rollsession.js";
import { shareModel } from "./state/sharing.js";
import { keepColumns } from "./view/columns.js";
import { createDisposables, el, setText } from "./view/dom.js";
import { holdBareKeys } from "./view/keys.js";
import { createLegend } from "./view/legend.js";
import { createRollBar } from "./view/rollbar.js";
import { createRollCard } from "./view/cards/rollcard.js";
import { watchTheme } from "./view/theme.js";

/**
 * @param {{ model: Model }} widget
 * @returns {() => void}   called when the widget is gone
 */
function initialize({ model }) {
  keepInNotebook(model);
  return shareModel(model);
}

/**
 * Show piano rolls.
 * @param {{ model: Model, el: HTMLElement }} widget
 * @returns {() => void}   closes the view
 */
function render({ model, el: host }) {
  const disposables = createDisposables();
  const { session, close } = openRolls(model);
  disposables.add(close);
  const problem = el("p", { class: "lp-rolls-problem", role: "alert", hidden: true });
  const onError = (/** @type {any} */ error) => {
    setText(problem, error ? String(error.message ?? error) : "");
    problem.hidden = !error;
  };

  const { items } = session;
  disposables.add(session.on("problem", onError));
  const alone = items.length === 1;
  const cards = items.map((item, index) => createRollCard({ item, index, session, alone, disposables }));
  const preview = createPreview(model, disposables);
  const legend = model.get("legend");
  const grid = el("div", { class: "lp-rolls-grid" }, ...cards.map((card) => card.root), preview);
  const root = el(
    "div",
    { class: "lp-rolls lp-rolls-waiting", data: { many: Math.min(cards.length, 2) } },
    el(
      "div",
      { class: "lp-rolls-top", hidden: alone && !legend.length },
      alone ? null : createRollBar({ session, disposables }),
      legend.length ? createLegend(legend) : null,
    ),
    grid,
    el("p", { class: "lp-rolls-note", text: model.get("tempo_note"), hidden: !model.get("tempo_note") }),
    problem,
  );
  keepColumns(grid, { count: cards.length, rollWidth: model.get("roll_width"), disposables });
  disposables.on(root, "click", () => void (problem.hidden = true), true); // before the click can raise another
  disposables.on(root, "keydown", holdBareKeys);
  watchTheme(disposables, (dark) => root.classList.toggle("lp-dark", dark));
  host.append(root);

  const fetchBokeh = async () =>
    model.get("bokehjs")?.byteLength ? model.get("bokehjs") : session.fetchBytes("bokehjs", {});
  // Drawn when it stands on the page: BokehJS measures what it draws into. Without BokehJS the preview stays.
  const draw = async () => {
    if (session.alone && !loadedBokeh(globalThis) && !model.get("bokehjs")?.byteLength) return;
    const bokeh = await loadBokeh(fetchBokeh);
    if (!root.isConnected) return;
    root.classList.remove("lp-rolls-waiting");
    preview.remove();
    await Promise.all(cards.map((card) => card.draw(bokeh)));
  };
  // A kernel that was restarted before it had sent BokehJS leaves the preview, and nothing to complain of.
  requestAnimationFrame(() => void draw().catch((problem) => session.alone || onError(problem)));
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

export default { initialize, render };
