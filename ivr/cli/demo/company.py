"""The telephone company of a demonstration, asked over HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Collection
from typing import Any

PATIENCE = 5.0
"""Seconds for one answer; it is on this machine."""


class CompanyAway(Exception):
    """The telephone company does not answer; says why."""


class Company:
    """`url` is its address, such as http://127.0.0.1:8100."""

    def __init__(self, url: str) -> None:
        self._url = url

    def phone(self, caller: str, line: str, person: dict[str, Any]) -> str:
        """Somebody rings a line; the id of their call."""
        told = self._ask("calls", {"from": caller, "to": line, "person": person})
        return str(told["sid"])

    def put(self, people: dict[str, Any]) -> None:
        """Put people behind addresses."""
        self._ask("people", people)

    def calls_to(self, addresses: Collection[str]) -> list[tuple[str, str]]:
        """The calls that were placed to these addresses: id and address."""
        legs = self._ask("calls")["calls"]
        return [(leg["sid"], leg["to"]) for leg in legs if leg["to"] in addresses]

    def texts(self) -> list[dict[str, Any]]:
        """Every text, with its states."""
        return list(self._ask("messages")["messages"])

    def timeline(self, call: str) -> list[dict[str, Any]]:
        """All that happened in a call, in order."""
        return list(self._ask(f"calls/{call}")["timeline"])

    def answers(self) -> bool:
        try:
            self._ask("health")
        except CompanyAway:
            return False
        return True

    def _ask(self, path: str, body: object = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310
            f"{self._url}/_carrier/{path}", data, {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                reason = error.read(200).decode(errors="replace").strip()
            raise CompanyAway(f"The telephone company refuses {path}: {reason}") from None
        except (OSError, ValueError) as error:
            raise CompanyAway(f"The telephone company does not answer: {error}") from None
