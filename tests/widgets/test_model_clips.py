"""The music of every kind of model as clips, and palettes of each kind."""

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from latentpalette.widgets import partly_decoded
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.palette import Palette
from tests.widgets.conftest import browser_sends

KINDS = ["drums-2bar", "melody-2bar", "melody-16bar", "trio-16bar", "groove-4bar"]


@pytest.fixture(scope="module", params=KINDS)
def model(request):
    return lp.load(request.param)


def test_a_clip_is_the_music_that_the_model_made(model):
    music = ModelClips.of(model)
    for loop in model.sample(3, seed=4):
        clip = music.clip(loop)
        again = music.sequence(clip)
        assert [(note.pitch, note.step, note.length, note.is_drum) for note in again.notes] == [
            (note.pitch, note.step, note.length, note.is_drum) for note in loop.notes
        ]
        assert {note.program for note in again.notes} <= {stream.program for stream in music.streams}
        music.check_clip(clip, "It")
        assert music.clip(music.canonical(again)) == clip


def test_streams_and_lanes_have_names():
    trio = ModelClips.of(lp.load("trio-16bar"))
    assert (
        [stream.name for stream in trio.streams] == [lane["name"] for lane in trio.lanes] == ["melody", "bass", "drums"]
    )
    assert [lane["name"] for lane in ModelClips.of(lp.load("melody-2bar")).lanes] == ["melody"]
    assert len(ModelClips.of(lp.load("groove-4bar")).lanes) == 9


def test_a_groove_keeps_its_velocities_and_its_timing():
    model = lp.load("groove-4bar")
    music = ModelClips.of(model)
    loop = next(loop for loop in model.sample(8, seed=1) if len(loop.notes) > 8)
    notes = music.sequence(music.clip(loop)).notes
    assert [note.velocity for note in notes] == [note.velocity for note in loop.notes]
    assert [note.offset for note in notes] == pytest.approx([note.offset for note in loop.notes], abs=0.002)
    assert len({note.velocity for note in notes}) > 3


def test_a_palette_of_every_kind_plays_what_its_model_decodes(model, monkeypatch):
    palette = Palette(model, size=3, use_original_corners=False)
    music = ModelClips.of(model)
    decoded = music.decode(palette.grid.reshape(9, -1).astype(np.float32))
    assert palette.notes(1, 1) == music.sequence(decoded[4])
    assert palette.notes(2, 0) == music.sequence(decoded[6])
    palette.path = [(0, 0), (0, 2)]
    assert palette.path.notes.steps == 3 * 2 * 16
    assert f"lp.load({palette.model_name!r})" in palette.to_python()


def test_a_large_grid_comes_coarse_first_and_is_filled_in_as_the_browser_asks(wire, monkeypatch):
    monkeypatch.setattr(partly_decoded, "QUICK_WORK", 32 * 100)
    monkeypatch.setattr(partly_decoded, "MAX_BATCH_WORK", 32 * 10)
    palette = Palette(lp.load("drums-2bar"), size=11)
    missing = [index for index, clip in enumerate(decode_clips(palette.cells)) if clip is None]
    assert len(missing) == 121 - 25
    assert not {0, 10, 60, 110, 120} & set(missing)

    def ask(indices, grid_id, **changes):
        inputs = {name: getattr(palette, name) for name in ("corner_clips", "size", "interpolation", "chords")}
        body = {"grid_id": grid_id, "indices": indices, **inputs, **changes}
        message = None
        while message is None or "body" not in message.data["content"]:  # it is done in parts
            wire.clear()
            browser_sends(palette, {"type": "request", "id": "1", "name": "cells", "body": body})
            (message,) = (message for message in wire if message.data.get("method") == "custom")
            assert message.data["content"]["ok"]
        return message.data["content"]["body"]["indices"], decode_clips(message.buffers[0])

    indices, clips = ask(missing, palette.grid_id)
    assert indices == missing[:10]
    assert [clip == palette._cells.clips[index] for index, clip in zip(indices, clips, strict=True)] == [True] * 10
    of_other_corners = ask(missing, 1_000_007, corner_clips=palette.corner_clips[::-1])
    assert of_other_corners[0] == missing[:10]
    assert of_other_corners[1] != clips
    assert sum(clip is None for clip in decode_clips(palette.cells)) == 121 - 35
    palette.display_png()  # is drawn before the view is there
    assert sum(clip is None for clip in decode_clips(palette.cells)) == 121 - 35
    palette.notes(1, 1)  # what is asked of Python is decoded at once
    palette.standalone_state()
    assert None not in decode_clips(palette.cells)


@pytest.mark.parametrize(
    ("model", "message"),
    [("drums-2bar", "pass lp.load"), (object(), "makes none of them"), (7, "makes none of them")],
)
def test_what_makes_no_music_that_can_be_played_is_refused(model, message):
    with pytest.raises(PaletteError, match=message):
        ModelClips.of(model)


def test_a_model_of_a_band_is_refused_with_what_shows_its_music():
    band = MusicVAE(MAGENTA_CONFIGS["hier-multiperf_vel_1bar_med"], init=False)
    with pytest.raises(PaletteError, match=r"lp\.show\(model\.sample\(4\)\) shows and plays them"):
        ModelClips.of(band)
    assert not ModelClips.can_play(band)
