// Card of the end that is edited, in the place of the step that plays.
/** @import { Disposables, MixerSession } from "../../types.js" */

import { createPlaceEditor } from "../cards/placeeditor.js";
import { LETTERS, cornerWeights, markColor } from "../color.js";
import { el, setText } from "../dom.js";

/**
 * @param {object} options
 * @param {MixerSession} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {() => void} options.onChange   called when another end is edited, or none
 */
export function createEditCard({ session, disposables, isDark, onChange }) {
  const { ends, transport } = session;
  const { get, set, streams, lanes } = session.state;
  const music = { get, set, streams, lanes, steps: ends.clip(0).steps };
  const editor = createPlaceEditor({ state: music, places: ends, transport, disposables, isDark });
  /** @type {number | null} */
  let edited = null;
  const letter = el("span");
  const name = el("span", { class: "lp-dim lp-corner-name" });
  const done = el("button", { class: "lp-control lp-small", type: "button", text: "Done", title: "Back to the step that plays (Esc)", on: { click: close } });
  const element = el(
    "section",
    { class: "lp-card lp-step-card", hidden: true, aria: { label: "Edit an end" } },
    el("div", { class: "lp-row lp-nowrap lp-head" }, el("h4", { class: "lp-title" }, letter), name, el("span", { class: "lp-space" }), editor?.pager, done),
    editor?.element,
  );

  /** @param {number | null} end */
  function edit(end) {
    edited = end;
    if (end !== null) ends.play(end);
    onChange();
  }
  function close() {
    edit(null);
  }
  return {
    element,
    canEdit: editor !== null,
    /** The end that is edited, or null. */
    get edited() {
      return edited;
    },
    /**
     * Edit an end; once more: no longer.
     * @param {number} end
     */
    toggle: (end) => edit(edited === end ? null : end),
    close,
    show() {
      element.hidden = edited === null;
      if (edited === null) return;
      setText(letter, `End ${LETTERS[edited]}`);
      setText(name, session.state.get("labels")[edited]);
      element.dataset.corner = String(edited);
      editor?.show(edited, markColor(cornerWeights(edited), isDark()));
    },
    /** @param {number} step   the audible one, or -1 */
    movePlayhead: (step) => editor?.movePlayhead(edited !== null && ends.playing === edited ? step : -1),
  };
}
