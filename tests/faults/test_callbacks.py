"""Callbacks in a rush in which processes are killed: the short form in the suite, the long one by
`make faults`."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from redis import Redis

from tests.faults.rush import rush
from tests.workers.processes import Background

LONG = bool(os.environ.get("FAULTS"))
PEOPLE, AGENTS = (200, 10) if LONG else (10, 6)
# Seconds of telephony. In the short form the hours have ended when everything has been started.
BEFORE_CLOSING = 600.0 if LONG else 0.0
# Real seconds: of the killing, and after it until everybody has been talked to.
KILLING, AFTER = (90.0, 200.0) if LONG else (6.0, 40.0)


@pytest.mark.timeout(400)
def test_nobody_is_lost_and_nobody_is_rung_twice_for_one_attempt(
    redis: Redis, store_url: str, background: Background
) -> None:
    with rush(redis, store_url, background, AGENTS, BEFORE_CLOSING) as there:
        there.fault("rest", "cut", when="after", url="*/Calls.json", method="POST", every=5)
        there.fault("rest", "cut", when="before", url="*/Calls.json", method="POST", every=11)
        there.fault("rest", "refused", status=429, every=17)
        there.fault("callbacks", "repeated", every=3)
        there.fault("callbacks", "reordered", every=4, seconds=5)
        there.fault("callbacks", "lost", every=13)
        there.fault("documents", "repeated", url="*/callback/*", every=4)
        processes = [there.start(name) for name in ("worker", "worker", "clock")]
        for process in processes[:2]:
            process.says("The worker is ready.")
        there.promised(PEOPLE)
        there.agents_come()
        seed = int(os.environ.get("FAULTS") or 1)
        done = there.until_all_are_done(KILLING, processes, seed)
        done = done or there.until_all_are_done(AFTER, [], seed)
        seen = there.verdict()
        told = f"{seen}, {there.unexplained()} unexplained, {Counter(there.states().values())}"
        (background.folder / "verdict").write_text(told)
        assert done, told
        assert seen.twice == ()
        assert seen.outside == ()
        assert seen.unreached == frozenset()
        assert seen.dials >= PEOPLE
        assert there.unexplained() == 0
