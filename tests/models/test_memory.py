"""Music is decoded in little memory, and what does not fit is refused before the work begins."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from latentpalette.errors import ModelError
from latentpalette.models import memory
from latentpalette.models.memory import check_count, free_memory
from tests.models.tiny_models import model_of

MB = 1_000_000


@pytest.fixture
def little_memory(monkeypatch):
    """Let 100 MB be free."""
    monkeypatch.setattr(memory, "free_memory", lambda: 100 * MB)


MANY = np.broadcast_to(np.float32(0), (10**8, 6))
TOO_MUCH = {
    "sample": lambda model: model.sample(10**9),
    "sample_z": lambda model: model.sample_z(10**9),
    "interpolate": lambda model: model.interpolate(np.zeros(6), np.ones(6), n=10**7),
    "similar": lambda model: model.similar(np.zeros(6), 10**7),
    "decode": lambda model: model.decode(MANY),
    "decode of fewer": lambda model: model.decode(MANY[:100_000]),
    "decode_arrays": lambda model: model.decode_arrays(MANY[:5000]),
    "decode_classes": lambda model: model.decode_classes(MANY),
    "refine": lambda model: model.refine(MANY),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_does_not_fit_is_refused_before_it_begins(name, little_memory):
    with pytest.raises(ModelError, match=r"would take about .* GB of memory; 0\.1 GB are free\."):
        TOO_MUCH[name](model_of())


def test_music_is_decoded_without_the_one_hot_frames_of_all():
    model, n = model_of(), 1500
    z = np.random.default_rng(0).standard_normal((n, 6)).astype(np.float32)
    model.decode(z[:8])
    tracemalloc.start()
    music = model.decode(z)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    frames = 4 * n * model.config.steps * model.config.output_depth
    assert len(music) == n
    assert peak < frames / 3


def test_the_music_is_that_of_the_frames():
    model = model_of()
    z = np.random.default_rng(0).standard_normal((150, 6)).astype(np.float32)
    frames = model.decode_arrays(z, temperature=1.0, seed=3)
    assert model.decode(z, temperature=1.0, seed=3) == [model.converter.decode(window) for window in frames]


@pytest.mark.parametrize("n", [0, -1, 1.0, 2.5, True, "3", None, float("nan")])
def test_a_number_of_sequences_is_whole(n):
    with pytest.raises(ModelError, match="n, is a whole number from 1; got"):
        check_count(n, 32)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_smallest_limit_counts(tmp_path):
    write(tmp_path / "proc/meminfo", "MemTotal: 9 kB\nMemAvailable: 5000000 kB\n")
    assert free_memory(tmp_path) == 5_120_000_000
    write(tmp_path / "proc/self/cgroup", "0::/user/job\n")
    group = tmp_path / "sys/fs/cgroup/user/job"
    write(group / "memory.max", "max\n")
    write(group / "memory.current", "100\n")
    assert free_memory(tmp_path) == 5_120_000_000
    write(group / "memory.max", "1000\n")
    write(group / "memory.stat", "anon 7\ninactive_file 50\n")
    assert free_memory(tmp_path) == 950
    write(group.parent / "memory.max", "200\n")
    write(group.parent / "memory.current", "150\n")
    write(group.parent / "memory.stat", "")
    assert free_memory(tmp_path) == 50


def test_control_groups_of_the_first_version_count_too(tmp_path):
    write(tmp_path / "proc/meminfo", "MemAvailable: 5000000 kB\n")
    write(tmp_path / "proc/self/cgroup", "9:memory:/job\n")
    group = tmp_path / "sys/fs/cgroup/memory/job"
    write(group / "memory.limit_in_bytes", "1000\n")
    write(group / "memory.usage_in_bytes", "1300\n")
    write(group / "memory.stat", "total_inactive_file 400\n")
    assert free_memory(tmp_path) == 100


def test_a_system_that_does_not_say_has_a_default(tmp_path):
    assert free_memory(tmp_path) > MB
