"""A handset for programs: the asyncio client of ivr/simulator/handset_api.py."""

import asyncio
import json
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any

import aiohttp

from ivr.simulator.errors import SimulatorError

Event = dict[str, Any]
PATIENCE = 30.0
"""Seconds of real time that a wait for an event may take, unless told otherwise."""


class HandsetClosedError(SimulatorError):
    """The connection to the telephone company is gone."""


class HandsetClient:
    """One telephone of a live or scripted person.

    ``await HandsetClient.connect(url)``, then `dial` or `register`, and `moves` or `next_event`.
    Every event received is kept in `events`.
    """

    def __init__(self, session: aiohttp.ClientSession, socket: Any) -> None:
        self._session = session
        self._socket: aiohttp.ClientWebSocketResponse = socket
        self.events: list[Event] = []

    @classmethod
    async def connect(cls, carrier_url: str) -> "HandsetClient":
        """Connect to a carrier at ``http://HOST:PORT``; HandsetClosedError if there is none."""
        session = aiohttp.ClientSession()
        try:
            socket = await session.ws_connect(carrier_url.rstrip("/") + "/_carrier/handset")
        except aiohttp.ClientError as error:
            await session.close()
            raise HandsetClosedError(
                f"no telephone company answers at {carrier_url}: {error}"
            ) from None
        except BaseException:
            await session.close()
            raise
        return cls(session, socket)

    async def __aenter__(self) -> "HandsetClient":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up and disconnect."""
        await self._socket.close()
        await self._session.close()

    async def send(self, kind: str, **details: Any) -> None:
        """Send one message; see ivr/simulator/handset_api.py for what there is."""
        try:
            await self._socket.send_str(json.dumps({"type": kind, **details}))
        except (ConnectionError, aiohttp.ClientError) as error:
            raise HandsetClosedError(str(error)) from None

    async def next_event(self, timeout: float | None = PATIENCE) -> Event:
        """The next event; raises TimeoutError, or HandsetClosedError when the carrier is gone."""
        async with asyncio.timeout(timeout):
            message = await self._socket.receive()
        if message.type != aiohttp.WSMsgType.TEXT:
            raise HandsetClosedError("the telephone company closed the connection")
        event: Event = json.loads(message.data)
        self.events.append(event)
        return event

    async def until(self, *kinds: str, timeout: float = PATIENCE) -> list[Event]:
        """Events up to and with the first of one of these kinds, or to the end of the call.

        "refused" always ends the wait.
        """
        heard = []
        async with asyncio.timeout(timeout):
            while True:
                event = await self.next_event(timeout)
                heard.append(event)
                if event["type"] in (*kinds, "ended", "refused"):
                    return heard

    async def until_my_move(self, timeout: float = PATIENCE) -> list[Event]:
        """Events up to and with the next ``your_move``, or to the end of the call."""
        return await self.until("your_move", timeout=timeout)

    async def moves(self) -> AsyncIterator[Event]:
        """Every event until the call is over; act on those of type ``your_move``."""
        while True:
            event = await self.next_event()
            yield event
            if event["type"] in ("ended", "refused"):
                return

    async def dial(self, to: str, from_: str | None = None, **options: Any) -> None:
        """Phone a number or a URL."""
        caller = {} if from_ is None else {"from": from_}
        await self.send("dial", to=to, **caller, **options)

    async def register(self, *numbers: str, **options: Any) -> None:
        """Be the telephone behind these numbers; comes back when it is so."""
        await self.send("register", numbers=list(numbers), **options)
        event = (await self.until("registered"))[-1]
        if event["type"] == "refused":
            raise SimulatorError(event["text"])

    async def press(self, keys: str) -> None:
        """Press one or several keys."""
        await self.send("press", keys=keys)

    async def say(self, text: str, confidence: float | None = None) -> None:
        """Say words."""
        details = {} if confidence is None else {"confidence": confidence}
        await self.send("say", text=text, **details)

    async def speak(self, seconds: float) -> None:
        """Make sound for so long."""
        await self.send("speak", seconds=seconds)

    async def silence(self) -> None:
        """Let the present wait run out."""
        await self.send("silence")

    async def wait(self, seconds: float | None = None) -> None:
        """Let time go on, for so long or until something happens."""
        await self.send("wait", **({} if seconds is None else {"seconds": seconds}))

    async def text(self, to: str, body: str, from_: str | None = None) -> None:
        """Send a text to a line."""
        sender = {} if from_ is None else {"from": from_}
        await self.send("text", to=to, body=body, **sender)

    async def answer(self) -> None:
        """Answer the ringing telephone."""
        await self.send("answer")

    async def decline(self) -> None:
        """Do not take the call."""
        await self.send("decline")

    async def hang_up(self) -> None:
        """Hang up."""
        await self.send("hang_up")


def said(events: list[Event]) -> list[str]:
    """The words heard in these events."""
    return [event["text"] for event in events if event["type"] == "said"]
