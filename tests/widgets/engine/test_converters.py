"""Tokens to clips and clips to what encoders read, in the page as in Python, for every representation."""

import json
from pathlib import Path
from types import SimpleNamespace

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import latentpalette
from latentpalette.converters import make_converter
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.widgets.clips import OFFSET_SCALE, Clip
from latentpalette.widgets.engine_converter import pack_converter
from latentpalette.widgets.model_clips import ModelClips
from tests.widgets.engine.node_process import ScriptError

SCRIPT = Path(__file__).with_name("converters.mjs")
SHELF = sorted((Path(latentpalette.__file__).parent / "pretrained").glob("*/config.json"))


def representations():
    """Each representation of the shelf's models and of Magenta's configurations once, by the name of the first."""
    configs = {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in SHELF}
    configs |= {name: vars(config) for name, config in MAGENTA_CONFIGS.items()}
    found = {}
    for name, config in configs.items():
        converter = make_converter(**config["converter"])
        if not converter.control_depth and config["converter"]["name"] != "performance":
            found.setdefault(converter, pytest.param(ModelClips.of(SimpleNamespace(converter=converter)), id=name))
    return list(found.values())


every_representation = pytest.mark.parametrize("music", representations())


def frames_of(music, rng, count):
    """Random outputs of a model's network as frames [clip, step, depth], and as the tokens that the page decodes."""
    converter, shape = music.converter, (count, music.steps)
    if music.has_velocity:
        hits = rng.random((*shape, 9)) < 0.2
        frames = [hits, rng.uniform(-0.2, 1.2, (*shape, 9)), rng.uniform(-1.2, 1.2, (*shape, 9))]
        frames = np.concatenate(frames, -1).astype(np.float32)
        return frames, frames
    if type(converter).__name__ == "DrumPianorollConverter":
        frames = (rng.random((*shape, converter.output_depth)) < 0.1).astype(np.float32)
        return frames, frames
    depths = getattr(converter, "depths", (converter.output_depth,))
    # Of a melody most tokens are "no event", as music is.
    tokens = [rng.integers(depth, size=shape) * (rng.random(shape) < 0.4) for depth in depths]
    return np.concatenate([np.eye(d)[t] for d, t in zip(depths, tokens, strict=True)], -1), np.stack(tokens, -1)


def rows_of(clip):
    """The notes of a clip of either language."""
    if isinstance(clip, Clip):
        names = ("step", "pitch", "length", "velocity", "offset", "stream")
        return clip.steps, [tuple(int(note[name]) for name in names) for note in clip.notes]
    return clip["steps"], [
        (note["step"], note["pitch"], note["length"], note["velocity"], note["offset"] * OFFSET_SCALE, note["stream"])
        for note in clip["notes"]
    ]


def json_of(clip):
    names = ("step", "pitch", "length", "velocity", "stream")
    notes = [
        {**{name: int(note[name]) for name in names}, "offset": int(note["offset"]) / OFFSET_SCALE}
        for note in clip.notes
    ]
    return {"steps": clip.steps, "notes": notes}


def sparse(frames):
    """The columns of each step that are not 0, with their values."""
    return [[[int(at), float(frame[at])] for at in np.flatnonzero(frame)] for frame in frames]


@every_representation
def test_the_page_makes_pythons_clips_of_tokens(music, node):
    frames, tokens = frames_of(music, np.random.default_rng(7), 12)
    clips = node.call(SCRIPT, "clipsOf", pack_converter(music), tokens.ravel().tolist(), len(frames))
    assert [rows_of(clip) for clip in clips] == [rows_of(music.clip(music.converter.decode(each))) for each in frames]


def random_clips(music):
    """Clips as a hand draws them: notes of the model's streams, several at a place and longer than a bar, too."""
    streams = []
    for index, stream in enumerate(music.streams):
        pitches = stream.drum_map.exemplars if stream.drum_map else range(stream.low, stream.high + 1)
        step = st.integers(0, music.steps - 1)
        note = st.tuples(
            step,
            st.sampled_from(pitches),
            st.integers(1, 40),
            st.integers(1, 127),
            st.integers(-127, 127),
            st.just(index),
        )
        streams.append(note)
    return st.lists(st.one_of(streams), min_size=1, max_size=60).map(lambda notes: make_clip(music, notes))


def make_clip(music, notes):
    fitting = [
        (step, pitch, length if music.streams[stream].is_drum else min(length, music.steps - step), velocity,
         offset / OFFSET_SCALE, stream)
        for step, pitch, length, velocity, offset, stream in notes
    ]  # fmt: skip
    return Clip.of(fitting, music.steps)


@every_representation
def test_the_page_reads_clips_as_python_does(music, node):
    @settings(max_examples=40)
    @given(random_clips(music))
    def reads_alike(clip):
        [page] = node.call(SCRIPT, "read", pack_converter(music), [json_of(clip)])
        sequence = music.sequence(clip)
        assert rows_of(page["canonical"]) == rows_of(music.clip(music.canonical(sequence)))
        columns = [sorted(columns) for columns in page["input"]]
        assert columns == sparse(music.converter.encode(music.sequence(clip)).inputs)

    reads_alike()


@every_representation
def test_silence_is_read(music, node):
    [page] = node.call(SCRIPT, "read", pack_converter(music), [{"steps": music.steps, "notes": []}])
    empty = Clip.of([], music.steps)
    assert page["canonical"]["notes"] == []
    assert page["input"] == sparse(music.converter.encode(music.sequence(empty)).inputs)


@pytest.mark.parametrize(
    ("name", "notes", "steps"),
    [
        ("drums", [], 16),
        ("drums", [(0, 36, 1, 80, 0, 1)], 32),
        ("drums", [(0, 35, 1, 80, 0, 0)], 32),
        ("melody", [(0, 20, 1, 80, 0, 0)], 32),
        ("melody", [(30, 60, 3, 80, 0, 0)], 32),
    ],
)
def test_a_clip_that_is_none_of_the_models_is_refused_in_the_same_words(name, notes, steps, node):
    music = ModelClips.of(SimpleNamespace(converter=make_converter(name)))
    clip = Clip.of(notes, steps)
    with pytest.raises(ValueError, match="The clip") as python:
        music.check_clip(clip, "The clip")
    with pytest.raises(ScriptError) as page:
        node.call(SCRIPT, "check", pack_converter(music), json_of(clip))
    assert str(page.value) == str(python.value)
