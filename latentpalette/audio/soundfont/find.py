"""Which SoundFont to play with, and where SoundFonts are.

In this order: the one that is named, ``$LATENTPALETTE_SOUNDFONT``, the folders called ``soundfonts``, the system's, and
the small one inside the installed pretty_midi. Nothing is copied and nothing is fetched.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import util
from pathlib import Path

from latentpalette.audio.soundfont import file
from latentpalette.errors import SoundError

VARIABLE = "LATENTPALETTE_SOUNDFONT"
ENDINGS = (".sf2", ".sf3")

_SYSTEM = {
    "linux": (
        "/usr/share/sounds/sf2",
        "/usr/share/sounds/sf3",
        "/usr/share/soundfonts",
        "/usr/local/share/soundfonts",
        "~/.local/share/soundfonts",
    ),
    "darwin": (
        "~/Library/Audio/Sounds/Banks",
        "/Library/Audio/Sounds/Banks",
        "/opt/homebrew/share/soundfonts",
        "/usr/local/share/soundfonts",
    ),
    "win32": ("C:/soundfonts", "C:/tools/fluidsynth/soundfonts"),
}


def find(font: str | os.PathLike[str] | None = None) -> file.SoundFont:
    """The SoundFont to play with, checked.

    Parameters
    ----------
    font : path, optional
        Take this one. Without it, the first that is found; see this module's description.

    Raises
    ------
    SoundError
        If a font that a person chose (named, by the variable, or by putting it into a ``soundfonts`` folder) is not
        there or is broken; or if there is none at all. A broken font of the system is passed over.

    Examples
    --------
    >>> find(bundled()).path.name
    'TimGM6mb.sf2'
    """
    if font is not None:
        return file.read(font)
    named = os.environ.get(VARIABLE)
    if named:
        try:
            return file.read(named)
        except SoundError as error:
            raise SoundError(f"{error} It is named by ${VARIABLE}.") from error
    for path in in_folders(own_folders()):
        return file.read(path)
    for path in in_folders(system_folders()):
        with suppress(SoundError):
            return file.read(path)
    last = bundled()
    if last is not None:
        return file.read(last)
    raise SoundError(
        f"There is no SoundFont to play with. Set ${VARIABLE} to an .sf2 or .sf3 file, put one into a folder called "
        "soundfonts, or `pip install pretty_midi`, which brings a small one."
    )


def own_folders() -> Iterator[Path]:
    """The ``soundfonts`` folders: beside this package where it runs from a checkout, and in the current folder."""
    root = Path(__file__).resolve().parents[3]
    if (root / "pyproject.toml").is_file():
        yield root / "soundfonts"
    here = Path.cwd()
    if here != root:
        yield here / "soundfonts"


def system_folders() -> Iterator[Path]:
    """Where this system keeps SoundFonts; in a conda environment its own folder first."""
    yield Path(sys.prefix) / "share" / "soundfonts"
    platform = "linux" if sys.platform.startswith("linux") else sys.platform
    for folder in _SYSTEM.get(platform, ()):
        yield Path(folder).expanduser()


def in_folders(folders: Iterator[Path]) -> Iterator[Path]:
    """Every SoundFont in these folders, each folder in alphabetical order."""
    for folder in folders:
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.is_file())


def bundled() -> Path | None:
    """The SoundFont inside the installed pretty_midi (TimGM6mb, GPL-2, 6 MB); None where that is not installed."""
    found = util.find_spec("pretty_midi")  # without importing it: that would look for FluidSynth, too
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / "TimGM6mb.sf2"
        if path.is_file():
            return path
    return None
