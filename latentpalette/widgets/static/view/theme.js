// Detection of the surrounding page's theme. Each host marks it in its own way; where none does, the system decides.
/** @import { Disposables } from "../types.js" */

/** @typedef {Pick<HTMLElement, "dataset" | "classList" | "getAttribute">} Marked */

/**
 * True if the page is dark.
 * @param {Marked} body
 * @param {Marked} root
 * @param {boolean} systemIsDark
 */
export function isDark(body, root, systemIsDark) {
  const lab = body.dataset.jpThemeLight;
  if (lab === "true" || lab === "false") return lab === "false";
  for (const element of [body, root]) {
    const { theme, mode, vscodeThemeKind } = element.dataset;
    const words = `${theme ?? ""} ${mode ?? ""} ${vscodeThemeKind ?? ""} ${element.getAttribute("theme") ?? ""}`;
    if (element.classList.contains("dark") || /\bdark\b/.test(words)) return true;
    if (element.classList.contains("light") || /\blight\b/.test(words)) return false;
  }
  return systemIsDark;
}

/**
 * Call `onChange(dark)` now and whenever the theme changes.
 * @param {Disposables} disposables
 * @param {(dark: boolean) => void} onChange
 */
export function watchTheme(disposables, onChange) {
  const { body, documentElement: root } = document;
  const system = matchMedia("(prefers-color-scheme: dark)");
  /** @type {boolean | null} */
  let last = null;
  const check = () => {
    const dark = isDark(body, root, system.matches);
    if (dark !== last) onChange((last = dark));
  };
  const observer = new MutationObserver(check);
  const attributes = ["class", "theme", "data-jp-theme-light", "data-theme", "data-mode", "data-vscode-theme-kind"];
  for (const element of [body, root]) observer.observe(element, { attributes: true, attributeFilter: attributes });
  disposables.add(() => observer.disconnect());
  disposables.on(system, "change", check);
  check();
}
