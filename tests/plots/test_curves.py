from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import TrainingError
from latentpalette.evaluation.interpolation import Interpolation
from latentpalette.evaluation.metrics import PrecisionRecallF1
from latentpalette.evaluation.reconstruction import Reconstruction, StreamScores
from latentpalette.evaluation.report import Evaluation, HoleReport
from latentpalette.evaluation.samples import FeatureStats, SampleQuality
from latentpalette.plots.curves import interpolation_curves, line_chart, training_curves
from latentpalette.plots.evaluation import draw_evaluation, save_evaluation
from latentpalette.plots.theme import track_color
from latentpalette.training.metrics_log import MetricCurve, read_metrics
from tests.plots.png import has_color, pixels, rgb

INTERPOLATION = Interpolation(
    (0.0, 0.5, 1.0), 8, 0.5, (0.1, 0.3, 0.5), (1.0, 1.1, 1.0), (0.0, 0.25, 0.5), (1.0, 1.6, 1.0)
)
HITS = PrecisionRecallF1(0.5, 0.5, 0.5)
RECONSTRUCTION = Reconstruction(9, 0.9, 0.8, 0.7, 0.6, HITS, 0.1, 30.0, 2, 14.0)


def quality(stream: str, temperature: float) -> SampleQuality:
    features = {"hits": FeatureStats(12.0, 3.0, 10.0, 4.0), "kick": FeatureStats(2.0, 1.0, 2.0, 0.0)}
    return SampleQuality(temperature, 8, 1.1, 0.0, 0.0, 0.0, None, features, stream)


def test_metrics_of_a_run_are_read_as_curves(tmp_path):
    log = tmp_path / "logs" / "version_0" / "metrics.csv"
    log.parent.mkdir(parents=True)
    log.write_text("epoch,losses/kl_bits,step,validation/onsets\n0,2.5,0,\n0,,9,0.5\n0,nan,9,\n0,4.5,19,\n")
    assert read_metrics(tmp_path) == {
        "losses/kl_bits": MetricCurve((0, 19), (2.5, 4.5)),
        "validation/onsets": MetricCurve((9,), (0.5,)),
    }


@pytest.mark.parametrize("text", ["loss\n3\n", "loss,step\n3,first\n", "loss,step\nmuch,1\n"])
def test_a_file_that_is_no_metrics_log_is_refused_by_its_path(tmp_path, text):
    log = tmp_path / "logs" / "version_0" / "metrics.csv"
    log.parent.mkdir(parents=True)
    log.write_text(text)
    with pytest.raises(TrainingError, match=r"metrics\.csv: not the log of a run"):
        read_metrics(tmp_path)
    with pytest.raises(TrainingError, match="Name a folder that train wrote"):
        read_metrics(tmp_path / "elsewhere")


def test_a_run_has_a_panel_for_each_metric_that_was_logged():
    steps = tuple(range(0, 100, 10))
    falling = MetricCurve(steps, tuple(np.linspace(9, 1, 10)))
    one_panel = training_curves({"losses/kl_bits": falling, "global_norm": falling})
    assert "1 curve of a training run: KL" in repr(one_panel)
    names = ("losses/kl_bits", "losses/r_loss", "validation/onsets")
    three_panels = training_curves(dict.fromkeys(names, falling))
    assert pixels(three_panels.png).shape == pixels(one_panel.png).shape
    with pytest.raises(TrainingError, match="no curve to draw among"):
        training_curves({"global_norm": falling})


def test_a_line_chart_draws_each_curve_in_its_color_at_its_positions():
    picture = line_chart({"low": [1, 1, 1], "high": [3, 3, 3]}, x=[0, 5, 10], title="Hits", xlabel="bar")
    assert repr(picture) == "Picture(2 curves: Hits: low, high)"
    drawn = pixels(picture.png)[60:-60, :-200]  # without title, axis and legend
    low, high = (np.argwhere(has_color(drawn, rgb(track_color(index)))) for index in (0, 1))
    assert low[:, 0].mean() > high[:, 0].mean(), "y goes up"
    assert np.ptp(low[:, 1]) > 0.7 * drawn.shape[1]
    assert line_chart({"low": [1, 1, 1]}, alt="flat").alt == "flat"


def test_a_line_chart_can_be_cut_off_at_the_top():
    curves = {"flat": [1, 1, 1], "spike": [0, 100, 0]}
    whole, cut = (pixels(line_chart(curves, y_max=y_max).png)[40:-60, :-200] for y_max in (None, 2))
    heights = [np.argwhere(has_color(picture, rgb(track_color(0))))[:, 0].mean() for picture in (whole, cut)]
    assert heights[0] > 1.5 * heights[1]


@pytest.mark.parametrize(
    ("curves", "x", "message"),
    [
        ({}, None, "no curve to draw"),
        ({"a": [1, 2], "b": [1, 2, 3]}, None, r"Curve 'b' is of shape \(3,\); its positions .* are \(2,\)"),
        ({"a": [1, 2]}, [0, 1, 2], r"Curve 'a' is of shape \(2,\)"),
        ({"a": [[1, 2]]}, None, r"Curve 'a' is of shape \(1, 2\)"),
    ],
)
def test_curves_that_do_not_fit_the_axis_are_refused(curves, x, message):
    with pytest.raises(TrainingError, match=message):
        line_chart(curves, x=x)


def test_latent_and_data_interpolation_have_a_color_each():
    picture = pixels(interpolation_curves({"drums": INTERPOLATION}).png)
    latent, data = has_color(picture, (0x5B, 0x78, 0xEE)), has_color(picture, (199, 96, 56), tolerance=24)
    assert latent.any()
    assert data.any()
    right = picture.shape[1] // 2
    # In the right panel the data interpolation is less plausible halfway: its curve reaches higher.
    assert np.argwhere(data[:, right:])[:, 0].min() < np.argwhere(latent[:, right:])[:, 0].max()
    with pytest.raises(TrainingError, match="no interpolation"):
        interpolation_curves({})


def test_everything_of_an_evaluation_is_drawn_and_nothing_else(tmp_path):
    holes = HoleReport(40.0, 2.0, 0.1, 0.8, ((0.1, 0.9), (0.2, 0.3)))
    samples = (quality("drums", 0.5), quality("drums", 1.0))
    complete = Evaluation("validation", "", RECONSTRUCTION, samples, {}, INTERPOLATION, holes)
    assert sorted(path.stem for path in save_evaluation(complete, tmp_path)) == [
        "features",
        "holes",
        "interpolation",
        "reconstruction",
    ]
    assert set(draw_evaluation(Evaluation("validation", "", RECONSTRUCTION))) == {"reconstruction"}


def test_several_streams_are_drawn_one_by_one():
    scores = StreamScores(0.9, 0.75, 0.7, 0.6, HITS)
    trio = Reconstruction(**{**vars(RECONSTRUCTION), "streams": {"melody": scores, "bass": scores}})
    pictures = draw_evaluation(Evaluation("validation", "", trio, (quality("melody", 1.0), quality("bass", 1.0))))
    assert set(pictures) == {"reconstruction", "features-melody", "features-bass"}
    assert "melody 0.750, bass 0.750" in repr(pictures["reconstruction"])
