// The choice among the tracks of a file that was loaded: by name, instrument and number of notes.
/** @import { FileTrack, Takes, TrackList } from "../../types.js" */

import { el } from "../dom.js";

/**
 * @param {(track: number | null) => void} onChoose   called with its number, or null for what was read at first
 */
export function createTrackSelect(onChoose) {
  const element = el("select", { class: "lp-control lp-small lp-tracks", hidden: true, aria: { label: "Track of the file" } });
  element.addEventListener("change", () => onChoose(element.value ? Number(element.value) : null));
  return {
    element,
    /**
     * Offer the tracks of a file, if there is a choice.
     * @param {string} fileName
     * @param {TrackList} first   as read at first
     * @param {boolean} isRead    whether there was music for the instrument
     */
    offer(fileName, first, isRead) {
      const { tracks, more_tracks: others, takes, track } = first;
      const open = tracks.filter((each) => canTake(each, takes));
      const none = isRead ? { text: takes === "drums" ? "All drums" : "All tracks" } : { text: "Choose a track", disabled: true };
      element.replaceChildren(
        ...(track === null ? [el("option", { value: "", ...none })] : []),
        ...tracks.map((each) => el("option", { value: each.number, text: wordsOf(each, takes), disabled: !canTake(each, takes) })),
        ...(others ? [el("option", { text: `and ${others.toLocaleString("en")} more`, disabled: true })] : []),
      );
      element.setAttribute("aria-label", `${takes === "drums" ? "Drums" : "Melody"} of ${fileName}`);
      element.hidden = open.length < (track === null && !isRead ? 1 : 2);
      element.value = track === null ? "" : String(track);
    },
    /** @param {number | null} track   the one that is read now */
    show(track) {
      element.value = track === null ? "" : String(track);
      element.title = element.selectedOptions[0]?.text ?? "";
    },
  };
}

/**
 * The track that is read, in words; empty where it is not one.
 * @param {TrackList} list
 */
export function chosenInWords({ tracks, takes, track }) {
  const chosen = tracks.find(({ number }) => number === track);
  return chosen ? `track ${titleOf(chosen)}${asDrums(chosen, takes)}` : "";
}

/** @param {FileTrack} track */
export const nameOf = ({ name, instrument }) => name || instrument;

/** @param {FileTrack} track */
const titleOf = (track) => `${track.number}, ${nameOf(track)}`;

/** @param {FileTrack} track @param {Takes} takes */
const asDrums = ({ is_drum }, takes) => (takes === "drums" && !is_drum ? ", as drums" : "");

/** @param {FileTrack} track @param {Takes} takes */
const canTake = ({ is_drum }, takes) => takes === "drums" || !is_drum;

/** @param {FileTrack} track @param {Takes} takes */
function wordsOf(track, takes) {
  const { name, instrument, notes } = track;
  const isNamed = !["", instrument.toLowerCase()].includes(name.toLowerCase());
  const facts = [...(isNamed ? [instrument] : []), `${notes.toLocaleString("en")} note${notes === 1 ? "" : "s"}`];
  return `${titleOf(track)} (${facts.join(", ")})${asDrums(track, takes)}`;
}
