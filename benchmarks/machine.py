"""The machine that figures were measured on, in one line."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_GIB = 1 << 30


def described() -> str:
    """Cores, memory, processor, system, Python, and how busy it was before."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    told = [
        f"{os.cpu_count()} cores",
        f"{memory:.0f} GiB of memory",
        _processor(),
        platform.system(),
        f"{platform.python_implementation()} {platform.python_version()}",
        f"load {os.getloadavg()[0]:.1f} before",
    ]
    return ", ".join(told)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
