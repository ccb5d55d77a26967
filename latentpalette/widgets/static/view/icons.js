// Icons for the controls, 16 by 16, in the color of the text. Constants only: nothing from outside is parsed.
const SHAPES = {
  play: '<path d="M4.5 2.8v10.4L13 8z" fill="currentColor" stroke="none"/>',
  stop: '<rect x="3.5" y="3.5" width="9" height="9" rx="1.5" fill="currentColor" stroke="none"/>',
  repeat: '<path d="M3 7.500V7a3 3 0 0 1 3-3h6.500M10.500 2l2 2-2 2M13 8.500V9a3 3 0 0 1-3 3H3.500M5.500 14l-2-2 2-2"/>',
  undo: '<path d="M6 3 2.8 6.2 6 9.4"/><path d="M3 6.2h6.2a3.6 3.6 0 0 1 0 7.2H6.5"/>',
  redo: '<path d="M10 3l3.2 3.2L10 9.4"/><path d="M13 6.2H6.8a3.6 3.6 0 0 0 0 7.2h2.7"/>',
  hand: '<circle cx="8" cy="8" r="3.2"/><path d="M8 1v2M8 13v2M1 8h2M13 8h2"/>',
  draw: '<path d="M1.8 13c2-6 4-6.5 5.6-4s3.6 1.5 6.8-6"/><path d="M10.8 2.6 14.4 2.8 13.6 6.4"/>',
  volume:
    '<path d="M2 6v4h2.500L8 13V3L4.5 6z" fill="currentColor" stroke-width="1"/><path d="M10.5 5.500a3.5 3.5 0 0 1 0 5M12.5 3.500a6.4 6.4 0 0 1 0 9"/>',
  muted: '<path d="M2 6v4h2.500L8 13V3L4.5 6z" fill="currentColor" stroke-width="1"/><path d="m10.5 6 4 4m0-4-4 4"/>',
  locked:
    '<rect x="3" y="7" width="10" height="7" rx="1.5" fill="currentColor" stroke-width="1"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>',
  unlocked: '<rect x="3" y="7" width="10" height="7" rx="1.5"/><path d="M5 7V5a3 3 0 0 1 5.8-1"/>',
  dice: '<rect x="2.2" y="2.2" width="11.6" height="11.6" rx="2.5"/><g fill="currentColor" stroke="none"><circle cx="5.5" cy="5.5" r="1.1"/><circle cx="10.5" cy="5.5" r="1.1"/><circle cx="8" cy="8" r="1.1"/><circle cx="5.5" cy="10.5" r="1.1"/><circle cx="10.5" cy="10.5" r="1.1"/></g>',
  star: '<path d="m8 1.900 1.900 3.900 4.300.6-3.100 3 .7 4.300L8 11.700l-3.800 2 .7-4.300-3.100-3 4.300-.6z"/>',
  file: '<path d="M8 10V2.500M5 5.2 8 2.300l3 2.9"/><path d="M2.5 10.500V13h11v-2.5"/>',
  download: '<path d="M8 2.300v7.500M5 7l3 2.900L11 7"/><path d="M2.5 10.500V13h11v-2.5"/>',
  clear: '<path d="m4 4 8 8m0-8-8 8"/>',
  copy: '<rect x="5.500" y="5.500" width="8" height="8" rx="1.600"/><path d="M10.500 2.500h-6.400a1.600 1.600 0 0 0-1.600 1.600v6.400"/>',
  midi: '<circle cx="8" cy="8" r="6"/><g fill="currentColor" stroke="none"><circle cx="4.7" cy="8.3" r=".9"/><circle cx="5.7" cy="5.7" r=".9"/><circle cx="8" cy="4.6" r=".9"/><circle cx="10.3" cy="5.7" r=".9"/><circle cx="11.3" cy="8.3" r=".9"/></g>',
  history: '<path d="M2.700 6A5.700 5.700 0 1 1 2.300 8.500"/><path d="M2.300 2.800V6.100h3.300M8 5v3.200l2.200 1.400"/>',
  help: '<path d="M5.7 6a2.3 2.3 0 1 1 3.4 2c-.8.4-1.1.9-1.1 1.7"/><circle cx="8" cy="12.3" r=".7" fill="currentColor"/>',
  setup: '<path d="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6"/><circle cx="10" cy="4.5" r="2"/><circle cx="6" cy="11.5" r="2"/>',
  tap: '<circle cx="8" cy="8" r="1.6" fill="currentColor"/><path d="M4.6 11.4a4.8 4.8 0 0 1 0-6.800M11.4 4.600a4.8 4.8 0 0 1 0 6.800"/>',
  headphones: '<path d="M3 9V8a5 5 0 0 1 10 0v1"/><path d="M3 9h2v4H3.5a1 1 0 0 1-1-1V9.500zM13 9h-2v4h1.500a1 1 0 0 0 1-1V9.500z"/>',
  row: '<path d="M1.500 8h12M10.500 5l3 3-3 3"/><path d="M3.500 4v8M7 4v8"/>',
  toandfro: '<path d="M1.800 8h12.400M4.800 5l-3 3 3 3M11.200 5l3 3-3 3"/>',
  back: '<path d="m9.5 4-4 4 4 4"/>',
  down: '<path d="m4 6.5 4 4 4-4"/>',
};

/** @param {keyof typeof SHAPES} name */
export function icon(name) {
  const template = document.createElement("template");
  template.innerHTML = `<svg class="lp-icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${SHAPES[name]}</svg>`;
  return /** @type {Element} */ (template.content.firstElementChild);
}
