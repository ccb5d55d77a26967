"""The log of a run is read even if an interruption cut its last line."""

from __future__ import annotations

import pytest

from latentpalette.errors import TrainingError
from latentpalette.training.metrics_log import MetricCurve, read_metrics

LOG = b"epoch,loss,step\n0,3.5,0\n0,2.5,9\n"


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "logs" / "version_0" / "metrics.csv"
    path.parent.mkdir(parents=True)
    return path


@pytest.mark.parametrize("cut", [b"0", b"0,1.", b"0,1.5,1", b'0,"1', b"\0\0\0\0", b"0,\xc3"])
def test_a_cut_last_line_is_left_out_with_a_warning(log, tmp_path, cut):
    log.write_bytes(LOG + cut)
    with pytest.warns(UserWarning, match=r"metrics\.csv: the last line is cut and left out"):
        assert read_metrics(tmp_path) == {"loss": MetricCurve((0, 9), (3.5, 2.5))}


def test_a_whole_log_is_read_without_a_warning(log, tmp_path):
    log.write_bytes(LOG.replace(b"\n", b"\r\n"))
    assert read_metrics(tmp_path) == {"loss": MetricCurve((0, 9), (3.5, 2.5))}


@pytest.mark.parametrize("text", [b"no log\n1\n", b"epoch,loss,step\n0,x,0\n", b"\xff\xfe\0\n\0\n"])
def test_another_file_is_refused_by_name(log, tmp_path, text):
    log.write_bytes(text)
    with pytest.raises(TrainingError, match=r"metrics\.csv: not the log of a run"):
        read_metrics(tmp_path)
