"""A drum model and a kit that need no weights and no SoundFont."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from latentpalette.audio.kit_file import encode_sounds
from latentpalette.converters.drum_pianoroll import DrumPianorollConverter
from latentpalette.converters.drums import DrumsConverter
from latentpalette.converters.melody import NUM_CLASSES, MelodyConverter
from latentpalette.errors import LatentError
from latentpalette.models.inputs import find_excerpts
from latentpalette.music import drums
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.track_choice import TrackChoice
from latentpalette.progress import parts
from latentpalette.progress.parts import Task
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.model_clips import ModelClips


@dataclass
class CrossFade:
    """A model whose z is the loop itself, one number a drum and step: a blend keeps what is strong enough in it."""

    converter: DrumsConverter = field(default_factory=DrumsConverter)
    config: Any = field(default_factory=lambda: SimpleNamespace(name="drums-2bar", z_size=32 * 9))
    prior: Any = None
    songs: Any = None
    conditions: dict[str, Any] = field(default_factory=dict)
    encoded: int = 0  # number of calls of the encoder
    decoded: int = 0  # and of the decoder

    def posterior_arrays(self, frames: np.ndarray) -> SimpleNamespace:
        self.encoded += 1
        mu = frames[:, :, :9].reshape(len(frames), -1).astype(np.float32)  # [n, 32 * 9]
        return SimpleNamespace(mu=mu, sigma=np.full_like(mu, 0.1))

    def encode(self, sequences: list[NoteSequence]) -> np.ndarray:
        return self.posterior_arrays(np.stack([self.converter.encode(sequence).inputs for sequence in sequences])).mu

    def decode(self, z: np.ndarray) -> list[NoteSequence]:
        return [self.converter.from_tokens(tokens) for tokens in self.decode_classes(z)]

    def decode_classes(self, z: np.ndarray) -> np.ndarray:
        self.decoded += 1
        if np.shape(z)[1:] != (32 * 9,):
            raise LatentError(f"z has shape {np.shape(z)}; the model takes [n, 288].")
        bits = np.asarray(z).reshape(len(z), 32, 9) > 0.36
        return bits @ (1 << np.arange(9))

    def sample(
        self,
        n: int,
        *,
        temperature: float = 1.0,
        seed: int | None = None,
        best_of: int = 1,
        density: float | None = None,
        style: str | None = None,
    ) -> list[NoteSequence]:
        share = 0.1 * temperature if density is None else density
        hits = np.random.default_rng(seed).random((n, 32, 9)) < share
        return [self.converter.from_tokens(lanes @ (1 << np.arange(9))) for lanes in hits]

    def similar(self, music: NoteSequence, n: int, similarity: float, *, seed: int) -> list[NoteSequence]:
        keeps = np.random.default_rng(seed).random((n, 32 * 9)) < similarity
        return self.decode(keeps * self.encode([music]))

    def excerpts(self, source: Any, *, track: Any = None, drums: Any = None) -> Any:
        return find_excerpts(source, self.converter, TrackChoice(track, drums))


@dataclass
class MelodyFade(CrossFade):
    """A model of melodies whose z is the melody itself, one number a step and event: a blend keeps the stronger one."""

    converter: Any = field(default_factory=MelodyConverter)
    config: Any = field(default_factory=lambda: SimpleNamespace(name="melody-2bar", z_size=32 * NUM_CLASSES))

    def posterior_arrays(self, frames: np.ndarray) -> SimpleNamespace:
        self.encoded += 1
        mu = frames.reshape(len(frames), -1).astype(np.float32)
        return SimpleNamespace(mu=mu, sigma=np.full_like(mu, 0.1))

    def decode(self, z: np.ndarray) -> list[NoteSequence]:
        self.decoded += 1
        return [self.converter.decode(frames) for frames in np.asarray(z).reshape(len(z), 32, NUM_CLASSES)]

    def sample(
        self, n: int, *, temperature: float = 1.0, seed: int | None = None, best_of: int = 1
    ) -> list[NoteSequence]:
        pitches = np.random.default_rng(seed).integers(60, 73, (n, 8)).tolist()
        return [
            NoteSequence([Note(pitch, 4 * k, 4) for k, pitch in enumerate(line)], self.converter.steps)
            for line in pitches
        ]


@dataclass
class ManyDrums(CrossFade):
    """A model of all 61 drums whose z is the loop itself."""

    converter: Any = field(default_factory=lambda: DrumPianorollConverter(drum_map="full"))
    config: Any = field(default_factory=lambda: SimpleNamespace(name="drums-61", z_size=32 * 61))

    def posterior_arrays(self, frames: np.ndarray) -> SimpleNamespace:
        self.encoded += 1
        mu = frames[:, :, :61].reshape(len(frames), -1).astype(np.float32)
        return SimpleNamespace(mu=mu, sigma=np.full_like(mu, 0.1))

    def decode(self, z: np.ndarray) -> list[NoteSequence]:
        self.decoded += 1
        return [self.converter.decode(frames) for frames in np.asarray(z).reshape(len(z), 32, 61) > 0.36]


def clip_of(tokens: Sequence[int]) -> Clip:
    """Return the clip of drum tokens: bit k of a token is set where drum k is hit."""
    return ModelClips.of(CrossFade()).clip(DrumsConverter(len(tokens)).from_tokens(tokens))  # type: ignore[arg-type]


def clip_json(tokens: Sequence[int]) -> dict[str, Any]:
    """Return the clip of drum tokens as traits have it."""
    return clip_of(tokens).to_json()


def tokens_of(clip: Clip | dict[str, Any]) -> list[int]:
    """Return the drum tokens of a clip."""
    clip = Clip.from_json(clip) if isinstance(clip, dict) else clip
    tokens = [0] * clip.steps
    for note in clip.notes:
        tokens[note["step"]] |= 1 << drums.REDUCED.exemplars.index(int(note["pitch"]))
    return tokens


class Powers:
    """A flow that bends each dimension: z to the power of 1 at time 1, of 3 at time 0."""

    sample_norms = np.linspace(0, 12, 101)

    def to_time(self, z: np.ndarray, time: float) -> np.ndarray:
        return np.sign(z) * np.abs(z) ** (3 - 2 * time)

    def from_time(self, z: np.ndarray, time: float) -> np.ndarray:
        return np.sign(z) * np.abs(z) ** (1 / (3 - 2 * time))

    def to_time_in_parts(self, z: np.ndarray, time: float) -> Task[np.ndarray]:
        yield parts.PART_WORK
        return self.to_time(z, time)

    def from_time_in_parts(self, z: np.ndarray, time: float) -> Task[np.ndarray]:
        carried = []
        for start in range(0, len(z), 32):
            yield parts.PART_WORK
            carried.append(self.from_time(z[start : start + 32], time))
        return np.concatenate(carried)

    def sample_norms_in_parts(self) -> Task[np.ndarray]:
        yield 1
        return self.sample_norms


class Clicks:
    """A kit of nine short clicks."""

    names = drums.DRUM_NAMES
    rate = 44100

    def packed(self, *, compressed: bool = True) -> tuple[bytes, list[dict[str, Any]]]:
        length = 2205
        fade = np.linspace(1, 0, length) ** 2
        waves = [
            np.sin(2 * np.pi * (60 + 90 * drum) * np.arange(length) / self.rate) * fade
            for drum in range(len(self.names))
        ]
        file, starts, _ = encode_sounds(waves, compression=None)
        index = [
            {"name": name, "pitch": pitch, "start": start, "length": length, "pan": 0.0, "gain": 1.0}
            for name, pitch, start in zip(self.names, drums.REDUCED.exemplars, starts, strict=True)
        ]
        return np.array([1, len(file)], "<u4").tobytes() + file, index
