"""Whether somebody may be sent texts, and by what they agreed or stopped them.

What was said last counts, in whatever order it is heard of; of both at one moment, the stop.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

How = Literal["call", "text", "web", "agent"]
"""Where the person agreed, or stopped: on a call, by a text, on the page, or told an agent."""
StopHow = How | Literal["carrier"]
"""`carrier`: Twilio says so, by a text's OptOutType or by 21610, whatever the person wrote."""


class Given(Struct, frozen=True, tag=True):
    """The person wants texts, in `language`; the first name only if they gave it."""

    at: float
    how: How
    language: str
    first_name: str = ""


class Stopped(Struct, frozen=True, tag=True):
    at: float
    how: StopHow


class Consent(Struct, frozen=True, omit_defaults=True):
    """All that is kept of a number's wish; the last of each."""

    given: Given | None = None
    stopped: Stopped | None = None

    @property
    def may_text(self) -> bool:
        if self.given is None:
            return False
        return self.stopped is None or self.stopped.at < self.given.at

    @property
    def carrier_stops(self) -> bool:
        """Twilio lets nothing of ours through, whatever the person tells us: only START helps."""
        return not self.may_text and self.stopped is not None and self.stopped.how == "carrier"


def noted(consent: Consent, event: Given | Stopped) -> Consent:
    """The consent after one event more; an older or repeated one changes nothing."""
    if isinstance(event, Stopped):
        last = consent.stopped
        newer = last is None or (event.at, event.how) > (last.at, last.how)
        return Consent(consent.given, event) if newer else consent
    latest = consent.given
    order = (event.at, event.how, event.language, event.first_name)
    if latest is not None and order <= (
        latest.at, latest.how, latest.language, latest.first_name,
    ):  # fmt: skip
        return consent
    return Consent(event, consent.stopped)


def consent_of(events: Iterable[Given | Stopped]) -> Consent:
    """The consent after all of them, in whatever order they come."""
    consent = Consent()
    for event in events:
        consent = noted(consent, event)
    return consent
