"""SIGTERM and Ctrl-C as something that can be waited for."""

from __future__ import annotations

import os
import select
import signal
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stopping:
    """Whether this process was asked to stop. Use from the main thread."""

    def __init__(self) -> None:
        self.requested = False
        # A pipe, not an Event: setting an Event from a signal's handler can lock up its waiter.
        self._reader, self._writer = os.pipe()

    def listen(self) -> None:
        """Hear the signals from now on (again, when somebody else has heard them meanwhile)."""
        for number in SIGNALS:
            signal.signal(number, self._on_signal)

    def wait(self, seconds: float) -> bool:
        """Wait this long, or until asked to stop; whether that was asked."""
        if not self.requested:
            select.select([self._reader], [], [], seconds)
        return self.requested

    def fileno(self) -> int:
        """Readable once asked to stop."""
        return self._reader

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.requested = True
        os.write(self._writer, b".")
