// An instrument's page tells how high it is; its frame gets that height, so that it is whole and has no scroll bar.
const BORDERS = 2; // [CSS pixels]

addEventListener("message", ({ data, source }) => {
  const height = data?.latentpalette?.height;
  if (!Number.isFinite(height)) return;
  for (const frame of document.querySelectorAll(".playing iframe")) {
    if (frame.contentWindow === source) frame.style.height = `${Math.min(Math.max(height, 80), 4000) + BORDERS}px`;
  }
});
