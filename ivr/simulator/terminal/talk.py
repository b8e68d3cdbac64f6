"""Calls in the terminal: events are shown, lines are acted on."""

import asyncio
import re
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from ivr.simulator.client import Event, HandsetClient, HandsetClosedError
from ivr.simulator.terminal.keyboard import Keyboard
from ivr.simulator.terminal.screen import Screen
from ivr.simulator.terminal.script import Script
from ivr.simulator.terminal.words import EVENTS, hint, number, request

KEYS = frozenset("0123456789*#")
SPEAKING = re.compile(r"^(\d{1,4}) ?s$")
CALLEE = {"": "answers", "a": "answers", "b": "busy", "n": "no_answer", "f": "failed"}
CHARACTERS_A_SECOND = 15
RING_REPLIES = {"": "answer", "a": "answer", "d": "decline", "l": "let_ring"}
BESIDE_A_MOVE = ("your_move", "heard", "lost", "request", "warning", "error", "refused", "text")
"""Events that leave the person's move to them; any other means that it has passed by."""
GONE = "the telephone company is gone"
ENOUGH = "h or Ctrl-C: no more."
LISTENING_TIME = 10.0
"""Seconds of a conversation that pass for each empty line of a pipe."""


class Talk:
    """The calls that a person at the terminal makes or takes."""

    def __init__(
        self,
        client: HandsetClient,
        keyboard: Keyboard,
        screen: Screen,
        script: Script,
        *,
        verbose: bool,
        fast: bool,
    ) -> None:
        self._client = client
        self._keyboard = keyboard
        self._screen = screen
        self._script = script
        self._verbose = verbose
        self._fast = fast
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._waiting_for = ""
        self._move: Event = {}
        self._refused = ""
        self._attending = False
        self._in_call = False
        self._leaving = False
        self._hanging_up: asyncio.Task[None] | None = None
        self._hearing: asyncio.Task[Event | None]

    async def call(self, to: str, caller: str | None, options: dict[str, Any]) -> str:
        """Dial and talk until the call is over; returns why it was refused, if it was."""
        return await self._talk(self._client.dial(to, caller, **options))

    async def attend(self, numbers: list[str], options: dict[str, Any]) -> str:
        """Be the telephone behind these numbers until the person has enough of it."""
        self._attending = True
        return await self._talk(self._client.send("register", numbers=numbers, **options))

    async def _talk(self, begin: Coroutine[Any, Any, None]) -> str:
        with suppress(NotImplementedError):
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGINT, self._interrupted)
        listener = asyncio.create_task(self._listen())
        typing = asyncio.create_task(self._keyboard.line()) if self._keyboard.is_terminal else None
        try:
            await begin
            await self._both(typing)
        except HandsetClosedError:
            self._refused = GONE
        finally:
            listener.cancel()
        return self._refused

    async def _listen(self) -> None:
        try:
            while True:
                await self._events.put(await self._client.next_event(timeout=None))
        except HandsetClosedError:
            await self._events.put(None)

    async def _both(self, typing: "asyncio.Task[str | None] | None") -> None:
        """Events and typed lines as they come, until the call is over.

        While something is being said the next event waits, but a typed line does not.
        """
        hearing = self._hearing = asyncio.create_task(self._events.get())
        speaking: asyncio.Task[None] | None = None
        try:
            while True:
                if typing is None and self._waiting_for:
                    typing = asyncio.create_task(self._keyboard.line())
                waiting = {task for task in (speaking or hearing, typing) if task is not None}
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                if typing is not None and typing.done():
                    line, typing = typing.result(), None
                    await self._typed(line)
                    if line is not None and self._keyboard.is_terminal:
                        typing = asyncio.create_task(self._keyboard.line())
                elif speaking is not None:
                    speaking = None
                else:
                    event = hearing.result()
                    if event is None:
                        self._refused = "" if self._leaving else GONE
                        return
                    hearing = self._hearing = asyncio.create_task(self._events.get())
                    if event["type"] in ("said", "whispered"):
                        self._script.heard(event)
                        self._waiting_for = ""
                        speaking = asyncio.create_task(self._say(event))
                    elif self._show(event):
                        return
        finally:
            for task in (hearing, typing, speaking):
                if task is not None:
                    task.cancel()

    def _pace(self) -> str:
        """How what is being said goes on: the next event may be here already."""
        if not self._hearing.done():
            return "on"
        event = self._hearing.result()
        return "stop" if event is not None and event["type"] == "interrupted" else "hurry"

    def _interrupted(self) -> None:
        """Control-C hangs up; a second time, or between calls, it ends the program."""
        if self._leaving or not self._in_call:
            self._leave()
        else:
            self._hanging_up = asyncio.get_running_loop().create_task(self._hang_up())
            self._leaving = True

    def _leave(self) -> None:
        self._leaving = True
        self._events.put_nowait(None)

    async def _hang_up(self) -> None:
        self._script.hung_up()
        with suppress(HandsetClosedError):
            await self._client.hang_up()

    async def _typed(self, line: str | None) -> None:
        """Act on a line: keys, words, silence, or the end."""
        text = (line or "").strip()
        self._screen.typed(text, echoed=self._keyboard.is_terminal and line is not None)
        if line is None or text.lower() in ("h", "hang up"):
            self._leaving = self._leaving or line is None
            if not self._in_call:
                self._leave()
            elif self._waiting_for == "answer":
                await self._client.decline()
            else:
                await self._hang_up()
        elif text == "?":
            self._screen.help()
            self._ask()
        elif self._waiting_for == "callee":
            await self._say_what_callee_does(text.lower())
        elif self._waiting_for == "answer":
            await self._take(text.lower())
        elif not self._in_call:
            self._screen.line(f"Nobody calls yet. {ENOUGH}")
        else:
            await self._act(text)

    async def _act(self, text: str) -> None:
        client, script = self._client, self._script
        recording = self._waiting_for == "recording"
        speaking = SPEAKING.match(text)
        keys = text.replace(" ", "")
        if not text:
            if self._waiting_for == "conversation":
                pause = None if self._keyboard.is_terminal else LISTENING_TIME
                self._waiting_for = ""
                await client.wait(pause)
                return
            if not self._waiting_for:
                return
            script.was_silent()
            await client.silence()
        elif speaking and recording:
            script.left_message(int(speaking[1]))
            await client.speak(int(speaking[1]))
        elif set(keys) <= KEYS:
            script.pressed(keys)
            await client.press(keys)
        elif recording:
            script.left_message(len(text) / CHARACTERS_A_SECOND)
            await client.say(text)
        else:
            script.said(text)
            await client.say(text)
        self._waiting_for = ""

    async def _say_what_callee_does(self, text: str) -> None:
        does = CALLEE.get(text[:1])
        if does is None:
            self._ask()
            return
        self._waiting_for = ""
        await self._client.send("callee", does=does)

    async def _take(self, text: str) -> None:
        """Answer the ringing telephone, or do not."""
        reply = RING_REPLIES.get(text[:1])
        if reply is None:
            self._ask()
            return
        self._waiting_for = ""
        await self._client.send(reply)

    def _ask(self) -> None:
        """Show what can be done now."""
        if self._waiting_for:
            self._screen.prompt(hint(self._move))

    def _show(self, event: Event) -> bool:
        """Show an event; true when there is nothing more to come."""
        self._script.heard(event)
        kind = event["type"]
        if kind in ("ended", "registered"):
            self._in_call = False
        elif kind not in ("refused", "text"):
            self._in_call = True
        if kind == "your_move":
            self._waiting_for, self._move = event["waiting_for"], event
            self._ask()
        elif kind == "request":
            if self._verbose:
                self._screen.network(request(event))
        elif kind in ("warning", "error"):
            self._screen.trouble(f"{event['code']} {event['text']}", kind == "error")
        elif kind == "refused":
            if not self._in_call:
                self._refused = event["text"]
                return True
            self._screen.trouble(event["text"], serious=False)
            self._ask()
        elif kind in EVENTS:
            style = {"ended": "bold", "lost": "dim"}.get(kind, "")
            self._screen.line(EVENTS[kind](event), style)
        if kind not in BESIDE_A_MOVE:
            self._waiting_for = ""
        elif self._waiting_for and kind != "your_move":
            self._screen.cursor()
        if kind in ("registered", "ended") and self._attending and not self._leaving:
            self._waiting_for = ""
            self._screen.line(f"Waiting for calls. {ENOUGH}", "dim")
            return False
        return bool(kind == "ended")

    async def _say(self, event: Event) -> None:
        if event["type"] == "whispered":
            heard = f"({number(event['number'])} hears: {event['text']})"
            await self._screen.said(heard, event["language"], 0, self._pace, "italic")
            return
        seconds = 0.0 if self._fast else event["seconds"]
        style = "italic" if event["slow"] else ""
        await self._screen.said(event["text"], event["language"], seconds, self._pace, style)
