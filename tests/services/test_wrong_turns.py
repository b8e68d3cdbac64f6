"""A turn that fails is told by where it failed, without anything that the caller gave."""

from __future__ import annotations

import json
import logging
import re
from typing import cast

import pytest
from redis import Redis

from ivr.flow.inputs import Arrived, Input, LookedUp, Pressed, Silent
from ivr.flow.moves import Request
from ivr.services.addresses import Addresses
from ivr.services.apology import Apology
from ivr.services.calls import CallService, OneCompany
from ivr.store import keys
from ivr.store.calls import CallStore
from tests.support import FALLBACK, MOBILE, WEDNESDAY, company_of

NUMBER = "48151623"
FLOW = """
    languages: [en]
    start: number
    person: team
    nodes:
      number:
        kind: ask
        variable: customer
        length: 8
        private: true
        text: Please key in your customer number.
        to: find
      find:
        kind: lookup
        url: https://crm.example.com/{customer}
        text: One moment.
        found: team
        failed: team
      team: {kind: transfer, number: team, otherwise: bye}
      bye: {kind: hang_up, text: Goodbye.}
"""


def broken(request: Request) -> LookedUp:
    """A mistake of ours, whose words hold what the caller gave."""
    try:
        raise KeyError(request.url)
    except KeyError as error:
        raise ValueError(f"nothing is known of {request.url}") from error


def test_neither_event_nor_trace_nor_log_holds_what_was_given_at_a_private_step(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    company = company_of(main=FLOW)
    web = Addresses("https://ringback.example.com")
    apology = Apology(company.languages, lambda: "en", company.fallback, web)
    service = CallService(CallStore(redis), OneCompany(company), web, apology, broken)
    acts: tuple[Input, ...] = (Arrived(), Pressed(NUMBER), Silent())
    with caplog.at_level(logging.DEBUG):
        for turn, heard in enumerate(acts, 1):
            answer = service.take_turn("CA1", turn, heard, "+46846500400", MOBILE, WEDNESDAY)
    assert FALLBACK in answer

    stream = cast("list[tuple[bytes, dict[bytes, bytes]]]", redis.xrange(keys.EVENTS))
    entries = [fields for _, fields in stream]
    [wrong] = [
        event
        for fields in entries
        for event in json.loads(fields[b"events"])
        if event["type"] == "WentWrong"
    ]
    assert wrong["place"] == "main/find"
    assert re.fullmatch(r"ValueError at ivr/services/deciding\.py:\d+", wrong["reason"])
    failed = next(one.getMessage() for one in caplog.records if one.levelno == logging.ERROR)
    assert "main/find" in failed
    assert re.search(r"deciding\.py:\d+ > .*ValueError; raised from .*KeyError", failed)

    written = [str(entries), str(redis.lrange(keys.trace("CA1"), 0, -1)), caplog.text]
    assert [text for text in written if NUMBER in text] == []
