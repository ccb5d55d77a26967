// Files that are dropped on a part of an instrument.

/**
 * @param {HTMLElement} element
 * @param {(files: File[]) => void} onFiles   called with one or more
 */
export function acceptFiles(element, onFiles) {
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.classList.add("lp-drop");
  });
  element.addEventListener("dragleave", () => element.classList.remove("lp-drop"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    element.classList.remove("lp-drop");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) onFiles(files);
  });
}
