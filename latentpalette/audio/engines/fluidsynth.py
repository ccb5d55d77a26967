"""FluidSynth, through pyfluidsynth: found without a fuss, driven without noise.

pyfluidsynth looks for the C library while it is imported, in few places, prints what it found where ``$CI`` is set, and
raises ImportError where it found nothing. `library` gives it the right answer instead, and keeps it quiet.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from latentpalette.audio.events import RATE, Strike
from latentpalette.audio.soundfont.file import SoundFont
from latentpalette.audio.soundfont.zones import Gen, zones
from latentpalette.errors import SoundError

VARIABLE = "LATENTPALETTE_FLUIDSYNTH"
BLOCK = 64  # [frames] FluidSynth computes sound in blocks of this many and strikes notes between them
GAIN = 0.5  # 24 keys at full velocity peak at 0.59

_NAMES = ("fluidsynth", "fluidsynth-3", "libfluidsynth", "libfluidsynth-3", "libfluidsynth-2", "libfluidsynth-1")
_CHUNK = 64  # [blocks] how much is computed at once
_LEVELS = range(5)  # panic, error, warning, information, debug
_importing = threading.Lock()


def where() -> str | None:
    """The FluidSynth library that will be used: a path or a name for the loader; None where there is none.

    In this order: ``$LATENTPALETTE_FLUIDSYNTH``, this Python's own environment (conda), Homebrew's two places,
    Chocolatey's, and what the system's loader finds.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).is_file():
            raise SoundError(f"${VARIABLE} names {named!r}, but there is no such file.")
        return named
    for folder in _folders():
        for pattern in ("libfluidsynth.so*", "libfluidsynth*.dylib", "libfluidsynth*.dll", "fluidsynth*.dll"):
            for path in sorted(folder.glob(pattern)):
                return str(path)
    return _of_system()


@lru_cache(maxsize=1)
def _of_system() -> str | None:
    """What the system's loader finds. On Linux each look starts a compiler or ldconfig, so one has to do."""
    return next((found for name in _NAMES if (found := ctypes.util.find_library(name))), None)


def _folders() -> Iterator[Path]:
    prefix = Path(sys.prefix)
    yield from (prefix / "lib", prefix / "Library" / "bin")
    if sys.platform == "darwin":
        homes = (os.environ.get("HOMEBREW_PREFIX"), "/opt/homebrew", "/usr/local")
        for home in filter(None, homes):
            yield from (Path(home) / "lib", Path(home) / "opt" / "fluid-synth" / "lib")
    if sys.platform == "win32":
        yield Path("C:/tools/fluidsynth/bin")


def library() -> ModuleType:
    """The module pyfluidsynth, with the C library loaded.

    Raises
    ------
    SoundError
        If the C library or pyfluidsynth is missing or cannot be loaded, or another package of the same name is in
        their place. The text says which, and what to do.
    """
    with _importing:
        module = sys.modules.get("fluidsynth") or _import()
    if not hasattr(module, "Synth") or not hasattr(module, "cfunc"):
        raise SoundError(
            "The installed package fluidsynth is not pyfluidsynth, though it goes by the same name. "
            "Run: pip uninstall fluidsynth && pip install --force-reinstall pyfluidsynth"
        )
    return module


def _import() -> ModuleType:
    path = where()
    if path is None:
        raise SoundError("The FluidSynth library is not installed; `latentpalette doctor` says how to install it.")
    if sys.platform == "win32" and Path(path).is_absolute():
        os.add_dll_directory(str(Path(path).parent))
    find, ci = ctypes.util.find_library, os.environ.pop("CI", None)
    ctypes.util.find_library = lambda name: path  # noqa: ARG005 (the name of the parameter is part of its type)
    try:
        return importlib.import_module("fluidsynth")
    except ModuleNotFoundError as error:
        raise SoundError("The package pyfluidsynth is not installed. Run: pip install pyfluidsynth") from error
    except (ImportError, OSError, AttributeError) as error:
        sys.modules.pop("fluidsynth", None)
        raise SoundError(f"The FluidSynth library {path} cannot be loaded: {error}.") from error
    finally:
        ctypes.util.find_library = find
        if ci is not None:
            os.environ["CI"] = ci


def missing() -> str | None:
    """Why this engine cannot be used here; None where it can."""
    try:
        library()
    except SoundError as error:
        return str(error)
    return None


def absent() -> bool:
    """Whether there is no FluidSynth library at all, so that installing one would help."""
    try:
        return where() is None
    except SoundError:
        return False


def version() -> str:
    """The version of the C library, e.g. ``"2.3.1"``."""
    numbers = [ctypes.c_int() for _ in range(3)]
    library()._fl.fluid_version(*(ctypes.byref(number) for number in numbers))
    return ".".join(str(number.value) for number in numbers)


def render(strikes: Sequence[Strike], frames: int, font: SoundFont) -> np.ndarray:
    """Play notes on a FluidSynth of their own.

    Parameters
    ----------
    strikes : list of Strike, in order of time
    frames : int
        How much to render. What still sounds at the end is cut there.
    font : SoundFont

    Returns
    -------
    ndarray [shape=(2, frames), float32]
        Dry (no reverb, no chorus), at a fixed gain of 0.5, each note within 2 frames of its place.

    Raises
    ------
    SoundError
        If FluidSynth is missing or refuses the font or an instrument of it.

    Notes
    -----
    A synthesiser that has played before still has its last tail in it. A new one makes the samples a function of the
    arguments, equal to the bit.

    FluidSynth strikes notes only between its blocks of 64 frames. So each part has 16 channels, and each of those a
    stream of samples of its own that is heard 0, 4, 8 ... 60 frames later; a note is struck on the one that is right.
    With a single stream a note would lie up to 32 frames (0.7 ms) beside its place, in every lap of a loop elsewhere:
    one lap and the music played on then correlate at 0.75, not above 0.99, and tails laid over each other comb.
    """
    fluid = library()
    parts = sorted({strike.part for strike in strikes})
    streams = next((many for many in (16, 8, 4, 2) if many * len(parts) <= 256), 1)
    with _quiet(fluid), _synth(fluid, streams=streams, channels=streams * len(parts)) as synth:
        loaded = fluid.fluid_synth_sfload(synth, os.fsencode(font.path), 0)
        if loaded < 0:
            raise SoundError(f"FluidSynth cannot load {font.path.name}.")
        for channel in range(streams * len(parts)):
            is_drum, program = parts[channel // streams]
            bank, number = font.preset(program, is_drum=is_drum)
            if fluid.fluid_synth_program_select(synth, channel, loaded, bank, number) < 0:
                raise SoundError(f"FluidSynth cannot play program {number} of bank {bank} in {font.path.name}.")
        return _play(fluid, synth, _messages(strikes, parts, streams, font), frames, streams)


_Message = tuple[int, int, int, int]  # block, velocity (0: let go), channel, pitch; so that letting go comes first


def _messages(
    strikes: Sequence[Strike], parts: list[tuple[bool, int]], streams: int, font: SoundFont
) -> list[_Message]:
    messages: list[_Message] = []
    unit = BLOCK // streams
    ringing: dict[tuple[int, int], set[int]] = defaultdict(set)  # of a part and an exclusive class: its channels
    classes = _exclusive(font)
    for strike in strikes:
        part = parts.index(strike.part)
        block, stream = divmod(round(strike.start / unit), streams)
        channel = part * streams + stream
        stop = max(round((strike.stop - stream * unit) / BLOCK), block + 1)
        messages += [(block, strike.velocity, channel, strike.pitch), (stop, 0, channel, strike.pitch)]
        for exclusive in classes(strike):
            # A hat silences the others on its own channel only. On the rest a ghost does: velocity 1 is not heard.
            others = ringing[part, exclusive] - {channel}
            messages += [(block, 1, other, strike.pitch) for other in others]
            ringing[part, exclusive] = {channel}
    return sorted(messages)


def _exclusive(font: SoundFont) -> Callable[[Strike], set[int]]:
    """Answers with the exclusive classes that a strike belongs to: in most fonts the hats share one."""

    @cache
    def of(part: tuple[bool, int], pitch: int, velocity: int) -> set[int]:
        bank, program = font.preset(part[1], is_drum=part[0])
        return {zone[Gen.EXCLUSIVE] for zone in zones(font, bank, program, pitch, velocity)} - {0}

    return lambda strike: of(strike.part, strike.pitch, strike.velocity)


def _play(fluid: Any, synth: int, messages: list[_Message], frames: int, streams: int) -> np.ndarray:
    blocks = -(-frames // BLOCK)
    out = np.zeros((2, (blocks + 1) * BLOCK), np.float32)  # a block more, for the streams that are heard later
    at = 0
    for block, velocity, channel, pitch in [*messages, (blocks, 0, 0, 0)]:
        while at < min(block, blocks):
            many = min(block - at, blocks - at, _CHUNK)
            _mix(fluid, synth, out[:, at * BLOCK :], many * BLOCK, streams)
            at += many
        if at >= blocks:
            break
        if velocity and fluid.fluid_synth_noteon(synth, channel, pitch, velocity) != fluid.FLUID_OK:
            raise SoundError(f"FluidSynth could not play pitch {pitch}.")
        if not velocity:  # it says "failed" of a note that has already rung out, which is as it should be
            fluid.fluid_synth_noteoff(synth, channel, pitch)
    return out[:, :frames]


def _mix(fluid: Any, synth: int, out: np.ndarray, frames: int, streams: int) -> None:
    """Compute the next `frames` of every stream and add each where it is heard."""
    sides = np.zeros((2 * streams, frames), np.float32)  # FluidSynth adds to what is there
    pointers = (ctypes.c_void_p * len(sides))(*(side.ctypes.data for side in sides))
    if _process(fluid)(synth, frames, 0, None, len(sides), pointers) != fluid.FLUID_OK:
        raise SoundError("FluidSynth could not compute its samples.")
    unit = BLOCK // streams
    for stream in range(streams):
        left_right = sides[2 * stream : 2 * stream + 2]
        if left_right.any():
            out[:, stream * unit : stream * unit + frames] += left_right


def _process(fluid: Any) -> Callable[..., int]:
    """Samples of every stream as float32: pyfluidsynth has only the 16-bit writer, which adds dither and clips."""
    return fluid.cfunc(
        "fluid_synth_process",
        ctypes.c_int,
        ("synth", ctypes.c_void_p, 1),
        ("len", ctypes.c_int, 1),
        ("nfx", ctypes.c_int, 1),
        ("fx", ctypes.c_void_p, 1),
        ("nout", ctypes.c_int, 1),
        ("out", ctypes.c_void_p, 1),
    )


@contextmanager
def _synth(fluid: Any, *, streams: int, channels: int) -> Iterator[int]:
    settings = fluid.new_fluid_settings()
    synth = None
    try:
        for name, number in (
            ("synth.midi-channels", max(16, -(-channels // 16) * 16)),
            ("synth.audio-channels", streams),
            ("synth.audio-groups", streams),  # channel c is heard in stream c mod this
            ("synth.polyphony", 1024),
            ("synth.reverb.active", 0),
            ("synth.chorus.active", 0),
        ):
            _check(name, fluid.fluid_settings_setint(settings, name.encode(), number) == fluid.FLUID_OK)
        for name, value in (("synth.gain", GAIN), ("synth.sample-rate", float(RATE))):
            _check(name, fluid.fluid_settings_setnum(settings, name.encode(), value) == fluid.FLUID_OK)
        # Load only what is played: a third of the time. Older libraries do not know it, and need not.
        fluid.fluid_settings_setint(settings, b"synth.dynamic-sample-loading", 1)
        synth = fluid.new_fluid_synth(settings)
        _check("a new synthesiser", bool(synth))
        yield synth
    finally:
        if synth:
            fluid.delete_fluid_synth(synth)
        fluid.delete_fluid_settings(settings)


def _check(what: str, went_well: bool) -> None:
    if not went_well:
        raise SoundError(f"FluidSynth refused {what}.")


@contextmanager
def _quiet(fluid: Any) -> Iterator[None]:
    """Keep C's standard error still: a notebook would show it. What goes wrong is in the return values."""
    log = fluid.cfunc(
        "fluid_set_log_function",
        ctypes.c_void_p,
        ("level", ctypes.c_int, 1),
        ("fun", ctypes.c_void_p, 1),
        ("data", ctypes.c_void_p, 1),
    )
    before = [log(level, None, None) for level in _LEVELS]
    try:
        yield
    finally:
        for level, handler in zip(_LEVELS, before, strict=True):
            log(level, handler, None)
