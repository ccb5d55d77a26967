"""Rendered sound: stereo samples, encoded as audio files."""

from __future__ import annotations

import base64
import html
import io
import os
import warnings
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from latentpalette import files
from latentpalette.audio.loudness import integrated_loudness, true_peak
from latentpalette.calls import explain_methods
from latentpalette.errors import SoundError
from latentpalette.validation import short_repr

FORMATS = {".wav": "WAV", ".mp3": "MP3", ".flac": "FLAC", ".ogg": "OGG"}

# Of MP3 at a variable bit rate, 0 (best) to 1.
_FILE_COMPRESSION = 0.2
_PLAYER_COMPRESSION = 0.5  # 12 kB a second: a notebook holds many

_MAX_TRUE_PEAK = -1.0  # [dBTP] a lossy format may not raise peaks above this
_CODEC_MARGIN_DB = 0.2  # at another level an encoder decides differently


@explain_methods
@dataclass(frozen=True, eq=False)
class Sound:
    """Stereo sound in memory. A notebook displays it as a player.

    Parameters
    ----------
    samples : ndarray [shape=(2, n), float32]
        Left and right; full scale is -1 to 1, and samples beyond it are clipped in files.
    rate : int [frames per second]
    engine : str
        The engine that rendered it, e.g. ``"fluidsynth"``.
    soundfont : str
        File name of the SoundFont.
    left_out : tuple of str
        Sentences about notes that are silent because the SoundFont has no sound for them; empty in the normal case.

    Examples
    --------
    >>> Sound(np.zeros((2, 22050), np.float32), 44100, engine="fluidsynth", soundfont="TimGM6mb.sf2")
    Sound(0.50 s, 44100 Hz, fluidsynth, TimGM6mb.sf2)
    """

    samples: np.ndarray
    rate: int
    engine: str = ""
    soundfont: str = ""
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.samples.ndim != 2 or self.samples.shape[0] != 2:
            raise SoundError(f"A sound's samples have the shape (2, n); got {self.samples.shape}.")
        if not 8_000 <= self.rate <= 192_000:
            raise SoundError(f"A sound's rate lies between 8000 and 192000 frames per second; got {self.rate!r}.")

    @property
    def seconds(self) -> float:
        """Duration [seconds]."""
        return self.samples.shape[1] / self.rate

    @property
    def loudness(self) -> float:
        """Integrated loudness [LUFS]; ``-inf`` for silence."""
        return integrated_loudness(self.samples, self.rate)

    @property
    def true_peak(self) -> float:
        """True peak [dBTP]; ``-inf`` for silence."""
        return true_peak(self.samples)

    @property
    def mono(self) -> np.ndarray:
        """Mean of both channels: ndarray [shape=(n,), float32]."""
        return self.samples.mean(axis=0)

    def __repr__(self) -> str:
        origin = "".join(f", {name}" for name in (self.engine, self.soundfont) if name)
        left_out = f", left out: {'; '.join(self.left_out)}" if self.left_out else ""
        return f"Sound({self.seconds:.2f} s, {self.rate} Hz{origin}{left_out})"

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a ``.wav`` (16 bit), ``.mp3``, ``.flac`` or ``.ogg`` file, by the suffix of the path; return the path.

        ``~`` is expanded and missing folders are made. A file of that name is replaced only when the new one is whole.
        Notes that are silent (`left_out`) are a warning.

        Raises
        ------
        SoundError
            If the suffix is another, or the format cannot be written here.
        FileError
            If the file cannot be written.
        """
        path = files.expand_path(path)
        suffix = path.suffix.lower()
        if suffix not in FORMATS:
            raise SoundError(f"A sound is saved as {', '.join(FORMATS)}; got {short_repr(path.name)}.")
        for sentence in self.left_out:
            warnings.warn(f"{sentence}; these notes are silent.", UserWarning, stacklevel=2)
        return files.write_bytes(path, encode(self.samples, self.rate, FORMATS[suffix]))

    def to_audio_bytes(self) -> tuple[bytes, str]:
        """Encode for a notebook: a small MP3, or WAV where MP3 cannot be made; return the bytes and their MIME type."""
        if has_mp3():
            return encode(self.samples, self.rate, "MP3", compression=_PLAYER_COMPRESSION), "audio/mpeg"
        return encode(self.samples, self.rate, "WAV"), "audio/wav"

    def _repr_html_(self) -> str:
        data, mime_type = self.to_audio_bytes()
        caption = " · ".join(
            text for text in (f"{self.seconds:.1f} s", self.engine, self.soundfont, *self.left_out) if text
        )
        return (
            '<div style="font:13px system-ui,sans-serif">'
            f'<audio controls preload="metadata" style="height:32px;vertical-align:middle" '
            f'src="data:{mime_type};base64,{base64.b64encode(data).decode()}"></audio> '
            f'<span style="opacity:.65">{html.escape(caption)}</span></div>'
        )


def has_mp3() -> bool:
    """Return True if MP3 can be written here, which needs the package soundfile with libsndfile 1.1 or newer."""
    try:
        return "MP3" in _soundfile().available_formats()
    except SoundError:
        return False


def encode(
    samples: np.ndarray,
    rate: int,
    file_format: str,
    *,
    compression: float = _FILE_COMPRESSION,
    keep_level: bool = False,
) -> bytes:
    """Encode samples as an audio file.

    Parameters
    ----------
    samples : ndarray [shape=(channels, n)]
        Clipped to full scale.
    rate : int
    file_format : {"WAV", "MP3", "FLAC", "OGG"}
    compression : float [0 to 1]
        Of MP3: 0 is the best, 1 the smallest.
    keep_level : bool
        Leave the level as it is, though an encoder may raise peaks above full scale.

    Raises
    ------
    SoundError
        If soundfile, which writes all formats but WAV, is missing or cannot write this one.
    """
    clipped = np.clip(samples.T, -1, 1)  # [n, channels]
    if file_format == "WAV":
        return _wav(clipped, rate)
    soundfile = _soundfile()
    if file_format not in soundfile.available_formats():
        raise SoundError(
            f'This soundfile cannot write {file_format}. Save a .wav, or run: pip install -U "soundfile>=0.13"'
        )
    # Without any samples an encoder would write an empty file, which no player opens.
    content = clipped if len(clipped) else np.zeros((1, clipped.shape[1]))
    settings = {"compression_level": compression, "bitrate_mode": "VARIABLE"} if file_format == "MP3" else {}

    def write(gain: float) -> bytes:
        file = io.BytesIO()
        soundfile.write(file, content * gain, rate, format=file_format, **settings)
        return file.getvalue()

    data = write(1.0)
    if file_format in ("MP3", "OGG") and not keep_level and true_peak(content.T) < _MAX_TRUE_PEAK:
        decoded, _ = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
        excess = true_peak(decoded.T) - _MAX_TRUE_PEAK
        if excess > 0:
            data = write(10 ** -((excess + _CODEC_MARGIN_DB) / 20))
    return data


def _wav(samples: np.ndarray, rate: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(samples.shape[1])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.round(samples * 32_767).astype("<i2").tobytes())
    return file.getvalue()


def _soundfile() -> Any:
    try:
        import soundfile  # type: ignore[import-untyped]
    except (ImportError, OSError) as error:  # OSError: the package is there, its library is not
        raise SoundError(f"This needs soundfile ({error}). Run: pip install soundfile") from error
    return soundfile
