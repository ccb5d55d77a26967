// Commands of a session: its own changes, and undo and redo of the newest change of any of its instruments.
/** @import { GroupState } from "./groupstate.js" */

import { toText } from "./bytes.js";
import { asOneChange } from "./changeorder.js";
import { createHistory } from "./history.js";
import { partOf } from "./groupstate.js";

/** @param {{ state: GroupState, onChange: () => void }} options */
export function createGroupCommands({ state, onChange }) {
  /** @type {ReturnType<typeof createHistory<Record<string, any>>>} */
  const own = createHistory({ onChange });
  /** @param {Record<string, any>} values */
  const presentOf = (values) => Object.fromEntries(Object.keys(values).map((name) => [name, state.get(name)]));
  const ownCommands = {
    undo: () => state.set(own.undo(presentOf) ?? {}),
    redo: () => state.set(own.redo(presentOf) ?? {}),
  };
  const all = () => [{ history: own, commands: ownCommands }, ...state.instruments()];
  const newest = () => Math.max(...all().map(({ history }) => history.undoNumber));
  /** What was undone last, unless something has been changed since. */
  const next = () => {
    const number = Math.min(...all().map(({ history }) => history.redoNumber));
    return number > newest() ? number : Infinity;
  };

  const commands = {
    /**
     * @param {Record<string, any>} values
     * @param {boolean} [isFurther]   true if it goes on with a change that undo takes back as one
     */
    change(values, isFurther = false) {
      if (!isFurther) own.push(presentOf(values));
      state.set(values);
    },
    undo() {
      const number = newest();
      if (!number) return;
      for (const { history, commands } of all()) while (history.undoNumber === number) commands.undo();
      onChange();
    },
    redo() {
      const number = next();
      if (number === Infinity) return;
      for (const { history, commands } of all()) while (history.redoNumber === number) commands.redo();
      onChange();
    },
    /**
     * Set what is edited in all instruments, as one change.
     * @param {Record<string, any>} values
     */
    restoreEdits(values) {
      const isNew = (/** @type {string} */ name) => toText(values[name]) !== toText(state.get(name));
      asOneChange(() => {
        if ("qpm" in values && isNew("qpm")) commands.change({ qpm: values.qpm });
        state.members.forEach((_, index) => {
          const names = Object.keys(values).filter((name) => name.startsWith(`${index}.`));
          if (names.some(isNew)) state.instrument(index)?.commands.restoreEdits(partOf(values, index));
        });
      });
    },
    /**
     * Leave an instrument out, or let it be heard again.
     * @param {number} index
     */
    toggleMute(index) {
      state.instrument(index)?.commands.change({ silenced: !state.get(`${index}.silenced`) });
    },
    /**
     * Hear an instrument alone; all of them, if it already is.
     * @param {number} index
     */
    toggleSolo(index) {
      const isAlone = commands.isSolo(index);
      asOneChange(() =>
        state.members.forEach((_, other) => {
          const silenced = other !== index && !isAlone;
          if (state.get(`${other}.silenced`) !== silenced) state.instrument(other)?.commands.change({ silenced });
        }),
      );
    },
    /** @param {number} index */
    isSolo(index) {
      const others = state.members.flatMap((_, other) => (other !== index && state.instrument(other) ? [other] : []));
      return others.length > 0 && !state.get(`${index}.silenced`) && others.every((other) => state.get(`${other}.silenced`));
    },
    /**
     * @param {number} index
     * @param {number} volume      0 to 1
     * @param {number} time        of the move [milliseconds]: those of one drag are undone as one
     */
    setVolume(index, volume, time) {
      const isFurther = own.continues(`volume ${index}`, time);
      commands.change({ [`${index}.volume`]: volume }, isFurther);
    },
  };
  return {
    commands,
    history: {
      continues: own.continues,
      get canUndo() {
        return newest() > 0;
      },
      get canRedo() {
        return next() < Infinity;
      },
    },
  };
}
