// The page of Set up where each stream has its sound, and where there are several its volume beside the others.
/** @import { InstrumentState, LaneCommands, SetupPage } from "../../types.js" */

import { el, setText } from "../dom.js";
import { createSoundControls } from "../soundcontrols.js";

/**
 * @param {object} options
 * @param {Pick<InstrumentState, "get" | "streams">} options.state
 * @param {LaneCommands} options.commands
 * @param {() => boolean} options.isLoading   true while Python renders other sounds
 * @returns {SetupPage & { show(): void }}
 */
export function createSoundsPage({ state, commands, isLoading }) {
  const { streams } = state;
  const several = streams.length > 1;
  const controls = streams.map((_, stream) => createSoundControls({ state, commands, stream }));
  const note = el("p", { class: "lp-dim lp-sounds-note", role: "status" });
  const rows = controls.map(({ select, volume }, stream) =>
    el("div", { class: "lp-item lp-sound-row" }, el("span", { text: streams[stream].name }), select, several ? volume : null),
  );
  const page = {
    name: "sounds",
    label: several ? "Sounds" : "Sound",
    element: el("div", { class: "lp-sounds" }, ...rows, note),
    value: () => (several ? `${streams.length} streams` : (state.get("sounds")?.[0] ?? streams[0].instrument)),
    open: () => page.show(),
    show() {
      controls.forEach((control) => control.show());
      const kept = several ? "Volumes are a balance: the whole stays equally loud. " : "";
      const why = state.get("has_kernel") ? "" : "Other sounds need Python.";
      setText(note, isLoading() ? "Rendering. The old sounds play until the new ones are there." : kept + why);
    },
  };
  return page;
}
