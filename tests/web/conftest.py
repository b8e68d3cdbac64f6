"""A web of which only the call service is replaced: by one that writes down what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from ivr.clock import FixedClock
from ivr.flow.language import load_languages
from ivr.services.addresses import Addresses
from ivr.services.apology import Apology
from ivr.web import Parts
from tests.web.calling import FALLBACK, LINE, PUBLIC, TOKEN, Carrier
from tests.web.serving import Told, serve


class Recordings(dict[tuple[str, str], bytes]):
    """Recordings by version and name."""

    def of(self, version: str, name: str) -> bytes | None:
        return self.get((version, name))


NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def calls() -> Told:
    return Told()


@pytest.fixture
def recordings() -> Recordings:
    """What each version plays, by version and name; tests add to it."""
    return Recordings()


@pytest.fixture
def parts(calls: Told, recordings: Recordings) -> Parts:
    return Parts(
        public_url=PUBLIC,
        auth_token=TOKEN,
        max_body=4096,
        recording=recordings.of,
        own_numbers=frozenset({LINE}),
        calls=calls,
        apology=Apology(load_languages(), lambda: "fi", FALLBACK, Addresses(PUBLIC)),
        language_of={"+442079460123": "en"}.get,
        why_not_ready=lambda: None,
        clock=FixedClock(NOW),
    )


@pytest.fixture
def carrier(parts: Parts) -> Iterator[Carrier]:
    with serve(parts) as carrier:
        yield carrier
