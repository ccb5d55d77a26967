// Playing together on a page without a session: what has this on is in phase, at one tempo.

export const PAGE = "page"; // the session of all that play with others
export const TOGETHER = {
  label: "Play with others",
  title: "On: it plays together with the others of this page that have this on, in phase and at one tempo.",
};
