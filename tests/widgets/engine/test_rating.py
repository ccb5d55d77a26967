"""The page rates and measures clips as Python does."""

from pathlib import Path

import numpy as np
import pytest

from latentpalette.converters.trio import TrioConverter
from latentpalette.music.attributes import attributes_of
from latentpalette.music.drums import REDUCED
from latentpalette.music.rating import choose_best, rate
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.streams import Stream
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.sampled import measure

SCRIPT = Path(__file__).with_name("rating.mjs")
RANDOM = np.random.default_rng(2)
MELODY, BASS, DRUMS = Stream("melody"), Stream("bass", program=33), Stream.drums(REDUCED)
STREAMS = {"drums": [DRUMS], "melody": [MELODY], "bass": [BASS], "trio": [MELODY, BASS, DRUMS]}


def some_notes(stream, steps):
    """Return notes of a stream: none, few or many, on the beat or anywhere, of few pitches or many."""
    spacing, density = RANDOM.choice([1, 2, 4, 8]), RANDOM.choice([0, 0.1, 0.5, 0.9])
    pitches = RANDOM.choice(REDUCED.exemplars if stream.is_drum else range(36, 84), RANDOM.integers(1, 9))
    starts = [step for step in range(0, steps, spacing) if RANDOM.uniform() < density]
    per_step = RANDOM.integers(1, 4) if stream.is_drum else 1
    return [
        Note(int(pitch), step, 1 if stream.is_drum else int(spacing), 80, 0.0, stream.is_drum, stream.program)
        for step in starts
        for pitch in dict.fromkeys(RANDOM.choice(pitches, per_step).tolist())
    ]


def some_music(streams, n=150):
    lengths = RANDOM.choice([16, 32, 40, 64, 256], n).tolist()
    return [NoteSequence([note for each in streams for note in some_notes(each, steps)], steps) for steps in lengths]


def to_json(music, streams):
    clips = ModelClips(None, TrioConverter(256), tuple(streams))
    return [clips.clip(sequence).to_json() for sequence in music], [stream.to_json() for stream in streams]


@pytest.mark.parametrize("kind", STREAMS)
def test_the_rating_of_any_music(node, kind):
    music = some_music(STREAMS[kind])
    ratings = [rate(sequence) for sequence in music]
    assert node.call(SCRIPT, "rateAll", *to_json(music, STREAMS[kind])) == ratings
    assert len(set(ratings)) > 50


def test_the_best_of_each_group_is_the_first_of_equals(node):
    music = some_music(STREAMS["drums"], 60)
    music[5:10] = music[:5]
    clips, streams = to_json(music, STREAMS["drums"])
    for group in (1, 5, 10):
        best = node.call(SCRIPT, "bestOf", clips, group, streams)
        assert [music[index] for index in best] == choose_best(music, group)
        assert best == [
            music.index(music[index], start) for start, index in zip(range(0, 60, group), best, strict=True)
        ]


@pytest.mark.parametrize("kind", STREAMS)
def test_the_attributes_of_any_music(node, kind):
    music, attributes = some_music(STREAMS[kind]), attributes_of(STREAMS[kind])
    found = node.call(
        SCRIPT, "measureAll", [{"name": each.name} for each in attributes], *to_json(music, STREAMS[kind])
    )
    assert found == [measure(attributes, sequence) for sequence in music]
