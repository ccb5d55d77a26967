"""The sounds of an instrument's streams: which instruments play them, how loud, and the kit that a browser plays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from latentpalette.audio.soundfont.file import DRUM_BANK
from latentpalette.audio.soundfont.find import find_soundfont
from latentpalette.errors import MusicError, suggest
from latentpalette.music.instruments import (
    DRUM_KIT_NAMES,
    INSTRUMENT_FAMILIES,
    INSTRUMENT_NAMES,
    drum_kit_name,
    find_program,
)
from latentpalette.music.streams import Stream
from latentpalette.validation import check_list, check_number, short_repr
from latentpalette.widgets.checked_traits import SettingError

if TYPE_CHECKING:
    from latentpalette.audio.kit import Kit

MAX_STREAMS = 64
_PATIENCE = 0.1  # [seconds] in which a kit that is known already is there

# One after the other, beside all else: two kits at once would both be late.
_renderer = ThreadPoolExecutor(1, thread_name_prefix="latentpalette-kit")


def check_by_stream(value: Any, name: str) -> Any:
    """Return a dict by the names of streams, or a list with a value for each stream, which `for_streams` reads."""
    if isinstance(value, Mapping):
        return dict(value)
    return check_list(value, name, 1, MAX_STREAMS, of="values, one for each stream, or a dict", error=SettingError)


def check_sounds(value: Any) -> Any:
    """Return the instruments that play the streams: a list, or a dict of those that are to change."""
    return check_by_stream(value, "sounds")


def check_volumes(value: Any) -> Any:
    """Return the volumes of the streams: a list, or a dict of those that are to change."""
    return check_by_stream(value, "volumes")


def for_streams(value: Any, name: str, streams: Sequence[Stream], present: Sequence[Any]) -> list[Any]:
    """Return a value for each stream: those of a list, or the present ones with those of a dict in their places.

    Raises
    ------
    SettingError
        If a list has another length, or a dict names a stream that is not there.
    """
    names = [stream.name for stream in streams]
    if not isinstance(value, dict):
        of = f"values, one for each of {', '.join(names)}"
        return check_list(value, name, len(names), of=of, error=SettingError)
    for key in value:
        if key not in names:
            hint = suggest(key, names)
            raise SettingError(f"{name}: there is no stream {short_repr(key)}.{hint} There are: {', '.join(names)}.")
    return [value.get(key, own) for key, own in zip(names, present, strict=True)]


def resolve_volumes(value: Any, streams: Sequence[Stream], present: Sequence[float]) -> list[float]:
    """Return the volume [0 to 1] of each stream."""
    volumes = for_streams(value, "volumes", streams, present)
    return [
        check_number(volume, f"volumes ({stream.name})", 0, 1, error=SettingError)
        for volume, stream in zip(volumes, streams, strict=True)
    ]


def resolve_sounds(value: Any, streams: Sequence[Stream], present: Sequence[str]) -> list[str]:
    """Return the General MIDI name of the instrument of each stream.

    Raises
    ------
    SettingError
        If there is no such instrument, or the SoundFont does not have it.

    Examples
    --------
    >>> resolve_sounds({"bass": "contrabass"}, [Stream("melody"), Stream("bass", program=33)], ["Flute", "Cello"])
    ['Flute', 'Contrabass']
    """
    return [
        _resolve_sound(sound, stream, own)
        for sound, stream, own in zip(
            for_streams(value, "sounds", streams, present), streams, [*present, *[""] * len(streams)], strict=False
        )
    ]


def _resolve_sound(sound: Any, stream: Stream, present: str) -> str:
    if sound == present or sound == stream.instrument:
        return str(sound)  # whichever SoundFont there is
    try:
        program = find_program(sound, is_drum=stream.is_drum)
    except MusicError as error:
        raise SettingError(f"sounds ({stream.name}): {error}") from error
    name = drum_kit_name(program) if stream.is_drum else INSTRUMENT_NAMES[program]
    font = find_soundfont()
    if (DRUM_BANK if stream.is_drum else 0, program) not in font.presets:
        raise SettingError(f"sounds ({stream.name}): {font.path.name} has no {name}. Choose another sound.")
    return name


def programs_of(sounds: Iterable[str], streams: Iterable[Stream]) -> tuple[int, ...]:
    """Return the programs of sounds that have been resolved."""
    return tuple(
        stream.program if sound == stream.instrument else find_program(sound, is_drum=stream.is_drum)
        for sound, stream in zip(sounds, streams, strict=True)
    )


def sound_choices() -> dict[str, list[dict[str, Any]]]:
    """Return the instruments and the drum kits that the SoundFont has, by family.

    Examples
    --------
    >>> choices = sound_choices()
    >>> choices["pitched"][4]["family"], choices["pitched"][4]["names"][:2]
    ('Bass', ['Acoustic Bass', 'Electric Bass (finger)'])
    """
    presets = find_soundfont().presets
    families = [
        {
            "family": family,
            "names": [INSTRUMENT_NAMES[program] for program in range(8 * at, 8 * at + 8) if (0, program) in presets],
        }
        for at, family in enumerate(INSTRUMENT_FAMILIES)
    ]
    kits = [name for program, name in DRUM_KIT_NAMES.items() if (DRUM_BANK, program) in presets]
    return {
        "pitched": [family for family in families if family["names"]],
        "drums": [{"family": "Drum kits", "names": kits}] if kits else [],
    }


def kit_of_streams(streams: Sequence[Stream]) -> Kit:
    """Return the sounds of streams, ready to be sent."""
    from latentpalette.audio.kit import kit_of

    kit = kit_of(streams)
    kit.packed()  # encoded once, where it is rendered
    return kit


class KitRendering:
    """The kit of an instrument, rendered in a thread of its own.

    Parameters
    ----------
    render : callable () -> Kit
    """

    def __init__(self, render: Callable[[], Kit]) -> None:
        self._kit: Future[Kit] = _renderer.submit(render)

    def cancel(self) -> None:
        """Do not begin it, if it has not begun: another one takes its place."""
        self._kit.cancel()

    def ready(self, *, patience: float = _PATIENCE) -> Kit | None:
        """Return the kit, or None while it is rendered.

        Parameters
        ----------
        patience : float [seconds]
            How long to wait for it.

        Raises
        ------
        SoundError
            As `kit_of` does.
        """
        with suppress(NotYet):
            return self._kit.result(patience)
        return None

    def wait(self) -> Kit:
        """Return the kit, once it is there; errors are those of `ready`."""
        return self._kit.result()
