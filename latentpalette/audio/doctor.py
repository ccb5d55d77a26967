"""Check what this machine has for sound and notebooks, and name the command that installs what is missing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from latentpalette.audio.engines import fluidsynth
from latentpalette.audio.sound import has_mp3
from latentpalette.audio.soundfont.find import bundled_soundfont, find_soundfont
from latentpalette.errors import LatentPaletteError


@dataclass(frozen=True)
class Check:
    """The result of a check.

    Parameters
    ----------
    name : str
        The thing that was checked.
    ok : bool
        True if it was found and works.
    detail : str
        Version or path, or the consequence of not having it.
    fix : str
        The command that installs it; empty where there is none.
    """

    name: str
    ok: bool
    detail: str
    fix: str = ""

    def __str__(self) -> str:
        mark = "✓" if self.ok else "–"
        return f"{mark} {self.name}: {self.detail}" + (f"  →  {self.fix}" if self.fix else "")


def run_checks() -> list[Check]:
    """Check everything that latentpalette can use.

    Returns
    -------
    list of Check
        In order of importance. Nothing here is needed to load a model and hear it: without FluidSynth, latentpalette's
        own SoundFont player is used.

    Examples
    --------
    >>> [check.name for check in run_checks()][:3]
    ['SoundFont', 'FluidSynth', 'MP3']
    """
    return [
        _soundfont(),
        _fluidsynth(),
        _mp3(),
        _package("JupyterLab", "jupyterlab", "the palette runs in it"),
        _package("anywidget", "anywidget", "the palette is built with it"),
        _package("bokeh", "bokeh", "piano rolls are drawn with it"),
        _package("PyTorch", "torch", "the models run on it"),
        _models(),
        _chromium(),
    ]


def install_command(checks: Iterable[Check]) -> str:
    """Return one command that installs everything missing; empty if nothing is.

    Examples
    --------
    >>> apt, pip = "sudo apt-get install -y", "pip install"
    >>> install_command([Check("a", False, "", f"{apt} libfluidsynth3"), Check("b", False, "", f"{apt} chromium"),
    ...         Check("c", False, "", f"{pip} jupyterlab")])
    'sudo apt-get install -y libfluidsynth3 chromium && pip install jupyterlab'
    """
    packages: dict[str, list[str]] = {}
    for check in checks:
        if check.fix and not check.ok:
            command, _, package = check.fix.rpartition(" ")
            packages.setdefault(command, []).append(package)
    return " && ".join(f"{command} {' '.join(names)}" for command, names in packages.items())


def system_install_commands() -> dict[str, str]:
    """Return the commands with which this platform installs FluidSynth and Chromium, which pip cannot install."""
    if "google.colab" in sys.modules:
        return {"fluidsynth": "apt-get -qq install -y libfluidsynth3"}
    conda = (Path(sys.prefix) / "conda-meta").is_dir()
    if sys.platform == "win32":
        return {"fluidsynth": "choco install fluidsynth", "chromium": "choco install chromium"}
    if sys.platform == "darwin":
        fluid = "conda install -y -c conda-forge fluidsynth" if conda else "brew install fluid-synth"
        return {"fluidsynth": fluid, "chromium": "brew install --cask chromium"}
    if conda:
        return {"fluidsynth": "conda install -y -c conda-forge fluidsynth"}
    sudo = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
    for tool, command, fluid in (
        ("apt-get", "apt-get install -y", "libfluidsynth3"),
        ("dnf", "dnf install -y", "fluidsynth-libs"),
        ("pacman", "pacman -S --noconfirm", "fluidsynth"),
        ("zypper", "zypper install -y", "libfluidsynth3"),
    ):
        if shutil.which(tool):
            return {"fluidsynth": f"{sudo}{command} {fluid}", "chromium": f"{sudo}{command} chromium"}
    return {}


def _soundfont() -> Check:
    try:
        soundfont = find_soundfont()
    except LatentPaletteError as error:
        return Check("SoundFont", False, str(error), "pip install pretty_midi" if bundled_soundfont() is None else "")
    size = soundfont.path.stat().st_size / 1e6
    return Check("SoundFont", True, f"{soundfont.path} ({len(soundfont.presets)} instruments, {size:.0f} MB)")


def _fluidsynth() -> Check:
    reason = fluidsynth.unavailable_reason()
    if reason is None:
        return Check("FluidSynth", True, f"{fluidsynth.version()}, {fluidsynth.library_path() or 'loaded'}")
    if "pip " in reason:  # the library is installed, its Python package is not
        reason, fix = reason.split(" Run: ")
        return Check("FluidSynth", False, reason, fix)
    fix = system_install_commands().get("fluidsynth", "") if fluidsynth.is_library_missing() else ""
    reason = reason.split("; ")[0].rstrip(".")
    return Check("FluidSynth", False, f"{reason}; latentpalette's own SoundFont player is used instead", fix)


def _mp3() -> Check:
    if has_mp3():
        return Check("MP3", True, f"soundfile {metadata.version('soundfile')}")
    return Check("MP3", False, "players in notebooks hold WAV, ten times as large", "pip install -U soundfile")


def _package(name: str, package: str, purpose: str) -> Check:
    try:
        return Check(name, True, metadata.version(package))
    except metadata.PackageNotFoundError:
        return Check(name, False, f"not installed; {purpose}", f"pip install {package}")


def _models() -> Check:
    if util.find_spec("torch") is None:
        return Check("Models", False, "PyTorch is needed to load them")
    try:
        from latentpalette.models import store

        names = [str(getattr(model, "name", model)) for model in store.available()]
    except (ImportError, LatentPaletteError) as error:
        return Check("Models", False, f"the shipped models cannot be read: {error}")
    if not names:
        return Check("Models", False, "none are shipped with this copy", "pip install --force-reinstall latentpalette")
    return Check("Models", True, ", ".join(names))


def _chromium() -> Check:
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "chrome"]
    path = next((path for name in names if name and (path := shutil.which(name))), None)
    if path:
        return Check("Chromium", True, path)
    return Check("Chromium", False, "not found; only the tests need it", system_install_commands().get("chromium", ""))
