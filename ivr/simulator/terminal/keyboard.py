"""Lines typed by the person, or piped in."""

import asyncio
import threading
from typing import TextIO


class Keyboard:
    """Reads lines without keeping the event loop waiting.

    At a terminal lines are read as they are typed, so that a key can interrupt a prompt. From a
    pipe one line is read for each move, so that a script of lines stays in step with the call.
    """

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self.is_terminal = source.isatty()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._wanted = threading.Semaphore(0)
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, daemon=True).start()

    async def line(self) -> str | None:
        """The next line without its end, or nothing when there will be no more."""
        if not self.is_terminal and self._lines.empty():
            self._wanted.release()
        return await self._lines.get()

    def _read(self) -> None:
        while True:
            if not self.is_terminal:
                self._wanted.acquire()
            try:
                line = self._source.readline()
            except (OSError, ValueError):
                line = ""
            text = line.rstrip("\r\n") if line else None
            try:
                self._loop.call_soon_threadsafe(self._lines.put_nowait, text)
            except RuntimeError:
                return
            if text is None:
                return
