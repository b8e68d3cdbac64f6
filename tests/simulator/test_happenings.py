"""Whatever can happen on a telephone has words wherever it is shown."""

from __future__ import annotations

import re
from typing import get_args

from ivr.simulator import handset_api
from ivr.simulator.happenings import Level, Noted, OfHandset, Told
from ivr.simulator.terminal.words import ELSEWHERE, EVENTS, SILENT
from ivr.simulator.timeline import SENTENCES

TOLD, OF_HANDSET = set(get_args(Told)), set(get_args(OfHandset))
OTHERWISE = {"lost", "request", "ringing", *get_args(Level)}
"""What the timeline knows as a request, a note, or as what somebody did."""


def test_the_timeline_has_a_sentence_for_each() -> None:
    assert set(SENTENCES) == (TOLD | set(get_args(Noted))) - OTHERWISE


def test_the_terminal_shows_each_or_leaves_it_out_on_purpose() -> None:
    assert EVENTS.keys() | ELSEWHERE | SILENT == TOLD | OF_HANDSET
    assert len(EVENTS) + len(ELSEWHERE) + len(SILENT) == len(TOLD | OF_HANDSET)


def test_the_handset_api_says_what_is_told_with_each() -> None:
    received = (handset_api.__doc__ or "").partition("What a client receives")[2]
    for kind in TOLD | OF_HANDSET:
        assert re.search(rf"\b{kind}\b", received), kind
