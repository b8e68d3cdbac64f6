"""Callbacks in a rush in which everything is killed: the short form in the suite, the long one by
`make faults`."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.rush import Rush, rush

LONG = bool(os.environ.get("FAULTS"))
SEED = int(os.environ.get("FAULTS") or 1)
PEOPLE, AGENTS, SETS = (300, 10, 2) if LONG else (8, 6, 2)
# Seconds of telephony. In the short form the hours have ended when everything has been started.
BEFORE_CLOSING = 600.0 if LONG else 0.0
VICTIMS = ("store", "web", "worker 0", "clock 0", "worker 1", "clock 1")
# How many are killed, and real seconds between two of them.
KILLS, PAUSE = (40, (1.5, 4.0)) if LONG else (4, (0.4, 0.8))
# Real seconds until everybody must have been talked to, or told.
PATIENCE = 600.0 if LONG else 120.0


def carrier_fails(there: Rush) -> None:
    """Answers are lost, requests refused; what it tells is repeated, reordered and lost."""
    there.fault("rest", "cut", when="after", url="*/Calls.json", method="POST", every=5)
    there.fault("rest", "cut", when="before", url="*/Calls.json", method="POST", every=11)
    there.fault("rest", "cut", when="after", url="*/Messages.json", method="POST", every=2)
    there.fault("rest", "refused", status=429, every=17)
    there.fault("callbacks", "repeated", every=3)
    there.fault("callbacks", "reordered", every=4, seconds=5)
    there.fault("callbacks", "lost", every=13)
    there.fault("documents", "repeated", url="*/callback/*", every=4)


@pytest.mark.timeout(900)
def test_nobody_is_lost_and_nobody_is_rung_or_told_twice(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    victims = [chance.choice(VICTIMS) for _ in range(KILLS)] if LONG else list(VICTIMS[:KILLS])
    with rush(tmp_path, AGENTS, BEFORE_CLOSING) as there:
        carrier_fails(there)
        there.promised(PEOPLE)
        there.opens(SETS)
        ended = there.until_all_have_ended(PATIENCE, SEED, victims, PAUSE)
        seen = there.verdict()
        told = f"{seen}, {there.unexplained()} unexplained, {Counter(there.states().values())}"
        (tmp_path / "verdict").write_text(told)
        assert ended, told
        assert seen.lost == frozenset()
        assert seen.twice == ()
        assert seen.outside == ()
        assert there.unexplained() == 0
        assert seen.dials >= PEOPLE and seen.texts >= PEOPLE // 8
        assert there.killed == victims
