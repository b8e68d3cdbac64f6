"""Ends what this process started once this process is gone, however it went.

A process that is killed outright cannot tidy up. So the first call of `hold` starts a small
watchdog that reads from a pipe. The pipe closes when this process is gone, and the watchdog then
ends every process still held, the latest first. Works wherever there are pipes and process groups.
"""

import atexit
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

# Seconds a process has to end by itself before its whole group is killed.
GRACE = 10.0

_watchdog: "subprocess.Popen[bytes] | None" = None


def hold(pid: int) -> None:
    """End process `pid`, the leader of its own process group, when this process is gone."""
    _tell(f"hold {pid}")


def release(pid: int) -> None:
    """Forget `pid`: it has ended and its status has been read."""
    _tell(f"release {pid}")


def _tell(line: str) -> None:
    global _watchdog
    if _watchdog is None:
        # -I and -S: the watchdog needs nothing but the standard library, and starts at once.
        _watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        atexit.register(_let_go)
    assert _watchdog.stdin is not None
    _watchdog.stdin.write(line.encode() + b"\n")
    _watchdog.stdin.flush()


def _let_go() -> None:
    assert _watchdog is not None and _watchdog.stdin is not None
    _watchdog.stdin.close()
    _watchdog.wait()


def _watch() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    held: list[int] = []
    for line in sys.stdin:
        order, pid = line.split()
        if order == "hold":
            held.append(int(pid))
        else:
            held.remove(int(pid))
    for pid in reversed(held):
        _end(pid)


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while time.monotonic() < deadline and not _has_ended(pid):
            time.sleep(0.02)
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # macOS answers "not permitted" for a group of which only a dead process is left.
        return


def _has_ended(pid: int) -> bool:
    os.kill(pid, 0)
    try:
        # In a container nobody may read the status of a process whose parent is gone: a zombie.
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"Z"
    except OSError:
        return False


if __name__ == "__main__":
    _watch()
