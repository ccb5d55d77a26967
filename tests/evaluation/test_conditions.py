"""The conditions of windows are what a musician would count."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.converters.melody import FIRST_NOTE_ON, NUM_CLASSES
from latentpalette.converters.stream_registry import streams_of
from latentpalette.converters.streams import DrumStream, MelodyStream
from latentpalette.evaluation.conditions import KEYS, corpus_conditions, find_styles, measure_conditions, style_of
from latentpalette.evaluation.predict import target_labels
from latentpalette.music.melody import MIN_PITCH
from tests.evaluation.tiny_corpora import PERFORMANCE, make_corpus

DRUMS = DrumStream.from_map("reduced")
MELODY = MelodyStream("melody", NUM_CLASSES)


def loop(**steps: list[int]) -> np.ndarray:
    """Return the labels [1, 32, 1] of a loop by the steps of its drums."""
    labels = np.zeros((1, 32, 1), np.int64)
    for name, hits in steps.items():
        labels[0, hits, 0] |= 1 << DRUMS.drum_names.index(name.replace("_", " "))
    return labels


def tune(pitches: list[int]) -> np.ndarray:
    """Return the labels [1, 32, 1] of quarter notes."""
    labels = np.zeros((1, 32, 1), np.int64)
    labels[0, : 4 * len(pitches) : 4, 0] = np.array(pitches) - MIN_PITCH + FIRST_NOTE_ON
    return labels


def measured(labels: np.ndarray, stream) -> dict[str, object]:
    return {name: value[0].item() for name, value in measure_conditions(labels, [stream]).items()}


@pytest.mark.parametrize(
    ("song", "style"),
    [
        ("gmd/drummer6/session3/2_rock_100_beat_4-4.mid", "rock"),
        ("groove/drummer1/eval_session/1_funk-groove1_138_beat_4-4.mid", "funk"),
        ("drummer1/session1/78_jazz-fast_290_fill_4-4.mid", "jazz"),
        ("drummer9/session1/9_latin-brazilian-samba_116_beat_4-4.midi", "latin"),
        ("gmd/drummer1/session1/rock.mid", ""),
        ("somewhere/2_rock_100_beat_4-4.mid", ""),
        ("synthetic/gmd.mid", ""),
        ("", ""),
    ],
)
def test_the_style_is_the_first_word_of_a_groove(song, style):
    assert style_of(song) == style


def test_a_style_has_three_songs_and_a_hundred_windows():
    names = {"funk": (3, 34), "rock": (2, 100), "jazz": (5, 10)}
    songs = [
        f"drummer1/session1/{n}_{style}_90_beat_4-4.mid" for style, (count, _) in names.items() for n in range(count)
    ]
    windows = [each for count, each in names.values() for _ in range(count)]
    styles = find_styles(songs, np.repeat(np.arange(len(songs)), windows))
    assert set(styles.tolist()) == {"funk", ""}
    assert (styles == "funk").sum() == 102
    assert find_styles([], np.zeros(0, int)).tolist() == []


def test_a_rock_beat_has_its_density_and_no_syncopation_toms_or_variation():
    beat = loop(kick=[0, 8, 16, 24], snare=[4, 12, 20, 28], closed_hat=list(range(0, 32, 2)))
    assert measured(beat, DRUMS) == {"density": 0.5, "syncopation": 0.0, "toms": 0.0, "variation": 0.0}


def test_syncopation_is_of_kick_and_snare_behind_a_hi_hat_that_never_rests():
    beat = loop(kick=[0, 3, 16, 19], closed_hat=list(range(32)))
    assert measured(beat, DRUMS)["syncopation"] == 0.5
    assert measured(beat, DRUMS)["density"] == 1.0


def test_a_fill_in_the_second_bar_is_toms_and_variation():
    beat = loop(kick=[0, 16], low_tom=[24, 25], high_tom=[26, 27])
    assert measured(beat, DRUMS)["toms"] == 4 / 32
    assert measured(beat, DRUMS)["variation"] == 4 / 16


def test_of_silence_only_the_density_is_known():
    for stream in (DRUMS, MELODY):
        values = measured(np.zeros((1, 32, 1), np.int64), stream)
        assert values.pop("density") == 0
        assert values.pop("key", "") == ""
        assert all(np.isnan(value) for value in values.values())


def test_a_scale_has_its_key_range_pitch_and_interval():
    values = measured(tune([62, 64, 66, 67, 69, 71, 73, 74]), MELODY)
    assert values["key"] == "D"
    assert (values["range"], values["pitch"], values["density"]) == (12, 68.25, 0.25)
    assert values["interval"] == pytest.approx(12 / 7)


def test_a_minor_is_in_the_key_of_c_and_chromatic_notes_are_in_none():
    assert measured(tune([69, 71, 72, 74, 76, 77, 79, 81]), MELODY)["key"] == "C"
    assert measured(tune([60, 61, 62, 63]), MELODY)["key"] == ""


def test_of_several_keys_each_occurs():
    labels = np.repeat(tune([60, 62, 64]), 300, axis=0)
    keys = measure_conditions(labels, [MELODY])["key"]
    assert set(keys.tolist()) == {"C", "F", "G"}
    assert len(set(KEYS)) == 12


def test_keys_are_the_same_each_time():
    labels = np.repeat(tune([60]), 50, axis=0)
    assert np.array_equal(measure_conditions(labels, [MELODY])["key"], measure_conditions(labels, [MELODY])["key"])


def test_the_melody_of_a_trio_is_measured():
    trio = np.concatenate([tune([60, 64, 67, 72]), np.zeros((1, 32, 1), np.int64), loop(kick=[0, 8])], 2)
    streams = streams_of({"name": "trio", "steps": 32})
    values = corpus_conditions(trio, streams, ["a.mid"], np.zeros(1, int))
    assert list(values) == ["style", "key", "density", "syncopation", "pitch", "range", "interval", "variation"]
    assert (values["style"][0], values["range"][0]) == ("", 12)


def test_a_band_has_its_density_tracks_and_pitch():
    windows = make_corpus(PERFORMANCE).windows
    values = measure_conditions(target_labels(PERFORMANCE, windows), streams_of(PERFORMANCE.converter))
    assert list(values) == ["density", "tracks", "pitch"]
    assert set(values["tracks"].tolist()) == {3}  # a melody, a bass and drums, every four sixteenths
    assert set(values["density"].tolist()) <= {0.25, 0.5}
    assert ((values["pitch"] >= 40) & (values["pitch"] < 80)).all()


def test_a_representation_without_known_streams_has_no_conditions():
    assert corpus_conditions(np.zeros((2, 8, 1), np.int64), (), ["a.mid"], np.zeros(2, int)) == {}
