"""Callbacks over HTTP: what `ringback callbacks` tells and does. docs/api.yaml describes it.

Whoever bears the API's token may do what a supervisor may; each change is kept with the name and
the reason that the request gives.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import msgspec
from flask import Flask, Response, request
from msgspec import Struct

from ivr.callbacks.states import ENDS, OPEN, STATES
from ivr.services.callbacks.overseeing import NotDone, Overseer
from ivr.services.callbacks.overview import Filter
from ivr.store.callbacks import StoredCallback
from ivr.web.api_door import Door, Refused
from ivr.web.parts import Parts

MOST = 1000
USUAL = 100
LONGEST = 500
"""Characters of a name or a reason."""
PLACE = "place"
ENDPOINTS = "api_callbacks:"
"""How the names of these views begin."""

Change = Callable[[StoredCallback, "_Wish", float], StoredCallback]


class _Wish(Struct, frozen=True):
    by: str
    reason: str
    to: str = ""


_EXAMPLE = '{"by": "Eva", "reason": "she rang"}'
_EXAMPLE_TO = '{"by": "Eva", "reason": "she rang", "to": "2026-11-25T14:00+01:00"}'


class CallbackApi:
    """The answers of one application. Telephone numbers are masked."""

    def __init__(self, parts: Parts, overseer: Overseer) -> None:
        self._overseer = overseer
        self._door = Door(parts, {NotDone: 409})
        self._changes: dict[str, Change] = {
            "move": self._move,
            "call-now": lambda one, wish, now: overseer.call_now(one, wish.by, now, wish.reason),
            "again": lambda one, wish, now: overseer.put_in_line(one, wish.by, now, wish.reason),
            "hand-over": self._hand_over,
            "done": lambda one, wish, now: overseer.done(one, wish.by, now, wish.reason),
            "cancel": lambda one, wish, now: overseer.cancel(one, wish.by, now, wish.reason),
            "call-off": lambda one, wish, now: overseer.call_off(one, wish.by, now, wish.reason),
        }

    def callbacks(self) -> Response:
        """GET /api/callbacks"""

        def answer(now: datetime) -> object:
            asked = request.args
            state, queue = asked.get("state", "open"), asked.get("queue", "")
            if state not in ("open", "ended", *STATES):
                raise Refused(400, "`state` must be open, ended or one of the states.")
            last = asked.get("last", str(USUAL))
            if not (last.isascii() and last.isdigit() and 1 <= int(last[:9]) <= MOST):
                raise Refused(400, f"`last` must be a number from 1 to {MOST}.")
            groups = {"open": OPEN, "ended": tuple(ENDS)}
            states = groups.get(state) or tuple(one for one in STATES if one == state)
            at = now.timestamp()
            wanted = Filter(queue, states, since=self._overseer.figures.midnight(at))
            return self._overseer.overview.list(wanted, at, int(last))

        return self._door.answered(answer)

    def figures(self) -> Response:
        """GET /api/callbacks/figures"""
        return self._door.answered(
            lambda now: {"queues": self._overseer.figures.queues(now.timestamp())}
        )

    def callback(self, callback: str) -> Response:
        """GET /api/callbacks/ID"""
        return self._door.answered(
            lambda now: self._overseer.overview.story(self._read(callback), now.timestamp())
        )

    def change(self, change: str, callback: str) -> Response:
        """POST /api/callbacks/ID/CHANGE"""

        def answer(now: datetime) -> object:
            stored = self._read(callback)
            example = _EXAMPLE_TO if change in ("move", "hand-over") else _EXAMPLE
            wish = self._door.body(_Wish, example)
            for name in ("by", "reason"):
                given = getattr(wish, name)
                if not given.strip() or len(given) > LONGEST:
                    raise Refused(422, f"`{name}` must be 1 to {LONGEST} characters.")
            after = self._changes[change](stored, wish, now.timestamp())
            return msgspec.to_builtins(self._overseer.overview.view(after, now.timestamp()))

        return self._door.answered(answer)

    def _move(self, stored: StoredCallback, wish: _Wish, now: float) -> StoredCallback:
        if wish.to == PLACE:
            return self._overseer.put_in_line(stored, wish.by, now, wish.reason)
        try:
            begins = datetime.fromisoformat(wish.to)
        except ValueError:
            begins = None
        if begins is None or begins.tzinfo is None:
            raise Refused(
                422, "`to` must be `place`, or when a window begins, such as "
                "2026-11-25T14:00+01:00."
            )  # fmt: skip
        window = self._overseer.window_at(stored.callback.queue, begins.timestamp(), now)
        return self._overseer.move(stored, window, wish.by, now, wish.reason)

    def _hand_over(self, stored: StoredCallback, wish: _Wish, now: float) -> StoredCallback:
        if not wish.to.strip() or len(wish.to) > LONGEST:
            raise Refused(422, "`to` must name who takes care of it.")
        return self._overseer.hand_over(stored, wish.to.strip(), wish.by, now, wish.reason)

    def _read(self, callback: str) -> StoredCallback:
        found = self._overseer.read(callback)
        if found is None:
            raise Refused(404, "There is no such callback.")
        return found

    @property
    def changes(self) -> tuple[str, ...]:
        return tuple(self._changes)


def register(app: Flask, parts: Parts, overseer: Overseer) -> None:
    api = CallbackApi(parts, overseer)
    views: tuple[tuple[str, str, Callable[..., Response]], ...] = (
        ("GET", "/api/callbacks", api.callbacks),
        ("GET", "/api/callbacks/figures", api.figures),
        ("GET", "/api/callbacks/<callback>", api.callback),
        *(
            ("POST", f"/api/callbacks/<callback>/{name}", partial(api.change, name))
            for name in api.changes
        ),
    )
    for method, rule, view in views:
        app.add_url_rule(rule, f"{ENDPOINTS}{rule}", view, methods=[method])
