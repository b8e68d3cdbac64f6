"""What an agent hears of somebody before they decide, so that nobody has to say it again.

Every second of it is one that the caller waits: who and what for comes first, and keys may
interrupt it. The caller's number is not said: it is on no agent's mind, and takes six seconds.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ivr.engine.speaking import joined
from ivr.flow.actions import Prompt, Say
from ivr.flow.spoken import Unsayable, say_value
from ivr.flow.variables import Variable
from ivr.services.agents.staff import Staff
from ivr.services.said import cut
from ivr.store.line import Person, Place

MOST_STEPS = 3
"""Of the path, the last ones: where they ended up is why they wait."""
MOST_GIVEN = 3
JUST_NOW = 60.0
"""Seconds for which nobody has really waited."""


def whisper(
    staff: Staff,
    place: Place,
    language: str,
    now: datetime,
    colleague: str = "",
    *,
    late: bool = False,
) -> tuple[Prompt, ...]:
    """Who waits, for how long and why, in the agent's language; what callers chose and said is
    in theirs. `colleague` passes them on."""
    person = place.person
    theirs = _known(staff, person.language, language)
    phrases = staff.phrases(language)
    told: list[Prompt] = []

    def add(phrase: str, in_language: str = language, **values: str) -> None:
        for name, value in values.items():
            phrase = phrase.replace("{" + name + "}", value)
        told.append(Say(phrase, in_language))

    queue = staff.queue_name(place.queue, language)
    if colleague:
        add(phrases.from_colleague, colleague=colleague, queue=queue)
    else:
        add(phrases.callback_for if place.kind == "callback" else phrases.call_for, queue=queue)
    if person.name:
        add(phrases.person, name=person.name)
    waited = now.timestamp() - place.first
    if waited >= JUST_NOW:
        spoken = say_value(staff.languages[language], Decimal(int(waited / 60)), "duration", now)
        add(phrases.rang_ago if place.kind == "callback" else phrases.waited, time=spoken)
    else:
        add(phrases.just_now)
    if late:
        add(phrases.later)
    if theirs != language:
        add(phrases.speaks, language=phrases.languages.get(theirs, theirs))
    if person.path:
        add(phrases.chose)
        add(", ".join(person.path[-MOST_STEPS:]) + ".", theirs)
    for name, given in _worth_saying(person):
        if said := _spoken(staff, given, language, now):
            add(f"{name.replace('_', ' ')}: {said}.")
    if person.said:
        add(phrases.said)
        add(cut(person.said[-1]), theirs)
    if person.note:
        add(phrases.note)
        add(cut(person.note), _known(staff, person.note_language, language))
    return joined(told)


def _known(staff: Staff, language: str, otherwise: str) -> str:
    return language if language in staff.languages else otherwise


def _worth_saying(person: Person) -> list[tuple[str, Variable]]:
    public = [(n, v) for n, v in person.given.items() if not v.private and v.kind != "nothing"]
    return public[-MOST_GIVEN:]


def _spoken(staff: Staff, given: Variable, language: str, now: datetime) -> str:
    digits = given.kind in ("text", "number") and given.text.isdecimal()
    form = "digits" if digits and len(given.text) > 2 else None
    try:
        return say_value(staff.languages[language], given.value, form, now)
    except Unsayable:
        # A value that no voice can say is left to be asked for.
        return ""
