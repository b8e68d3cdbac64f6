"""The company's own systems as scripts have them answer: the same for both stages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from ivr.flow.flow import FlowSet
from ivr.flow.inputs import LookedUp
from ivr.flow.kinds import Lookup
from ivr.flow.moves import Request
from ivr.flow.spoken import parse_template
from ivr.services.answers import NoAnswer, read_answer


@dataclass(frozen=True)
class Reply:
    """What comes back to one question."""

    does: Literal["answers", "slow", "down"] = "answers"
    status: int = 200
    body: bytes = b""


NONSENSE = b"<html><title>It works!</title></html>"
FAILURES = {
    "slow": Reply("slow"),
    "down": Reply("down"),
    "nonsense": Reply(body=NONSENSE),
    "not_found": Reply(status=404),
}


class CompanySystem:
    """Knows from the address which node asks. For many threads at once."""

    def __init__(self, flows: FlowSet) -> None:
        self._doors = tuple(_doors(flows))
        self._replies: dict[str, list[Reply]] = {}
        self._lock = Lock()
        self.unanswered = ""
        """A node that asked what the script has no answer for; empty while there is none."""

    @property
    def places(self) -> tuple[str, ...]:
        """The nodes that ask."""
        return tuple(dict.fromkeys(place for place, _, _ in self._doors))

    def begin(self, replies: Mapping[str, Sequence[Reply]]) -> None:
        """From now on this is answered, by node; of several replies the last one stays."""
        with self._lock:
            self._replies = {place: list(given) for place, given in replies.items()}
            self.unanswered = ""

    def reply(self, method: str, address: str) -> Reply:
        """The answer to a question; `address` is without its scheme (`crm.example.com/7`)."""
        # No path at all is asked for as `/`.
        asking = [
            place
            for place, by, form in self._doors
            if by == method
            and (form.fullmatch(address) or form.fullmatch(address.removesuffix("/")))
        ]
        with self._lock:
            for place in asking:
                given = self._replies.get(place)
                if given:
                    return given.pop(0) if len(given) > 1 else given[0]
            self.unanswered = asking[0] if asking else f"{method} {address.partition('/')[0]}"
        return FAILURES["down"]


class SystemAtHand:
    """Asks such a system without any network, and reads what it answers as always."""

    def __init__(self, system: CompanySystem) -> None:
        self._system = system
        self._remembered: dict[str, LookedUp] = {}

    def ask(self, request: Request) -> LookedUp:
        """The answer, or that it failed; never raises."""
        key = f"{request.url} {request.read}"
        if request.remember_for and key in self._remembered:
            return self._remembered[key]
        answer = self._asked(request)
        if request.remember_for and answer.outcome != "failed":
            self._remembered[key] = answer
        return answer

    def _asked(self, request: Request) -> LookedUp:
        reply = self._system.reply(request.method, request.url.partition("://")[2])
        match reply.does:
            case "slow":
                return LookedUp("failed", reason=f"no answer within {request.timeout:g} s")
            case "down":
                return LookedUp("failed", reason="no answer")
        try:
            return read_answer(reply.status, reply.body, request.read)
        except NoAnswer as failed:
            return LookedUp("failed", reason=str(failed))


def _doors(flows: FlowSet) -> Iterator[tuple[str, str, re.Pattern[str]]]:
    """The nodes that ask, with how and where."""
    for flow_name, flow in flows.flows.items():
        for name, node in flow.nodes.items():
            if isinstance(node, Lookup):
                parts = parse_template(node.url.partition("://")[2]).parts
                form = "".join(
                    re.escape(part) if isinstance(part, str) else "[^/?&#]*" for part in parts
                )
                yield f"{flow_name}/{name}", node.method, re.compile(form)
