"""Requirements of the tests beside Python: found, installed (on Debian, as root), or named with one command.

Run by `make test` before anything else. Only the standard library, for nothing else may be there yet.
"""

from __future__ import annotations

import ctypes.util
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

# what it is for -> how each package manager calls it
NEEDS = {
    "Chromium (browser tests)": {"apt": "chromium", "brew": "chromium", "dnf": "chromium", "choco": "chromium"},
    "Firefox (pages that carry a model)": {
        "apt": "firefox-esr",
        "brew": "firefox",
        "dnf": "firefox",
        "choco": "firefox",
    },
    "FluidSynth's library (sound tests)": {
        "apt": "libfluidsynth3",
        "brew": "fluid-synth",
        "dnf": "fluidsynth-libs",
        "choco": "fluidsynth",
    },
    "node, 18 or later (JavaScript tests)": {"apt": "nodejs", "brew": "node", "dnf": "nodejs", "choco": "nodejs"},
    "npm (JavaScript type checker)": {"apt": "npm", "brew": "node", "dnf": "nodejs-npm", "choco": "nodejs"},
    "clang (the engine's kernels are rebuilt)": {"apt": "clang", "brew": "llvm", "dnf": "clang", "choco": "llvm"},
    "wasm-ld (links them)": {"apt": "lld", "brew": "lld", "dnf": "lld", "choco": "llvm"},
}
INSTALL = {
    "apt": "sudo apt install {}",
    "brew": "brew install {}",
    "dnf": "sudo dnf install {}",
    "choco": "choco install {}",
}


def has_chromium() -> bool:
    named = os.environ.get("CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome", "chrome"]
    return any(shutil.which(name) for name in names)


def find_firefox() -> str | None:
    """The path of a Firefox that may be driven with a profile of its own, which that of a snap may not."""
    paths = (shutil.which(name) for name in ("firefox-esr", "firefox"))
    return next((path for path in paths if path and "/snap/" not in os.path.realpath(path)), None)


def has_firefox() -> bool:
    """True if it is there, or nobody asks for it: its tests are skipped then."""
    return find_firefox() is not None or not ("CI" in os.environ or may_install())


def has_fluidsynth() -> bool:
    if ctypes.util.find_library("fluidsynth"):
        return True
    prefixes = [sys.prefix, sys.base_prefix, os.environ.get("CONDA_PREFIX"), "/opt/homebrew", "/usr/local"]
    return any(list(Path(prefix, "lib").glob("libfluidsynth*")) for prefix in prefixes if prefix)


def has_node() -> bool:
    if not shutil.which("node"):
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    return int(version.lstrip("v").split(".")[0] or 0) >= 18


def has_npm() -> bool:
    return shutil.which("npm") is not None


def has_clang() -> bool:
    return shutil.which("clang") is not None


def has_wasm_ld() -> bool:
    return shutil.which("wasm-ld") is not None


def missing() -> list[str]:
    """The keys of NEEDS that are not there."""
    checks = (has_chromium(), has_firefox(), has_fluidsynth(), has_node(), has_npm(), has_clang(), has_wasm_ld())
    found = zip(NEEDS, checks, strict=True)
    return [need for need, there in found if not there]


def may_install() -> bool:
    """True if this is Debian and we are root. Not Ubuntu: its chromium package is a snap, which no container runs."""
    release = Path("/etc/os-release")
    is_debian = release.is_file() and "ID=debian" in release.read_text(encoding="utf-8").splitlines()
    return is_debian and os.geteuid() == 0


def install(needs: list[str]) -> None:
    packages = [NEEDS[need]["apt"] for need in needs]
    print(f"Installing with apt: {' '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], env=quiet, stdin=subprocess.DEVNULL, check=True)
    subprocess.run(
        ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages],
        env=quiet,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def advice(needs: list[str]) -> str:
    """The missing requirements, and the one command that installs them here."""
    on = {"Darwin": "brew", "Windows": "choco"}.get(platform.system())
    manager = on or next((name for name in ("apt", "dnf", "brew") if shutil.which(name)), "apt")
    packages = list(dict.fromkeys(NEEDS[need][manager] for need in needs))
    command = INSTALL[manager].format(" ".join(packages))
    applications = [package for package in packages if package in ("chromium", "firefox")]
    if manager == "brew" and applications:  # these are no formulas
        rest = [package for package in packages if package not in applications]
        command = f"brew install --cask {' '.join(applications)}"
        command += f" && {INSTALL['brew'].format(' '.join(rest))}" if rest else ""
    return f"The tests also need: {'; '.join(needs)}.\nInstall with:  {command}"


def main() -> int:
    if (needs := missing()) and may_install():
        install(needs)
        needs = missing()
    if needs:
        print(advice(needs), file=sys.stderr)
    return 1 if needs else 0


if __name__ == "__main__":
    sys.exit(main())
