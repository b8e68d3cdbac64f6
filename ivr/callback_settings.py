"""Callbacks as `config.yaml` has them: of each queue (`queues.X.callbacks`), and of the company
(`callbacks`)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.flow.names import Name

DAY = 86_400


def _switch(value: Any) -> Any:
    words = {"yes": True, "on": True, "no": False, "off": False}
    return words.get(value, value) if isinstance(value, str) else value


def _numbers(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    for one in value:
        if not isinstance(one, str) or not one.startswith("+") or not one[1:].isdigit():
            raise ValueError(f"`{one}` is not the beginning of a number: write it as +4670.")
    return value


Switch = Annotated[bool, BeforeValidator(_switch)]
Seconds = Annotated[int, Field(ge=0, le=7 * DAY)]
Times = Annotated[int, Field(ge=0, le=10)]
PerCent = Annotated[int, Field(ge=1, le=100)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AgainSettings(Part):
    """`times` more attempts after such an outcome, each so many seconds `after`."""

    times: Times
    after: Seconds


class AttemptSettings(Part):
    """What follows where nobody was reached."""

    most: Annotated[int, Field(ge=1, le=10)] = 4
    """Attempts in all."""
    ring: Annotated[int, Field(ge=5, le=120)] = 30
    """Seconds for which the person's telephone rings."""
    busy: AgainSettings = AgainSettings(times=3, after=180)
    no_answer: AgainSettings = AgainSettings(times=2, after=600)
    machine: AgainSettings = AgainSettings(times=1, after=1800)
    hung_up: AgainSettings = AgainSettings(times=1, after=300)
    failed: AgainSettings = AgainSettings(times=2, after=300)
    message: Literal["first", "last", "never"] = "first"
    """Which answering machine is left a message; never more than one is."""


class QueueCallbackSettings(Part):
    """Callbacks of a queue. Times in seconds."""

    offer: Switch = True
    """Off: nobody is offered one here."""
    kinds: tuple[Literal["place", "window"], ...] = ("place", "window")
    """To keep the place in the line; a time that suits."""
    first: Literal["agent", "person"] = "agent"
    """Who is rung first."""
    matter: str = ""
    """There is one open callback for a number and a matter; the queue's name when left out."""
    share: PerCent = 40
    """Of those in the line, so many per cent at most are callbacks."""
    window: Annotated[int, Field(ge=300, le=4 * 3600)] = 1800
    """How long a window is."""
    ahead: Seconds = 900
    """A window begins at least so much later than it is promised."""
    furthest: Annotated[int, Field(ge=1, le=28)] = 7
    """Nothing is promised for later than in so many days."""
    windows: Annotated[int, Field(ge=1, le=5)] = 3
    """How many are offered."""
    room: Annotated[int, Field(ge=0, le=1000)] | None = None
    """Callbacks in one window; from rosters and forecast when left out."""
    fill: PerCent = 100
    """Of the room that is found, so many per cent are promised."""
    before_closing: Seconds = 900
    """No place is kept whose turn could come later than so long before the end of the hours."""
    again_after: Seconds = 240
    """Who did not want one is asked again after so long."""
    most_offers: Annotated[int, Field(ge=0, le=5)] = 2
    hang_up_keeps_place: Switch = True
    hang_up_keeps_place_after: Seconds = 20
    """Who waited less did not mean to wait."""
    tell_by_call: Switch = False
    """Who was not reached, or will not be called, and cannot get a text, is rung to be told."""
    come_back_within: Seconds = DAY
    """How long the place is kept of somebody whom we could not reach."""
    code: Switch = False
    """Three digits are told when it is promised, and again when we call."""
    hours: Name | None = None
    """A schedule in which people are rung; it counts beside the queue's own hours."""
    attempts: AttemptSettings = AttemptSettings()


class CallbackLimitSettings(Part):
    """Nobody can have a stranger rung again and again. A day is the last 24 hours."""

    number_a_day: Annotated[int, Field(ge=1, le=100)] = 4
    """Callbacks that one number is promised."""
    calls_a_day: Annotated[int, Field(ge=1, le=100)] = 8
    """Attempts at one number."""
    others_a_day: Annotated[int, Field(ge=0, le=100)] = 2
    """Numbers other than their own that one caller can have rung, or one web address."""
    everybody_an_hour: Annotated[int, Field(ge=1, le=100_000)] = 300
    """Callbacks promised in all: about twice those of a busy hour."""


class CallbackFormSettings(Part):
    """The page `Call me back` (`/callback`), where RINGBACK_FORM_KEY is set."""

    queues: tuple[Name, ...] = ()
    """Whose callbacks can be asked for; none: there is no page."""
    languages: tuple[str, ...] = ()
    """The first is used when the browser wants none of them; all that are known when left out."""
    embed: tuple[str, ...] = ()
    """Sites that may show the page within theirs: https://www.example.com."""
    an_hour: Annotated[int, Field(ge=1, le=10_000)] = 60
    """Times that the form is accepted in all."""
    address_an_hour: Annotated[int, Field(ge=1, le=1000)] = 5
    """Times from one address."""
    proxies: Annotated[int, Field(ge=0, le=5)] = 0
    """How many servers of ours stand before this one, each naming whom it serves in
    X-Forwarded-For."""


class CallbacksSettings(Part):
    """What holds for all callbacks."""

    countries: tuple[Country, ...] = ()
    """That are rung, two letters each; only the first line's when left out."""
    also_allowed: Annotated[tuple[str, ...], BeforeValidator(_numbers)] = ()
    """Beginnings of numbers that are rung whatever the numbering plan says of them."""
    limits: CallbackLimitSettings = CallbackLimitSettings()
    form: CallbackFormSettings = CallbackFormSettings()


def unknown_callback_names(
    queues: dict[str, QueueCallbackSettings],
    company: CallbacksSettings,
    schedules: frozenset[str],
    languages: frozenset[str],
) -> list[tuple[tuple[str, ...], str, str, frozenset[str]]]:
    """What is named and is not there, as `ivr.staff.unknown_names` tells it."""
    found: list[tuple[tuple[str, ...], str, str, frozenset[str]]] = []
    for name, settings in queues.items():
        if settings.hours is not None and settings.hours not in schedules:
            where = ("queues", name, "callbacks", "hours")
            found.append((where, "schedule", settings.hours, schedules))
    form = ("callbacks", "form")
    known = frozenset(queues)
    found += [((*form, "queues"), "queue", q, known) for q in company.form.queues if q not in known]
    found += [
        ((*form, "languages"), "language", one, languages)
        for one in company.form.languages
        if one not in languages
    ]
    return found
