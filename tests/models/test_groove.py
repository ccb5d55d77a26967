"""GrooVAE tasks: input of any length, output of the same length and tempo, and every hit sounds."""

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
from latentpalette.models.store import load
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
def beats(draw, min_steps=0):
    """Drums with and without a class, and a piano, of any length and tempo."""
    steps = draw(st.integers(min_steps, 80))
    positions = draw(
        st.sets(st.tuples(st.integers(0, max(steps - 1, 0)), st.integers(20, 90), st.booleans()), max_size=30)
    )
    return NoteSequence(
        [
            Note(
                pitch, step, draw(st.integers(1, 3)), draw(st.integers(1, 127)), draw(st.integers(-8, 8)) / 16, is_drum
            )
            for step, pitch, is_drum in (sorted(positions) if steps else ())
        ],
        steps,
        draw(st.floats(40, 300)),
    )


few = settings(max_examples=30)  # each decodes a few windows


def hits(sequence):
    return sorted((note.step, note.pitch, note.length, note.is_drum, note.program) for note in sequence.notes)


def windows_of(sequence, steps=32):
    padded = sequence.replace(steps=-(-sequence.steps // steps) * steps)
    return [padded.slice(start, start + steps) for start in range(0, padded.steps, steps)]


def as_magenta(model, sequence, *, controls_of=None):
    """Encode, decode and concatenate window by window, as in Magenta's notebook."""
    frames = []
    for number, window in enumerate(windows_of(sequence)):
        example = model.converter.encode(window)
        controls = example.controls[None] if model.config.control_depth else None
        mu = model.posterior_arrays(example.inputs[None], controls=controls).mu
        if controls_of is not None:
            controls = model.converter.encode(windows_of(controls_of)[number]).controls[None]
        frames.append(model.decode_arrays(mu, controls=controls)[0])
    return model.converter.decode(np.concatenate(frames)[: sequence.steps], qpm=sequence.qpm)


TASKS = {
    "humanize": lambda beat, keep: humanize(MODELS["humanize"], beat, keep_hits=keep),
    "tap": lambda beat, keep: tap_to_drums(MODELS["tap"], beat, keep_timing=keep),
    "hats": lambda beat, keep: add_hihat(MODELS["hats"], beat, keep_hits=keep),
    "transfer": lambda beat, keep: transfer_groove(MODELS["transfer"], SWING, beat, keep_hits=keep),
}
SWING = NoteSequence([Note(42, s, offset=0.4 * (s % 4 == 2), is_drum=True) for s in range(0, 48, 2)], steps=48, qpm=77)
DRUMMED = NoteSequence.from_steps(
    {"kick": [0, 8, 16, 33], "snare": [4, 12, 36], "closed hat": [2, 34]}, steps=40, qpm=93
)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("keep", [True, False])
@settings(max_examples=12)
@given(beat=beats())
def test_length_and_tempo_are_kept_and_every_hit_sounds_and_none_starts_before_0(task, keep, beat):
    performed = TASKS[task](beat, keep)
    assert (performed.steps, performed.qpm) == (beat.steps, beat.qpm)
    assert all(note.velocity >= 1 for note in performed.notes)
    if not keep:
        assert all(note.step + note.offset >= 0 for note in performed.notes if note.is_drum), "others stay as they are"


@few
@given(beats())
def test_humanizing_changes_expression_and_not_hits(beat):
    performed = humanize(MODELS["humanize"], beat)
    assert hits(performed) == hits(beat)
    unrepresented = {note for note in beat.notes if not note.is_drum or REDUCED.class_of(note.pitch) is None}
    assert unrepresented <= set(performed.notes)


@few
@given(beats())
def test_the_expression_of_a_beat_makes_no_difference_to_its_humanization(beat):
    quantized = [
        dataclasses.replace(n, velocity=64, offset=0.0) if n.is_drum and REDUCED.class_of(n.pitch) is not None else n
        for n in beat.notes
    ]
    model = MODELS["humanize"]
    assert humanize(model, beat.replace(notes=quantized)) == humanize(model, beat)


def test_a_groove_model_may_have_gru_cells_or_a_conductor():
    for changes in ({"cell": "gru"}, {"decoder_levels": (4, 8)}):
        model = model_of(MAGENTA_CONFIGS["groovae_2bar_humanize"].replace(**SIZES, **changes))
        performed = humanize(model, DRUMMED)
        assert hits(performed) == hits(DRUMMED)
        assert len({note.velocity for note in performed.notes}) > 1


def test_the_expression_differs_from_hit_to_hit():
    performed = humanize(MODELS["humanize"], DRUMMED)
    assert len({note.velocity for note in performed.notes}) > 3
    assert len({note.offset for note in performed.notes}) > 3


@pytest.mark.parametrize(
    ("task", "keyword"), [("humanize", "keep_hits"), ("hats", "keep_hits"), ("tap", "keep_timing")]
)
def test_without_keeping_it_is_what_magenta_does_window_by_window(task, keyword):
    run = {"humanize": humanize, "hats": add_hihat, "tap": tap_to_drums}[task]
    performed = run(MODELS[task], DRUMMED, **{keyword: False})
    expected = as_magenta(MODELS[task], DRUMMED)
    assert hits(performed) == hits(expected)
    for one, other in zip(performed.notes, expected.notes, strict=True):
        assert (one.velocity, one.offset) == pytest.approx((other.velocity, other.offset), abs=1e-4)


def test_a_groove_is_transferred_as_magenta_does_it():
    model = MODELS["transfer"]
    source = SWING.replace(notes=[n for n in SWING.notes if n.step < 40], steps=40)
    performed = transfer_groove(model, source, DRUMMED, keep_hits=False)
    expected = as_magenta(model, source, controls_of=DRUMMED)
    assert hits(performed) == hits(expected)
    assert performed.qpm == 93


def test_a_hit_may_start_before_the_bar_line_of_a_later_window():
    early = NoteSequence([Note(36, step, offset=-0.3 * (step > 0), is_drum=True) for step in range(64)], steps=64)
    model = MODELS["transfer"]
    frames = model.converter.frames(early)
    performed = model.converter.decode(decode_groove(model, model.converter, frames, frames, given=frames))
    assert [note.offset for note in performed.notes] == pytest.approx([note.offset for note in early.notes])


def test_given_values_are_kept_and_the_model_decides_the_rest():
    model = MODELS["humanize"]
    frames = model.converter.frames(DRUMMED)
    forced, free = (
        decode_groove(model, model.converter, frames, frames, given=fix_columns(frames, columns))
        for columns in (HIT_COLUMNS, slice(0))
    )
    np.testing.assert_array_equal(forced[:, HIT_COLUMNS], frames[:, HIT_COLUMNS])
    assert not np.array_equal(free[:, HIT_COLUMNS], frames[:, HIT_COLUMNS])


def test_the_expression_of_a_given_hit_is_the_predicted_one_given_a_hit():
    # Velocities are trained with a 0 where there is no hit: their mean is velocity x probability.
    model = model_of(MAGENTA_CONFIGS["groovae_2bar_humanize"].replace(**SIZES))
    with torch.no_grad():
        (core,) = model.decoder.cores
        core.projection.weight.zero_()
        p_hit, velocity, offset = 0.2, 0.15, -0.1
        bias = [np.log(p_hit / (1 - p_hit)), np.log(velocity / (1 - velocity)), np.arctanh(offset)]
        core.projection.bias.copy_(torch.tensor(np.repeat(bias, NUM_DRUMS)))
    frames = model.converter.frames(DRUMMED)
    performed = decode_groove(model, model.converter, frames, frames, given=fix_columns(frames, HIT_COLUMNS))
    is_hit = frames[:, HIT_COLUMNS] == 1
    np.testing.assert_allclose(performed[:, 9:18][is_hit], velocity / p_hit, rtol=1e-4)
    np.testing.assert_allclose(performed[:, 18:][is_hit], offset / p_hit, rtol=1e-4)
    assert not performed[:, 9:][~np.tile(is_hit, 2)].any()


@few
@given(beats())
def test_hats_are_added_and_nothing_else_changes(beat):
    performed = add_hihat(MODELS["hats"], beat)

    def others(sequence):
        return [n for n in sequence.notes if not n.is_drum or REDUCED.class_of(n.pitch) != CLOSED_HAT]

    assert others(performed) == others(beat)


def test_hats_come_where_there_were_none():
    beat = NoteSequence.from_steps({"kick": [0, 8, 16, 24], "snare": [4, 12, 20, 28]}, steps=32)
    with_hats = add_hihat(MODELS["hats"], beat, temperature=2.0, seed=1)
    assert {note.pitch for note in with_hats.notes} == {36, 38, 42}
    assert with_hats == add_hihat(MODELS["hats"], beat, temperature=2.0, seed=1)
    assert with_hats != add_hihat(MODELS["hats"], beat, temperature=2.0, seed=2)


def test_taps_may_have_any_pitch():
    model = MODELS["tap"]
    steps = [0, 3, 6, 8, 12, 20, 35]
    melodic = NoteSequence([Note(60 + s % 5, s, 2, 90, 0.2) for s in steps], steps=40)
    drums = NoteSequence([Note(37, s, 1, 90, 0.2, is_drum=True) for s in steps], steps=40)
    assert tap_to_drums(model, melodic) == tap_to_drums(model, drums)


def test_taps_are_encoded_in_the_column_that_the_model_was_trained_with():
    model = MODELS["tap"]
    tap = NoteSequence([Note(60, 5, velocity=100, offset=0.25)], steps=32)
    frames = np.zeros((32, 27), np.float32)
    frames[5, TAP_CLASS], frames[5, 18 + TAP_CLASS] = 1, -0.5
    decoded = model.decode_arrays(model.posterior_arrays(frames[None]).mu)[0]
    assert tap_to_drums(model, tap, keep_timing=False) == model.converter.decode(decoded)


@few
@given(beats(min_steps=1))
def test_hits_have_the_offsets_of_the_taps_in_their_steps(beat):
    taps = beat.replace(notes=[dataclasses.replace(note, pitch=60, is_drum=False) for note in beat.notes])
    loudest = {}
    for note in taps.notes:
        if note.step not in loudest or note.velocity > loudest[note.step].velocity:
            loudest[note.step] = note
    model = MODELS["tap"]
    performed = tap_to_drums(model, taps, temperature=1.0, seed=1)
    own = tap_to_drums(model, taps, keep_timing=False, temperature=1.0, seed=1)
    assert [(n.step, n.pitch, n.velocity) for n in performed.notes] == [
        (n.step, n.pitch, n.velocity) for n in own.notes
    ]
    for hit, free in zip(performed.notes, own.notes, strict=True):
        expected = loudest[hit.step].offset if hit.step in loudest else free.offset
        assert hit.offset == pytest.approx(max(expected, 0) if hit.step == 0 else expected, abs=1e-6)


@few
@given(beats(), beats(min_steps=1))
def test_a_transferred_groove_keeps_the_hits(beat, source):
    assert hits(transfer_groove(MODELS["transfer"], source, beat)) == hits(beat)


def test_a_short_source_is_repeated():
    model = MODELS["transfer"]
    short = SWING.slice(0, 16)
    long = SWING.replace(notes=[dataclasses.replace(n, step=n.step + k) for n in short.notes for k in (0, 16, 32)])
    assert transfer_groove(model, short, DRUMMED) == transfer_groove(model, long, DRUMMED)


def test_an_empty_source_is_refused():
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
def test_a_model_for_another_task_is_refused_with_the_one_it_takes(run, model, message):
    with pytest.raises(ModelError, match=message):
        run(model, DRUMMED)


def test_old_names_of_arguments_work_for_a_release():
    with pytest.warns(DeprecationWarning, match="keep_hits="):
        performed = humanize(MODELS["humanize"], DRUMMED, keep=False)
    assert performed == humanize(MODELS["humanize"], DRUMMED, keep_hits=False)
    with pytest.warns(DeprecationWarning, match="is now called"):
        performed = transfer_groove(MODELS["transfer"], from_=SWING, to=DRUMMED)
    assert performed == transfer_groove(MODELS["transfer"], SWING, DRUMMED)


def test_taps_that_give_no_drums_are_a_warning():
    taps = NoteSequence([Note(60, 0), Note(60, 16)], steps=32)
    with pytest.warns(UserWarning, match=r"^No drums came of 2 taps, so the beat is silent\. Tap more"):
        assert not tap_to_drums(load("groove-tap"), taps).notes
    assert not tap_to_drums(load("groove-tap"), taps.replace(notes=[])).notes  # nothing was tapped


def test_a_spread_is_another_drummer_of_the_same_hits():
    model = MODELS["humanize"]
    usual, one, same, other = (
        humanize(model, DRUMMED, spread=spread, seed=seed) for spread, seed in ((0, 1), (1, 1), (1, 1), (1, 2))
    )
    hits = [(note.step, note.pitch) for note in DRUMMED.notes]
    for played in (usual, one, other):
        assert [(note.step, note.pitch) for note in played.notes] == hits
    assert one == same
    assert len({usual.notes, one.notes, other.notes}) == 3


def test_a_spread_out_of_range_is_refused():
    with pytest.raises(ModelError, match="spread"):
        humanize(MODELS["humanize"], DRUMMED, spread=9)
