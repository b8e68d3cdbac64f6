"""The telephone company and handsets for ordinary, blocking programs and tests."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any, TypeVar

from ivr.simulator.carrier import Carrier
from ivr.simulator.client import PATIENCE, Event, HandsetClient
from ivr.simulator.clock import Clock
from ivr.simulator.directory import Directory
from ivr.simulator.server import Server
from ivr.simulator.settings import Settings

T = TypeVar("T")


class LoopThread:
    """An event loop in a thread of its own, for callers that block."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it there and wait for the result; RuntimeError when the loop has been stopped."""
        if not self._thread.is_alive():
            work.close()
            raise RuntimeError("the telephone company has closed")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def stop(self) -> None:
        """End the loop and the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class EmbeddedCarrier:
    """A telephone company on a free port of this machine, for as long as the ``with`` lasts."""

    def __init__(
        self,
        directory: Directory | None = None,
        settings: Settings | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.carrier = Carrier(directory, settings, clock)
        self.url = ""
        self._server = Server(self.carrier)
        self._loop: LoopThread | None = None

    def __enter__(self) -> "EmbeddedCarrier":
        self._loop = LoopThread()
        self.url = self._loop.run(self._server.start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._loop is not None:
            self._loop.run(self._server.stop())
            self._loop.stop()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it in the company's own event loop, and wait for the result."""
        if self._loop is None:
            raise RuntimeError("the telephone company has not opened")
        return self._loop.run(work)

    def at(self, moment: datetime, action: Callable[[], object]) -> None:
        """Do something in the company's own thread at a moment of telephony time."""
        self.run(_soon(lambda: self.carrier.at(moment, action)))

    def run_until(self, moment: datetime) -> None:
        """Let telephony time go on and come back at that moment."""
        self.run(self.carrier.run_until(moment))

    def phone(self) -> "Phone":
        """A new handset on this network."""
        return Phone(self.url, self._loop)


async def _soon(action: Callable[[], object]) -> None:
    action()


class Phone:
    """A handset for blocking code: the methods of HandsetClient, each waiting until it is done."""

    def __init__(self, carrier_url: str, loop: LoopThread | None = None) -> None:
        self._own_loop = None if loop is not None else LoopThread()
        running = loop or self._own_loop
        assert running is not None
        self._loop = running
        try:
            self._client = running.run(HandsetClient.connect(carrier_url))
        except BaseException:
            if self._own_loop is not None:
                self._own_loop.stop()
            raise

    def __enter__(self) -> "Phone":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def events(self) -> list[Event]:
        """Everything that happened on this telephone so far."""
        return self._client.events

    def close(self) -> None:
        """Hang up and disconnect; the company may have closed before."""
        with suppress(RuntimeError):
            self._loop.run(self._client.close())
        if self._own_loop is not None:
            self._own_loop.stop()

    def send(self, kind: str, **details: Any) -> None:
        """Send any message of the handset API."""
        self._loop.run(self._client.send(kind, **details))

    def next_event(self, timeout: float = PATIENCE) -> Event:
        """The next event."""
        return self._loop.run(self._client.next_event(timeout))

    def until(self, *kinds: str, timeout: float = PATIENCE) -> list[Event]:
        """Events up to the first of these kinds, or to the end of the call."""
        return self._loop.run(self._client.until(*kinds, timeout=timeout))

    def until_my_move(self, timeout: float = PATIENCE) -> list[Event]:
        """Events up to the next ``your_move``, or to the end of the call."""
        return self._loop.run(self._client.until_my_move(timeout))

    def dial(self, to: str, from_: str | None = None, **options: Any) -> None:
        """Phone a number or a URL."""
        self._loop.run(self._client.dial(to, from_, **options))

    def register(self, *numbers: str, **options: Any) -> None:
        """Be the telephone behind these numbers."""
        self._loop.run(self._client.register(*numbers, **options))

    def press(self, keys: str) -> None:
        """Press keys."""
        self.send("press", keys=keys)

    def say(self, text: str, confidence: float | None = None) -> None:
        """Say words."""
        self._loop.run(self._client.say(text, confidence))

    def speak(self, seconds: float) -> None:
        """Make sound for so long."""
        self.send("speak", seconds=seconds)

    def silence(self) -> None:
        """Let the present wait run out."""
        self.send("silence")

    def wait(self, seconds: float | None = None) -> None:
        """Let time go on."""
        self._loop.run(self._client.wait(seconds))

    def text(self, to: str, body: str, from_: str | None = None) -> None:
        """Send a text to a line."""
        self._loop.run(self._client.text(to, body, from_))

    def answer(self) -> None:
        """Answer the ringing telephone."""
        self.send("answer")

    def decline(self) -> None:
        """Do not take the call."""
        self.send("decline")

    def hang_up(self) -> None:
        """Hang up."""
        self.send("hang_up")
