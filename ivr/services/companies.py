"""The company as each call knows it: a call keeps the flows that it began with.

In production new calls begin with what was published (`PublishedFlows`), in development with what
stands in the folder (`WatchedFlows`). Notices count for every call at once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from threading import Lock
from types import MappingProxyType
from typing import Protocol

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.flow.notice import Notice
from ivr.queueing.board import Board
from ivr.services.calls import CallLost
from ivr.services.flow_sets import MOST_VERSIONS, FlowSets
from ivr.store.connection import StoreDown
from ivr.store.published import Published, PublishedStore, Trial

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at what is published, or at what stands in the folder."""
NOTHING_PUBLISHED = "No flows have been published: run `ringback publish`."


class Newest(Protocol):
    """Where new calls' flows come from. `look` is called by one thread at a time."""

    notices: tuple[Notice, ...]

    def look(self) -> None:
        """Look whether there is something newer, and have it at hand. Raises StoreDown."""

    @property
    def usual(self) -> str:
        """The version that calls begin with unless a trial has them; empty while there is none."""

    def version(self, call_id: str, line: str, caller: str | None) -> str:
        """The version that this call is to begin with; empty while there is none."""


class PublishedFlows:
    """What was published, trials included."""

    def __init__(self, sets: FlowSets, store: PublishedStore) -> None:
        self._sets = sets
        self._store = store
        self._published = Published()
        self._lost = -1
        self.notices: tuple[Notice, ...] = ()

    def look(self) -> None:
        published, self.notices = self._store.now()
        if published == self._published:
            return
        # Read before any call is to begin with it: meanwhile calls begin with what was before.
        lost = [one for one in published.versions if self._sets.company(one) is None]
        if lost and published.serial != self._lost:
            logger.error("the store has lost version %s of the flows", ", ".join(lost))
            self._lost = published.serial
        if lost and self._published.version:
            return
        logger.info("%s", _told(published))
        self._published = published

    @property
    def usual(self) -> str:
        return self._published.version

    def version(self, call_id: str, line: str, caller: str | None) -> str:
        published = self._published
        trial = published.trial
        if trial is not None and tries(trial, call_id, line, caller):
            return trial.version
        return published.version


def tries(trial: Trial, call_id: str, line: str, caller: str | None) -> bool:
    """Whether this call is one of the trial's. The same call always gets the same answer."""
    if line in trial.lines or (caller is not None and caller in trial.callers):
        return True
    drawn = int.from_bytes(sha256(call_id.encode()).digest()[:8]) % 100
    return drawn < trial.percent


def _told(published: Published) -> str:
    if not published.version:
        return NOTHING_PUBLISHED
    trial = published.trial
    some = "" if trial is None else f", those of the trial with {trial.version}"
    return f"new calls begin with version {published.version} of the flows{some}"


class FlowCompanies:
    """`ivr.services.calls.Companies` of real flows. For many threads at once.

    What is new is looked for at most once in LOOK_EVERY seconds, by whichever call comes first;
    the others meanwhile go on with what is known.
    """

    def __init__(
        self,
        sets: FlowSets,
        newest: Newest,
        lines: Mapping[str, str],
        monotonic: Callable[[], float] = time.monotonic,
        boards: Mapping[str, Board] = MappingProxyType({}),
    ) -> None:
        """`lines` are the names of our lines by their numbers; `boards` tell how queues stand."""
        self._sets = sets
        self._newest = newest
        self._lines = lines
        self._monotonic = monotonic
        self._boards = boards
        self._looking = Lock()
        self._looked = float("-inf")
        self._trouble: StoreDown | None = None
        self._told: dict[str, tuple[Company, tuple[Notice, ...], Company]] = {}

    def for_new_call(self, call_id: str, called: str, caller: str | None) -> Company:
        """The company for a call that has just come in.

        Raises CallLost when nothing has been published that could answer it, and StoreDown.
        """
        self.look()
        version = self._newest.version(call_id, self._lines.get(called, ""), caller)
        if not version:
            raise CallLost(NOTHING_PUBLISHED)
        return self._company(version)

    def for_call(self, call: Call) -> Company:
        """The company with the flows that the call began with.

        Raises CallLost when the store has lost them, and StoreDown.
        """
        self.look()
        return self._company(call.version)

    def usual(self) -> Company | None:
        """The company for most new calls as far as it is at hand: asks the store for nothing."""
        return self._sets.at_hand(self._newest.usual)

    def get_ready(self) -> Company | None:
        """Have the company for most new calls at hand; None while nothing has been published.

        Raises StoreDown.
        """
        with self._looking:
            self._look()
        version = self._newest.usual
        return self._sets.company(version) if version else None

    def look(self) -> None:
        """See what is new, unless that was done only just now. Raises StoreDown: who finds the
        store away needs not wait for it twice."""
        if not self._is_fresh() and self._looking.acquire(blocking=not self._newest.usual):
            try:
                if not self._is_fresh():
                    self._look()
            finally:
                self._looking.release()
        if self._trouble is not None and not self._newest.usual:
            raise StoreDown(str(self._trouble))

    def _is_fresh(self) -> bool:
        # Before anything is known there is nothing to go on with, and the first publishing counts
        # from its first moment: only a store that is away is not asked again at once.
        if not self._newest.usual and self._trouble is None:
            return False
        return self._monotonic() - self._looked < LOOK_EVERY

    def _look(self) -> None:
        self._trouble = None
        try:
            self._newest.look()
        except StoreDown as error:
            self._trouble = error
            raise
        finally:
            self._looked = self._monotonic()

    def _company(self, version: str) -> Company:
        company = self._sets.company(version)
        if company is None:
            raise CallLost(f"the store has no version {version} of the flows")
        notices = self._newest.notices
        told = self._told.get(version)
        if told is None or told[0] is not company or told[1] != notices:
            if len(self._told) >= MOST_VERSIONS:
                self._told.clear()
            told = (company, notices, replace(company, notices=notices, boards=self._boards))
            self._told[version] = told
        return told[2]
