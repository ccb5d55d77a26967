"""The number of CPUs that this process may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from math import inf
from pathlib import Path, PurePosixPath


def usable_cpus() -> int:
    """Return how many CPUs this process may use: its affinity, and the quotas of its control groups (Linux).

    Examples
    --------
    >>> 1 <= usable_cpus() <= os.cpu_count()
    True
    """
    # os.process_cpu_count is new in Python 3.13.
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, int(min([available, *_cgroup_quotas(Path("/"))])))


def _cgroup_quotas(root: Path) -> Iterator[float]:
    """Yield the CPUs that each control group of this process may use, from its own one upwards."""
    for folder in cgroup_folders(root, "cpu"):
        for read in (_quota_v2, _quota_v1):
            try:
                quota = read(folder)
            except (OSError, ValueError):  # another version, not mounted here, or a group of the host's
                continue
            if quota > 0:
                yield quota


def cgroup_folders(root: Path, controller: str) -> Iterator[Path]:
    """Yield the folders of this process's control groups and of those around them; some may not exist.

    Parameters
    ----------
    root : Path
        Where ``proc`` and ``sys`` are.
    controller : {"cpu", "memory"}
    """
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:  # version 2
            mounts = [root / "sys/fs/cgroup"]
        elif controller in controllers.split(","):
            mounts = [root / "sys/fs/cgroup" / name for name in dict.fromkeys([controller, controllers, "cpu,cpuacct"])]
        else:
            continue
        group = PurePosixPath(path.lstrip("/"))
        yield from {mount / part for mount in mounts for part in (group, *group.parents)}


def _quota_v2(folder: Path) -> float:
    quota, period = (folder / "cpu.max").read_text().split()
    return inf if quota == "max" else int(quota) / int(period)


def _quota_v1(folder: Path) -> float:
    """Return a quota; negative without one."""
    return int((folder / "cpu.cfs_quota_us").read_text()) / int((folder / "cpu.cfs_period_us").read_text())
