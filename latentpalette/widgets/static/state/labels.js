// Labels of music that is edited by hand.

const EDITED = ", edited";

export const MAX_LABEL_LENGTH = 300; // as Python accepts it

/** @param {string} label */
export const editedLabel = (label) =>
  label.endsWith(EDITED) ? label : `${label.slice(0, MAX_LABEL_LENGTH - EDITED.length)}${EDITED}`;
