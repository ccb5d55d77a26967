"""Work is split over sequences, with the same result for every number of workers, and nothing is left changed."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch

from latentpalette.models import cpus, workers
from latentpalette.models.workers import run_in_chunks, torch_threads
from tests.models.tiny_models import ALL, DRUMS, WIRINGS, controls_of, model_of


def in_a_new_thread(function):
    results = []
    thread = threading.Thread(target=lambda: results.append(function()))
    thread.start()
    thread.join()
    return results[0]


@pytest.fixture
def threads():
    """Two threads, as the user's."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.fixture(params=[1, 2, 5])
def some_workers(request, monkeypatch):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    monkeypatch.setattr(workers, "usable_cpus", lambda: request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize("n", [0, 1, 15, 16, 17, 121, 300])
def test_every_row_is_computed_once_and_in_its_place(some_workers, n):
    rows, twice = torch.arange(n), 2 * torch.arange(n)
    total, pair = run_in_chunks(lambda x, none, y: (x + y, torch.stack([x, y], 1)), rows, None, twice)
    assert total.tolist() == (3 * rows).tolist()
    assert pair.tolist() == [[k, 2 * k] for k in range(n)]


def test_chunks_do_not_depend_on_the_number_of_workers(some_workers):
    sizes = run_in_chunks(lambda x: torch.full_like(x, len(x)), torch.zeros(300)).tolist()
    assert sizes == [50] * 300


def test_as_many_threads_work_as_there_are_cpus_and_each_alone(some_workers):
    names, barrier = set(), threading.Barrier(some_workers, timeout=20)

    def work(x):
        if threading.current_thread().name not in names:
            names.add(threading.current_thread().name)
            barrier.wait()
        return torch.full_like(x, torch.get_num_threads())

    assert (run_in_chunks(work, torch.zeros(1000)) == 1).all()
    assert len(names) == some_workers


def test_no_more_threads_work_than_the_user_allows_torch(monkeypatch):
    monkeypatch.setattr(workers, "usable_cpus", lambda: 8)
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    names = set()
    run_in_chunks(lambda x: names.add(threading.current_thread().name) or x, torch.zeros(1000))
    torch.set_num_threads(before)
    assert names == {threading.current_thread().name}


def test_workers_are_in_the_modes_of_their_caller(threads, monkeypatch):
    monkeypatch.setattr(workers, "usable_cpus", lambda: 2)
    seen, barrier = set(), threading.Barrier(2, timeout=20)

    def work(x):
        barrier.wait()
        seen.add(
            (torch.is_inference_mode_enabled(), torch.is_grad_enabled(), (torch.ones(1, 1) @ torch.ones(1, 1)).dtype)
        )
        return x

    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        run_in_chunks(work, torch.zeros(100))
    assert seen == {(True, False, torch.bfloat16)}
    run_in_chunks(work, torch.zeros(100))
    assert (False, True, torch.float32) in seen
    assert len(seen) == 2


def test_the_error_of_a_worker_is_the_callers_and_no_worker_is_left(threads, monkeypatch):
    monkeypatch.setattr(workers, "usable_cpus", lambda: 2)

    def fail(x):
        raise ValueError(f"row {int(x[0])}")

    count = threading.active_count()
    with pytest.raises(ValueError, match="row"):
        run_in_chunks(fail, torch.arange(1000))
    assert threading.active_count() == count
    assert torch.get_num_threads() == in_a_new_thread(torch.get_num_threads) == 2


@pytest.mark.parametrize("n", [1, 20, 200])
def test_decoding_and_encoding_leave_torchs_threads_as_they_were(threads, n):
    model = model_of()
    z = np.zeros((n, 6))
    frames = model.decode_arrays(z, temperature=1.0, seed=0)
    model.step_probabilities(z)
    model.posterior_arrays(np.zeros((n, 32, 10)))
    model.losses_arrays(np.zeros((n, 32, 10)), frames)
    assert torch.get_num_threads() == in_a_new_thread(torch.get_num_threads) == 2


def test_limits_that_overlap_in_several_threads_leave_the_threads_as_they_were(threads):
    inside, leave = threading.Event(), threading.Event()

    def first():
        with torch_threads(1):
            inside.set()
            leave.wait()

    def second():  # its first use of torch comes while the other one's limit holds
        with torch_threads(1):
            leave.set()
            other.join()
            with torch_threads(1):
                pass
            inner = torch.get_num_threads()
        return inner, torch.get_num_threads()

    other = threading.Thread(target=first)
    other.start()
    inside.wait()
    assert in_a_new_thread(second) == (1, 2)
    assert torch.get_num_threads() == in_a_new_thread(torch.get_num_threads) == 2


def test_a_nested_limit_ends_with_the_outer_one(threads):
    with torch_threads(3):
        with torch_threads(1):
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 3
    assert torch.get_num_threads() == 2


@pytest.mark.parametrize("wiring", ALL)
def test_a_decoded_sequence_does_not_depend_on_the_number_of_workers(wiring, monkeypatch):
    config = ALL[wiring]
    model, controls = model_of(config), controls_of(config, 40)
    z = torch.randn(40, config.z_size, generator=torch.Generator().manual_seed(0)).numpy()
    decoded = []
    for number in (1, 2, 3):
        monkeypatch.setattr(workers, "usable_cpus", lambda number=number: number)
        decoded.append(model.decode_arrays(z, temperature=0.8, seed=1, controls=controls))
    np.testing.assert_array_equal(decoded[1], decoded[0])
    np.testing.assert_array_equal(decoded[2], decoded[0])


@pytest.mark.parametrize("wiring", WIRINGS)
def test_chunks_give_what_the_whole_batch_gives(wiring, monkeypatch):
    config = WIRINGS[wiring]
    model, controls = model_of(config), controls_of(config, 40)
    z = torch.randn(40, config.z_size, generator=torch.Generator().manual_seed(0)).numpy()
    frames = model.decode_arrays(z, controls=controls)
    inputs = np.random.default_rng(0).random((40, config.steps, config.input_depth), np.float32)
    results = []
    for count in (workers._num_chunks, lambda n, min_rows: 1):
        monkeypatch.setattr(workers, "_num_chunks", count)
        posterior = model.posterior_arrays(inputs, controls=controls)
        losses = model.losses_arrays(inputs, frames, controls=controls)
        results.append([*posterior, *losses, model.decode_arrays(z, controls=controls)])
    for chunked, whole in zip(*results, strict=True):
        np.testing.assert_allclose(chunked, whole, rtol=1e-5, atol=1e-5)


def test_a_single_loop_and_a_few_are_decoded_on_the_calling_thread(threads, monkeypatch):
    monkeypatch.setattr(workers, "_map", lambda *_: pytest.fail("no helpers for so few"))
    model = model_of(DRUMS)
    for n in (1, 16):
        model.decode_classes(np.zeros((n, 6)))


# --- CPUs that may be used --------------------------------------------------------------------


def control_groups(root, lines: list[str], files: dict[str, str]):
    for name, text in {"proc/self/cgroup": "\n".join(lines) + "\n", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return sorted(cpus._cgroup_quotas(root))


def test_the_quotas_of_a_control_group_and_of_those_above_it_count(tmp_path):
    files = {
        "sys/fs/cgroup/kube/pod/cpu.max": "150000 100000\n",
        "sys/fs/cgroup/kube/cpu.max": "max 100000\n",
        "sys/fs/cgroup/cpu.max": "400000 100000\n",
    }
    assert control_groups(tmp_path, ["0::/kube/pod"], files) == [1.5, 4.0, float("inf")]


def test_the_quotas_of_version_1_count(tmp_path):
    files = {
        "sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us": "200000\n",
        "sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us": "100000\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    }
    lines = ["5:memory:/docker", "4:cpu,cpuacct:/docker", "0::/docker"]
    assert control_groups(tmp_path, lines, files) == [2.0]


def test_a_group_that_is_not_mounted_here_has_no_quota(tmp_path):
    assert control_groups(tmp_path, ["0::/", "1:cpu:/elsewhere"], {}) == []
    assert list(cpus._cgroup_quotas(tmp_path / "no such system")) == []


@pytest.mark.parametrize(("quotas", "usable"), [([], 4), ([1.5], 1), ([0.2], 1), ([3.0, 2.0], 2), ([float("inf")], 4)])
def test_no_more_cpus_are_used_than_affinity_and_quota_allow(monkeypatch, quotas, usable):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 5}, raising=False)
    monkeypatch.setattr(cpus, "_cgroup_quotas", lambda _: iter(quotas))
    assert cpus.usable_cpus() == usable


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="there is no affinity here")
def test_a_process_pinned_to_one_cpu_uses_one():
    code = (
        "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); "
        "from latentpalette.models.cpus import usable_cpus; print(usable_cpus())"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "1\n"
