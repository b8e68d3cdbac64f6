"""What mails say: a subject and paragraphs, with their values in them.

One YAML file a language in `mail_wordings/`, in the template language of flows; times are told as
in text messages.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib import resources
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Struct, structs
from pydantic import BaseModel, ConfigDict, Field

from ivr.flow.language import load_languages
from ivr.flow.spoken import Template, parse_template
from ivr.promises.wordings import TextKind, load_wordings
from ivr.promises.writing import Fill, values_of
from ivr.reading import read_tree, validate

LONGEST_NAME = 20
"""Of a first name: nobody greets by a sentence that somebody else has put there."""
_FAR = 30 * 86_400.0
_Text = Annotated[str, Field(min_length=1)]


class MailWordings(BaseModel):
    """One language's mails. `change` and `stop` stand before an address, where that can be seen;
    the labels stand for it. `call` is what a calendar says of a window."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: _Text
    hello: _Text
    regards: _Text
    change: _Text
    change_label: _Text
    why: _Text
    stop: _Text
    stop_label: _Text
    call: _Text
    mails: dict[TextKind, Annotated[tuple[_Text, ...], Field(min_length=2)]]


class Mail(Struct, frozen=True):
    """A subject, and what follows the greeting and goes before the regards."""

    title: str
    paragraphs: tuple[str, ...]


@cache
def load_mail_wordings() -> dict[str, MailWordings]:
    """Every language's mails, by code. Raises `Unreadable` when a file is broken."""
    found = {}
    for code in load_languages():
        name = f"{code}.yaml"
        data = (resources.files("ivr.promises") / "mail_wordings" / name).read_bytes()
        found[code] = validate(MailWordings, read_tree(data, f"mail_wordings/{name}"))
    return found


def write_mail(kind: TextKind, language: str, fill: Fill, now: float, zone: ZoneInfo) -> Mail:
    """The mail; its first paragraph greets. Raises `Unsayable` where the kind needs a value that
    `fill` does not have."""
    words = load_mail_wordings()[language]
    title, *body = words.mails[kind]
    if len(fill.first_name) > LONGEST_NAME:
        fill = structs.replace(fill, first_name="")
    return Mail(
        _filled(title, language, fill, now, zone),
        tuple(_filled(one, language, fill, now, zone) for one in (words.hello, *body)),
    )


def what_calls(language: str, company: str, now: float, zone: ZoneInfo) -> str:
    """What a calendar says of a window."""
    words = load_mail_wordings()[language]
    return _filled(words.call, language, Fill(company), now, zone)


def _filled(template: str, language: str, fill: Fill, now: float, zone: ZoneInfo) -> str:
    moment = datetime.fromtimestamp(now, zone)
    values = values_of(fill, load_wordings()[language], now - _far(fill, moment, zone), zone)
    return _template(template).fill(load_languages()[language], values, now=moment).text


def _far(fill: Fill, moment: datetime, zone: ZoneInfo) -> float:
    """Nobody knows on which day a mail is read: so of another day than this the date is told."""
    times = [*(fill.when or ()), *(() if fill.until is None else (fill.until,))]
    today = all(datetime.fromtimestamp(one, zone).date() == moment.date() for one in times)
    return 0.0 if today else _FAR


@cache
def _template(written: str) -> Template:
    return parse_template(written)
