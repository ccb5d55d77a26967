from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import TrainingError
from latentpalette.evaluation.evaluate import Evaluation, Hollow
from latentpalette.evaluation.interpolation import Interpolation
from latentpalette.evaluation.metrics import Hits
from latentpalette.evaluation.reconstruction import PartScores, Reconstruction
from latentpalette.evaluation.samples import Attribute, Realism
from latentpalette.plots.curves import interpolation_curves, training_curves
from latentpalette.plots.evaluation import pictures, save
from latentpalette.training.metrics_log import Curve, history
from tests.plots.png import like, pixels

WAY = Interpolation((0.0, 0.5, 1.0), 8, 0.5, (0.1, 0.3, 0.5), (1.0, 1.1, 1.0), (0.0, 0.25, 0.5), (1.0, 1.6, 1.0))
HITS = Hits(0.5, 0.5, 0.5)
BACK = Reconstruction(9, 0.9, 0.8, 0.7, 0.6, HITS, 0.1, 30.0, 2, 14.0)


def made(part: str, temperature: float) -> Realism:
    kinds = {"hits": Attribute(12.0, 3.0, 10.0, 4.0), "kick": Attribute(2.0, 1.0, 2.0, 0.0)}
    return Realism(temperature, 8, 1.1, 0.0, 0.0, 0.0, None, kinds, part)


def test_a_runs_log_is_read_back_as_curves(tmp_path):
    log = tmp_path / "logs" / "version_0" / "metrics.csv"
    log.parent.mkdir(parents=True)
    log.write_text("epoch,losses/kl_bits,step,validation/onsets\n0,2.5,0,\n0,,9,0.5\n0,nan,9,\n0,4.5,19,\n")
    assert history(tmp_path) == {
        "losses/kl_bits": Curve((0, 19), (2.5, 4.5)),
        "validation/onsets": Curve((9,), (0.5,)),
    }


@pytest.mark.parametrize("text", ["loss\n3\n", "loss,step\n3,first\n", "loss,step\nmuch,1\n"])
def test_what_is_no_log_is_refused_by_its_path(tmp_path, text):
    log = tmp_path / "logs" / "version_0" / "metrics.csv"
    log.parent.mkdir(parents=True)
    log.write_text(text)
    with pytest.raises(TrainingError, match=r"metrics\.csv: no log of a run"):
        history(tmp_path)
    with pytest.raises(TrainingError, match="Name a folder that train wrote"):
        history(tmp_path / "elsewhere")


def test_a_run_has_a_panel_for_each_thing_that_was_logged():
    steps = tuple(range(0, 100, 10))
    falling = Curve(steps, tuple(np.linspace(9, 1, 10)))
    alone = training_curves({"losses/kl_bits": falling, "global_norm": falling})
    assert "1 curve of a training run: KL" in repr(alone)
    all_three = training_curves({"losses/kl_bits": falling, "losses/r_loss": falling, "validation/onsets": falling})
    assert pixels(all_three.png).shape == pixels(alone.png).shape
    with pytest.raises(TrainingError, match="no curve to draw among"):
        training_curves({"global_norm": falling})


def test_the_models_way_and_cross_fading_have_a_colour_each():
    shown = pixels(interpolation_curves({"drums": WAY}).png)
    ours, mixed = like(shown, (0x5B, 0x78, 0xEE)), like(shown, (199, 96, 56), tolerance=24)
    assert ours.any()
    assert mixed.any()
    right = shown.shape[1] // 2
    # On the right panel cross-fading costs more, half-way: its curve reaches higher.
    assert np.argwhere(mixed[:, right:])[:, 0].min() < np.argwhere(ours[:, right:])[:, 0].max()
    with pytest.raises(TrainingError, match="no way"):
        interpolation_curves({})


def test_everything_of_an_evaluation_is_drawn_and_nothing_else(tmp_path):
    hollow = Hollow(40.0, 2.0, 0.1, 0.8, ((0.1, 0.9), (0.2, 0.3)))
    whole = Evaluation("validation", "", BACK, (made("drums", 0.5), made("drums", 1.0)), {}, WAY, hollow)
    assert sorted(path.stem for path in save(whole, tmp_path)) == [
        "attributes",
        "holes",
        "interpolation",
        "reconstruction",
    ]
    assert set(pictures(Evaluation("validation", "", BACK))) == {"reconstruction"}


def test_parts_are_drawn_part_by_part():
    scores = PartScores(0.9, 0.75, 0.7, 0.6, HITS)
    trio = Reconstruction(**{**vars(BACK), "parts": {"melody": scores, "bass": scores}})
    drawn = pictures(Evaluation("validation", "", trio, (made("melody", 1.0), made("bass", 1.0))))
    assert set(drawn) == {"reconstruction", "attributes-melody", "attributes-bass"}
    assert "melody 0.750, bass 0.750" in repr(drawn["reconstruction"])
