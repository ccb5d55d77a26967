"""Groove models at work: any length in, the same length and tempo out, and every stroke is heard."""

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from latentpalette.converters.groove import TAP_CLASS
from latentpalette.errors import ModelError
from latentpalette.models.groove import (
    CLOSED_HAT,
    HIT_COLUMNS,
    NUM_DRUMS,
    add_hihat,
    decode_groove,
    fix_columns,
    humanize,
    tap_to_drums,
    transfer_groove,
)
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.music.drums import REDUCED
from latentpalette.music.sequence import Note, NoteSequence
from tests.models.tiny_models import SIZES, WIRINGS, model_of

MODELS = {
    name: model_of(MAGENTA_CONFIGS[f"groovae_2bar_{config}"].replace(**SIZES))
    for name, config in {
        "humanize": "humanize",
        "tap": "tap_fixed_velocity",
        "hats": "add_closed_hh",
        "transfer": "hits_control_tfds",
    }.items()
}


@st.composite
def beats(draw, fewest=0):
    """Drums, known and unknown, and a piano, on a grid of any length and at any tempo."""
    steps = draw(st.integers(fewest, 80))
    places = draw(
        st.sets(st.tuples(st.integers(0, max(steps - 1, 0)), st.integers(20, 90), st.booleans()), max_size=30)
    )
    return NoteSequence(
        [
            Note(
                pitch, step, draw(st.integers(1, 3)), draw(st.integers(1, 127)), draw(st.integers(-8, 8)) / 16, is_drum
            )
            for step, pitch, is_drum in (sorted(places) if steps else ())
        ],
        steps,
        draw(st.floats(40, 300)),
    )


few = settings(max_examples=30)  # each decodes a few windows


def strokes(sequence):
    return sorted((note.step, note.pitch, note.length, note.is_drum, note.program) for note in sequence.notes)


def windows_of(sequence, steps=32):
    padded = sequence.replace(steps=-(-sequence.steps // steps) * steps)
    return [padded.slice(start, start + steps) for start in range(0, padded.steps, steps)]


def as_magenta(model, sequence, *, controls_of=None):
    """What Magenta's notebook does, window by window: encode, decode, join."""
    rows = []
    for number, window in enumerate(windows_of(sequence)):
        example = model.converter.encode(window)
        told = example.controls[None] if model.config.control_depth else None
        mu = model.posterior_arrays(example.inputs[None], controls=told).mu
        if controls_of is not None:
            told = model.converter.encode(windows_of(controls_of)[number]).controls[None]
        rows.append(model.decode_arrays(mu, controls=told)[0])
    return model.converter.decode(np.concatenate(rows)[: sequence.steps], qpm=sequence.qpm)


EVERY = {
    "humanize": lambda beat, keep: humanize(MODELS["humanize"], beat, keep_hits=keep),
    "tap": lambda beat, keep: tap_to_drums(MODELS["tap"], beat, keep_timing=keep),
    "hats": lambda beat, keep: add_hihat(MODELS["hats"], beat, keep_hits=keep),
    "transfer": lambda beat, keep: transfer_groove(MODELS["transfer"], SWING, beat, keep_hits=keep),
}
SWING = NoteSequence([Note(42, s, offset=0.4 * (s % 4 == 2), is_drum=True) for s in range(0, 48, 2)], steps=48, qpm=77)
DRUMMED = NoteSequence.from_steps(
    {"kick": [0, 8, 16, 33], "snare": [4, 12, 36], "closed hat": [2, 34]}, steps=40, qpm=93
)


@pytest.mark.parametrize("verb", EVERY)
@pytest.mark.parametrize("keep", [True, False])
@settings(max_examples=12)
@given(beat=beats())
def test_length_and_tempo_are_kept_and_every_stroke_is_heard_and_none_begins_too_early(verb, keep, beat):
    played = EVERY[verb](beat, keep)
    assert (played.steps, played.qpm) == (beat.steps, beat.qpm)
    assert all(note.velocity >= 1 for note in played.notes)
    if not keep:
        assert all(note.step + note.offset >= 0 for note in played.notes)


@few
@given(beats())
def test_humanizing_changes_how_strokes_are_played_and_not_which(beat):
    played = humanize(MODELS["humanize"], beat)
    assert strokes(played) == strokes(beat)
    unheard = {note for note in beat.notes if not note.is_drum or REDUCED.class_of(note.pitch) is None}
    assert unheard <= set(played.notes)


@few
@given(beats())
def test_how_stiff_a_beat_was_makes_no_difference_to_how_it_is_humanized(beat):
    stiff = [
        dataclasses.replace(n, velocity=64, offset=0.0) if n.is_drum and REDUCED.class_of(n.pitch) is not None else n
        for n in beat.notes
    ]
    model = MODELS["humanize"]
    assert humanize(model, beat.replace(notes=stiff)) == humanize(model, beat)


def test_a_drummer_may_have_cells_of_another_kind_and_a_conductor():
    for changes in ({"cell": "gru"}, {"decoder_levels": (4, 8)}):
        model = model_of(MAGENTA_CONFIGS["groovae_2bar_humanize"].replace(**SIZES, **changes))
        played = humanize(model, DRUMMED)
        assert strokes(played) == strokes(DRUMMED)
        assert len({note.velocity for note in played.notes}) > 1


def test_the_touch_differs_from_stroke_to_stroke():
    played = humanize(MODELS["humanize"], DRUMMED)
    assert len({note.velocity for note in played.notes}) > 3
    assert len({note.offset for note in played.notes}) > 3


@pytest.mark.parametrize(
    ("task", "keyword"), [("humanize", "keep_hits"), ("hats", "keep_hits"), ("tap", "keep_timing")]
)
def test_without_keeping_it_is_what_magenta_does_window_by_window(task, keyword):
    run = {"humanize": humanize, "hats": add_hihat, "tap": tap_to_drums}[task]
    whole = run(MODELS[task], DRUMMED, **{keyword: False})
    expected = as_magenta(MODELS[task], DRUMMED)
    assert strokes(whole) == strokes(expected)
    for one, other in zip(whole.notes, expected.notes, strict=True):
        assert (one.velocity, one.offset) == pytest.approx((other.velocity, other.offset), abs=1e-4)


def test_a_groove_is_transferred_as_magenta_does_it():
    model = MODELS["transfer"]
    feel = SWING.replace(notes=[n for n in SWING.notes if n.step < 40], steps=40)
    whole = transfer_groove(model, feel, DRUMMED, keep_hits=False)
    expected = as_magenta(model, feel, controls_of=DRUMMED)
    assert strokes(whole) == strokes(expected)
    assert whole.qpm == 93


def test_a_stroke_may_fall_before_the_bar_line_of_a_later_window():
    early = NoteSequence([Note(36, step, offset=-0.3 * (step > 0), is_drum=True) for step in range(64)], steps=64)
    model = MODELS["transfer"]
    rows = model.converter.rows(early)
    played = model.converter.decode(decode_groove(model, model.converter, rows, rows, given=rows))
    assert [note.offset for note in played.notes] == pytest.approx([note.offset for note in early.notes])


def test_what_is_settled_is_played_and_the_rest_is_the_models_choice():
    model = MODELS["humanize"]
    rows = model.converter.rows(DRUMMED)
    forced, free = (
        decode_groove(model, model.converter, rows, rows, given=fix_columns(rows, each))
        for each in (HIT_COLUMNS, slice(0))
    )
    np.testing.assert_array_equal(forced[:, HIT_COLUMNS], rows[:, HIT_COLUMNS])
    assert not np.array_equal(free[:, HIT_COLUMNS], rows[:, HIT_COLUMNS])


def test_a_given_stroke_is_as_loud_as_the_model_thinks_it_would_be_if_it_came():
    # Velocities are learned with a 0 wherever nothing is hit: their mean is (how loud) x (how likely).
    model = model_of(MAGENTA_CONFIGS["groovae_2bar_humanize"].replace(**SIZES))
    with torch.no_grad():
        (core,) = model.decoder.cores
        core.projection.weight.zero_()
        hit, loud, late = 0.2, 0.15, -0.1
        bias = [np.log(hit / (1 - hit)), np.log(loud / (1 - loud)), np.arctanh(late)]
        core.projection.bias.copy_(torch.tensor(np.repeat(bias, NUM_DRUMS)))
    rows = model.converter.rows(DRUMMED)
    played = decode_groove(model, model.converter, rows, rows, given=fix_columns(rows, HIT_COLUMNS))
    struck = rows[:, HIT_COLUMNS] == 1
    np.testing.assert_allclose(played[:, 9:18][struck], loud / hit, rtol=1e-4)
    np.testing.assert_allclose(played[:, 18:][struck], late / hit, rtol=1e-4)
    assert not played[:, 9:][~np.tile(struck, 2)].any()


@few
@given(beats())
def test_hats_are_added_and_nothing_else_is_touched(beat):
    played = add_hihat(MODELS["hats"], beat)

    def others(sequence):
        return [n for n in sequence.notes if not n.is_drum or REDUCED.class_of(n.pitch) != CLOSED_HAT]

    assert others(played) == others(beat)


def test_hats_come_where_there_were_none():
    bare = NoteSequence.from_steps({"kick": [0, 8, 16, 24], "snare": [4, 12, 20, 28]}, steps=32)
    warm = add_hihat(MODELS["hats"], bare, temperature=2.0, seed=1)
    assert {note.pitch for note in warm.notes} == {36, 38, 42}
    assert warm == add_hihat(MODELS["hats"], bare, temperature=2.0, seed=1)
    assert warm != add_hihat(MODELS["hats"], bare, temperature=2.0, seed=2)


def test_anything_can_be_tapped():
    model = MODELS["tap"]
    steps = [0, 3, 6, 8, 12, 20, 35]
    on_the_table = NoteSequence([Note(60 + s % 5, s, 2, 90, 0.2) for s in steps], steps=40)
    with_a_stick = NoteSequence([Note(37, s, 1, 90, 0.2, is_drum=True) for s in steps], steps=40)
    assert tap_to_drums(model, on_the_table) == tap_to_drums(model, with_a_stick)


def test_the_taps_lie_where_the_model_was_taught_to_look_for_them():
    model = MODELS["tap"]
    tap = NoteSequence([Note(60, 5, velocity=100, offset=0.25)], steps=32)
    rows = np.zeros((32, 27), np.float32)
    rows[5, TAP_CLASS], rows[5, 18 + TAP_CLASS] = 1, -0.5
    said = model.decode_arrays(model.posterior_arrays(rows[None]).mu)[0]
    assert tap_to_drums(model, tap, keep_timing=False) == model.converter.decode(said)


@few
@given(beats(fewest=1))
def test_strokes_are_as_early_or_late_as_the_taps_in_their_steps(beat):
    of_table = beat.replace(notes=[dataclasses.replace(note, pitch=60, is_drum=False) for note in beat.notes])
    loudest = {}
    for note in of_table.notes:
        if note.step not in loudest or note.velocity > loudest[note.step].velocity:
            loudest[note.step] = note
    model = MODELS["tap"]
    played = tap_to_drums(model, of_table, temperature=1.0, seed=1)
    own = tap_to_drums(model, of_table, keep_timing=False, temperature=1.0, seed=1)
    assert [(n.step, n.pitch, n.velocity) for n in played.notes] == [(n.step, n.pitch, n.velocity) for n in own.notes]
    for stroke, free in zip(played.notes, own.notes, strict=True):
        expected = loudest[stroke.step].offset if stroke.step in loudest else free.offset
        assert stroke.offset == pytest.approx(max(expected, 0) if stroke.step == 0 else expected, abs=1e-6)


@few
@given(beats(), beats(fewest=1))
def test_a_transferred_groove_keeps_the_strokes(beat, feel):
    assert strokes(transfer_groove(MODELS["transfer"], feel, beat)) == strokes(beat)


def test_a_short_feel_goes_round():
    model = MODELS["transfer"]
    short = SWING.slice(0, 16)
    long = SWING.replace(notes=[dataclasses.replace(n, step=n.step + k) for n in short.notes for k in (0, 16, 32)])
    assert transfer_groove(model, short, DRUMMED) == transfer_groove(model, long, DRUMMED)


def test_no_feel_is_refused():
    with pytest.raises(ModelError, match="no groove to transfer"):
        transfer_groove(MODELS["transfer"], NoteSequence(), DRUMMED)


@pytest.mark.parametrize(
    ("run", "model", "message"),
    [
        (humanize, model_of(), r"cannot humanize: .* humanize=True; this one has the converter 'drums' with steps=32"),
        (humanize, MODELS["tap"], r"humanize=True; this one has the converter 'groove' with .*tapify=True"),
        (tap_to_drums, MODELS["humanize"], "cannot make drums of taps: .* tapify=True"),
        (add_hihat, MODELS["humanize"], r"cannot add hats: .* add_instruments=\[2\]"),
        (
            lambda m, s: transfer_groove(m, s, s),
            MODELS["humanize"],
            "cannot transfer a groove: .* hits_as_controls=True",
        ),
        (humanize, model_of(WIRINGS["groove"].replace(converter={})), "the converter 'arrays'"),
    ],
)
def test_a_model_of_another_kind_is_refused_with_the_kind_it_takes(run, model, message):
    with pytest.raises(ModelError, match=message):
        run(model, DRUMMED)
