"""A process that does the work, and one that keeps it: replaced when it dies, killed when it hangs.

They hold a pipe each way. Its end tells either that the other is gone, however that went.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workers.stopping import Stopping

logger = logging.getLogger(__name__)

_BEGINS, _ENDS = b"b", b"e"
# Seconds until a process that died is replaced.
REPLACED_AFTER = 0.2


class Tether:
    """The worker's end: tells when a job begins and ends, and ends the worker with its keeper."""

    def __init__(self, tell: int, hear: int) -> None:
        self._tell = tell
        threading.Thread(target=self._watch, args=(hear,), daemon=True).start()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """A job is being done."""
        os.write(self._tell, _BEGINS)
        try:
            yield
        finally:
            os.write(self._tell, _ENDS)

    def _watch(self, hear: int) -> None:
        while os.read(hear, 1):
            pass
        # A job under way is finished first.
        os.kill(os.getpid(), signal.SIGTERM)


class Keeper:
    """Has `work` done in a process of its own, in which no job may take `hangs_after` seconds."""

    def __init__(self, work: Callable[[Tether], None], hangs_after: float) -> None:
        self._work = work
        self._hangs_after = hangs_after
        self._pid = 0
        self._heard = -1
        self._held = -1
        self._job_began: float | None = None

    def keep(self, stopping: Stopping) -> None:
        """Until asked to stop; a job under way is finished first."""
        while not stopping.wait(0):
            self._start()
            while not self._has_ended(stopping):
                self._kill_what_hangs()
            if stopping.wait(0):
                os.kill(self._pid, signal.SIGTERM)
            if self._status() != 0:
                logger.error("A job's process was killed. What it had claimed comes again.")
                stopping.wait(REPLACED_AFTER)

    def _start(self) -> None:
        self._heard, tell = os.pipe()
        hear, self._held = os.pipe()
        self._job_began = None
        self._pid = os.fork()
        if self._pid == 0:
            status = 1
            try:
                # Ctrl-C in a terminal reaches the keeper alone, which then asks us to end.
                os.setpgrp()
                os.close(self._heard)
                os.close(self._held)
                self._work(Tether(tell, hear))
                status = 0
            except BaseException:
                logger.exception("The worker broke off.")
            finally:
                logging.shutdown()
                os._exit(status)
        os.close(tell)
        os.close(hear)

    def _has_ended(self, stopping: Stopping) -> bool:
        """Wait a while for news; whether the process has ended, or is to."""
        ready = select.select([self._heard, stopping.fileno()], [], [], self._patience())[0]
        if stopping.requested:
            return True
        if self._heard not in ready:
            return False
        told = os.read(self._heard, 64)
        self._job_began = time.monotonic() if told.endswith(_BEGINS) else None
        return not told

    def _patience(self) -> float | None:
        if self._job_began is None:
            return None
        return max(self._job_began + self._hangs_after - time.monotonic(), 0.0)

    def _kill_what_hangs(self) -> None:
        if self._patience() == 0.0:
            logger.error("A job takes more than %.0f seconds; it is ended.", self._hangs_after)
            os.kill(self._pid, signal.SIGKILL)
            self._job_began = None

    def _status(self) -> int:
        """Wait until the process has ended; how it went."""
        _, status = os.waitpid(self._pid, 0)
        os.close(self._heard)
        os.close(self._held)
        return status
