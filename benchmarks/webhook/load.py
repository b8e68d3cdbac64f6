"""The load: a process of its own that sends prepared requests and times the answers.

`python -m benchmarks.webhook.load` reads a Load as JSON from standard input, writes a Result as
JSON to standard output, and ends. It sends as many requests as it is told to and no more, and
gives up at its deadline. Every answer must be a 200 that holds the expected verb.
"""

from __future__ import annotations

import asyncio
import re
import selectors
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from benchmarks.webhook.requests import call_id, fields, on_the_wire

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class Load(msgspec.Struct, frozen=True):
    """`count` requests to `path`, each of a call of its own, numbered from `first_call`.

    With a `rate` (a second) each is sent at its moment, whatever became of those before, and its
    time counts from that moment. Without, each connection sends as soon as it has its answer.
    """

    port: int
    token: str
    path: str
    called: str
    status: str
    more: dict[str, str]
    verb: str
    first_call: int
    count: int
    connections: int
    deadline: float
    rate: float | None = None


class Result(msgspec.Struct, frozen=True):
    """Seconds from the first request to the last answer, and of each request in milliseconds."""

    seconds: float
    milliseconds: list[float]


class LoadError(Exception):
    """The load could not be brought to its end; says why in a sentence."""


@dataclass(frozen=True, slots=True)
class _Request:
    wire: bytes
    since: float


class _Connection(asyncio.Protocol):
    """Carries one request at a time."""

    def __init__(self, answered: Callable[[_Connection, float, bytes], None],
                 failed: Callable[[str], None]) -> None:  # fmt: skip
        self._answered = answered
        self._failed = failed
        self._received = b""
        self._since = 0.0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self, request: _Request) -> None:
        assert self.transport is not None
        self._since = request.since
        self._received = b""
        self.transport.write(request.wire)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head + b"\r\n") if end else None
        if end and length is None:
            self._failed(f"an answer does not tell its length: {head[:80]!r}")
        elif length is not None and len(body) >= int(length[1]):
            self._answered(self, self._since, self._received)

    def connection_lost(self, error: Exception | None) -> None:
        self._failed("the server has closed a connection")


class _Run:
    def __init__(self, load: Load) -> None:
        self.load = load
        self.loop = asyncio.get_running_loop()
        self.over: asyncio.Future[None] = self.loop.create_future()
        self.wires = deque(
            on_the_wire(
                load.path, load.token,
                fields(call_id(load.first_call + number), load.called, load.status, load.more),
            )
            for number in range(load.count)
        )  # fmt: skip
        self.free: deque[_Connection] = deque()
        self.late: deque[_Request] = deque()
        self.times: list[float] = []
        self.began = 0.0

    async def carry_out(self) -> Result:
        connections = [
            (await self.loop.create_connection(self._connection, "127.0.0.1", self.load.port))[1]
            for _ in range(self.load.connections)
        ]
        self.free.extend(connections)
        self.began = self.loop.time()
        if self.load.rate is None:
            for connection in connections:
                self._send_next(connection)
        else:
            for number in range(self.load.count):
                moment = self.began + number / self.load.rate
                self.loop.call_at(moment, self._due, moment)
        try:
            await asyncio.wait_for(self.over, self.load.deadline)
        except TimeoutError:
            raise LoadError(
                f"{len(self.times)} of {self.load.count} requests were answered in "
                f"{self.load.deadline:.0f} seconds"
            ) from None
        seconds = self.loop.time() - self.began
        for connection in connections:
            assert connection.transport is not None
            connection.transport.abort()
        return Result(seconds, self.times)

    def _connection(self) -> _Connection:
        return _Connection(self._answered, self._failed)

    def _send_next(self, connection: _Connection) -> None:
        if self.wires:
            connection.send(_Request(self.wires.popleft(), self.loop.time()))

    def _due(self, moment: float) -> None:
        request = _Request(self.wires.popleft(), moment)
        if self.free:
            self.free.popleft().send(request)
        else:
            self.late.append(request)

    def _answered(self, connection: _Connection, since: float, answer: bytes) -> None:
        self.times.append((self.loop.time() - since) * 1_000)
        if not answer.startswith(b"HTTP/1.1 200 ") or self.load.verb.encode() not in answer:
            self._failed(f"an answer is not as it should be: {answer[:2_000].decode()}")
        elif len(self.times) == self.load.count:
            if not self.over.done():
                self.over.set_result(None)
        elif self.load.rate is None:
            self._send_next(connection)
        elif self.late:
            connection.send(self.late.popleft())
        else:
            self.free.append(connection)

    def _failed(self, reason: str) -> None:
        if not self.over.done():
            self.over.set_exception(LoadError(reason))


async def _run(load: Load) -> Result:
    return await _Run(load).carry_out()


def main() -> None:
    load = msgspec.json.decode(sys.stdin.buffer.read(), type=Load)
    # select() waits to the microsecond; epoll, the usual choice, only to the millisecond.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        try:
            result = runner.run(_run(load))
        except (LoadError, OSError) as error:
            sys.exit(f"The load was broken off: {error}")
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main()
