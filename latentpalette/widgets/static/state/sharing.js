// One session for all views of a widget, opened by the first and disposed with the last.
//
// Hosts hand each view a model of its own, whose listeners go when that view closes. The model that `initialize` was
// given stays for as long as the widget does: sessions use it.
/** @import { Model } from "../types.js" */

/** @type {Map<string, Model>} */
const MODELS = new Map(); // by the id of the widget

/**
 * Let the views of a widget find the model that `initialize` was given.
 * @param {Model} model
 * @returns {() => void}   forgets it, when the widget is gone
 */
export function shareModel(model) {
  const id = model.get("widget_id");
  MODELS.set(id, model);
  return () => {
    if (MODELS.get(id) === model) MODELS.delete(id);
  };
}

/**
 * Make a function that opens a view's share in the session of its widget.
 * @template {{ dispose(): void }} Session
 * @param {(model: Model) => Session} createSession
 */
export function shareSessions(createSession) {
  /** @type {WeakMap<Model, { session: Session, views: number }>} */
  const sessions = new WeakMap();
  return (/** @type {Model} */ viewModel) => {
    const model = MODELS.get(viewModel.get("widget_id")) ?? viewModel;
    const entry = sessions.get(model) ?? { session: createSession(model), views: 0 };
    sessions.set(model, entry);
    entry.views++;
    return {
      session: entry.session,
      close() {
        if (--entry.views) return;
        sessions.delete(model);
        entry.session.dispose();
      },
    };
  };
}
