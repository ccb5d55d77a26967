"""Find a SoundFont to play with.

In this order: the one that is named, ``$LATENTPALETTE_SOUNDFONT``, the directories called ``soundfonts``, the system's,
and the small one inside the installed pretty_midi. Nothing is copied or downloaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import util
from pathlib import Path

from latentpalette.audio.soundfont.file import EXTENSIONS, SoundFont, read_soundfont
from latentpalette.errors import SoundError
from latentpalette.files import is_folder

ENV_VAR = "LATENTPALETTE_SOUNDFONT"

_SYSTEM_DIRS = {
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


def find_soundfont(soundfont: str | os.PathLike[str] | None = None) -> SoundFont:
    """Find and read the SoundFont to play with.

    Parameters
    ----------
    soundfont : path, optional
        Use this one; ``~`` is expanded. Without it, the first that is found, in the order above.

    Raises
    ------
    SoundError
        If a SoundFont that the user chose (by name, by the variable, or by putting it into a directory called
        ``soundfonts``) is missing or broken; or if there is none at all. Broken ones of the system are skipped.

    Examples
    --------
    >>> find_soundfont(bundled_soundfont()).path.name
    'TimGM6mb.sf2'
    """
    if soundfont is not None:
        return read_soundfont(soundfont)
    named = os.environ.get(ENV_VAR)
    if named:
        try:
            return read_soundfont(named)
        except SoundError as error:
            raise SoundError(f"{error} It is named by ${ENV_VAR}.") from error
    for path in list_soundfonts(user_dirs()):
        return read_soundfont(path)
    for path in list_soundfonts(system_dirs()):
        with suppress(SoundError):
            return read_soundfont(path)
    path_in_pretty_midi = bundled_soundfont()
    if path_in_pretty_midi is not None:
        return read_soundfont(path_in_pretty_midi)
    raise SoundError(
        f"There is no SoundFont to play with. Set ${ENV_VAR} to an .sf2 or .sf3 file, put one into a directory called "
        "soundfonts, or `pip install pretty_midi`, which brings a small one."
    )


def user_dirs() -> Iterator[Path]:
    """Yield the directories ``soundfonts``: beside this package if it is a checkout, and in the current directory."""
    root = Path(__file__).resolve().parents[3]
    if (root / "pyproject.toml").is_file():
        yield root / "soundfonts"
    current = Path.cwd()
    if current != root:
        yield current / "soundfonts"


def system_dirs() -> Iterator[Path]:
    """Yield the directories in which this system keeps SoundFonts, the Python environment's own first."""
    yield Path(sys.prefix) / "share" / "soundfonts"
    platform = "linux" if sys.platform.startswith("linux") else sys.platform
    for directory in _SYSTEM_DIRS.get(platform, ()):
        yield Path(directory).expanduser()


def list_soundfonts(directories: Iterator[Path]) -> Iterator[Path]:
    """Yield every SoundFont in some directories, each directory in alphabetical order."""
    for directory in directories:
        if is_folder(directory):
            paths = sorted(directory.iterdir())
            yield from (path for path in paths if path.suffix.lower() in EXTENSIONS and path.is_file())


def bundled_soundfont() -> Path | None:
    """Return the SoundFont inside the installed pretty_midi (TimGM6mb, GPL-2, 6 MB); None if it is not installed."""
    spec = util.find_spec("pretty_midi")  # not an import, which would look for FluidSynth, too
    for directory in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(directory) / "TimGM6mb.sf2"
        if path.is_file():
            return path
    return None
