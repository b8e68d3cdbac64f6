"""`lookup`: ask the company's own system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.flow.inputs import LookedUp
from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Go, LookUp, Move, Reading, Request
from ivr.flow.names import Name, Target, Texts, Told
from ivr.flow.scene import Scene
from ivr.flow.spoken import Template
from ivr.flow.values import as_text


def _reading(value: object) -> object:
    return {"at": value} if isinstance(value, str) else value


class Found(BaseModel):
    """One value of the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$")]
    """Where it stands in the JSON: `customer.balance`, `invoices.0.sum`."""
    takes: Literal["text", "number", "date", "time", "yes_no"] | None = None
    """What it is made into, where the JSON does not tell: a `date` is written `2026-12-24`."""
    private: Literal["true", "false"] = "false"
    """Whether it is kept out of everything that is written."""
    consent: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$")] | None = None
    """Where the JSON tells, by true, that it may be used: a first name given for that."""


class Lookup(Node):
    """Ask the company's own system over HTTP, and remember what it answers.

    Its host must stand under `lookups` in `config.yaml`. A system that is slow, down or answers
    nonsense leads to `failed`, which must be written; 404 leads to `not_found`.

    ```yaml
    find_the_customer:
      kind: lookup
      url: https://crm.example.com/customers/{customer_number}
      text:
        en: One moment, I am looking that up.
      read:
        balance: {at: account.balance, takes: number, private: true}
        first_name: {at: name.first, consent: name.may_be_used}
      found: tell_the_balance
      not_found: ask_again
      failed: person
    ```
    """

    assigns_towards: ClassVar[str] = "found"

    kind: Literal["lookup"]
    url: Annotated[str, Field(pattern=r"^https?://[^\s{}/?#@]+(/[^\s]*)?$", max_length=1000)]
    """The address; values stand in it as `{name}`, after the host."""
    method: Literal["GET", "POST"] = "GET"
    """How it is asked. A `GET` may be asked twice; let only a `GET` be remembered."""
    send: Mapping[Name, str] = {}
    """What is sent with a `POST`, as JSON: texts, with values as `{name}`."""
    text: Texts | None = None
    """Said before: a lookup is heard as silence."""
    seconds: Annotated[int, Field(ge=1, le=5)] = 3
    """How long an answer is waited for."""
    remember_for: Annotated[int, Field(ge=0, le=86_400)] = 0
    """For how many seconds the answer to the same question is used again."""
    read: Mapping[Name, Annotated[Found, BeforeValidator(_reading)]] = {}
    """The variables to be set, and where their values stand in the answer."""
    found: Target
    """Where the call goes with an answer."""
    not_found: Target | None = None
    """Where it goes when there is no such thing; like `failed` when left out."""
    failed: Target
    """Where it goes when there is no answer."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("found",), self.found
        if self.not_found is not None:
            yield ("not_found",), self.not_found
        yield ("failed",), self.failed

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        if self.text is not None:
            yield ("text",), self.text

    def templates(self) -> Iterator[tuple[Path, str]]:
        yield ("url",), self.url
        for name, text in self.send.items():
            yield ("send", name), text

    def assigns(self) -> Iterator[tuple[Path, str]]:
        for name in self.read:
            yield ("read", name), name

    def enter(self, scene: Scene) -> Move:
        return LookUp(scene.say(self.text))

    def request(self, scene: Scene) -> Request:
        return Request(
            self.method,
            _filled(scene.template(self.url), scene, in_address=True),
            {n: _filled(scene.template(t), scene) for n, t in self.send.items()},
            float(self.seconds),
            float(self.remember_for) if self.method == "GET" else 0.0,
            {
                name: Reading(found.at, found.takes, found.private == "true", found.consent)
                for name, found in self.read.items()
            },
        )

    def looked_up(self, scene: Scene, answer: LookedUp) -> Move:
        if answer.outcome == "found":
            return Go(self.found, assigned=answer.values)
        if answer.outcome == "not_found" and self.not_found is not None:
            return Go(self.not_found)
        return Go(self.failed)


def _filled(template: Template, scene: Scene, *, in_address: bool = False) -> str:
    """The text with its values as they are, for machines; in an address nothing but a name."""
    pieces = []
    for part in template.parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        kept = scene.variables.get(part.name)
        value = "" if kept is None else as_text(kept.value)
        pieces.append(quote(value, safe="") if in_address else value)
    return "".join(pieces)
