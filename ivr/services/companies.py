"""The company as each call knows it: a call keeps the flows that it began with.

In production new calls begin with what was published (`PublishedFlows`), in development with what
stands in the folder (`WatchedFlows`). Notices count for every call at once.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import Protocol

from ivr.config import Config
from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.flow.notice import Notice
from ivr.flow.reader import AUDIO_FOLDER
from ivr.services.calls import CallLost
from ivr.services.company import load_company
from ivr.store.connection import StoreDown
from ivr.store.published import Published, PublishedStore, Trial

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at what is published, or at what stands in the folder."""
MOST_VERSIONS = 8
"""Versions that one process has at hand; the others are in the store."""


class Newest(Protocol):
    """Where new calls' flows come from."""

    def look(self) -> None:
        """Look whether there is something newer. Raises StoreDown."""

    def version(self, call_id: str, line: str, caller: str | None) -> str:
        """The version that this call is to begin with; empty while there is none."""


class FlowSets:
    """Every version that is asked for, with its recordings; read once and kept at hand."""

    def __init__(self, config: Config, store: PublishedStore, now: Callable[[], datetime]) -> None:
        self._config = config
        self._store = store
        self._now = now
        self._companies: OrderedDict[str, tuple[Company, Mapping[str, bytes]]] = OrderedDict()
        self._lock = Lock()

    def company(self, version: str) -> Company | None:
        """The company with the flows of that version, or None when the store has no such set."""
        known = self._known(version)
        return None if known is None else known[0]

    def at_hand(self, version: str) -> Company | None:
        """The same, without asking the store."""
        with self._lock:
            known = self._companies.get(version)
        return None if known is None else known[0]

    def recording(self, version: str, name: str) -> bytes | None:
        """A recording of that version."""
        known = self._known(version)
        return None if known is None else known[1].get(f"{AUDIO_FOLDER}/{name}")

    def add(self, company: Company, files: Mapping[str, bytes]) -> None:
        """Have a version at hand."""
        with self._lock:
            self._companies[company.flows.version] = (company, files)
            self._companies.move_to_end(company.flows.version)
            while len(self._companies) > MOST_VERSIONS:
                self._companies.popitem(last=False)

    def _known(self, version: str) -> tuple[Company, Mapping[str, bytes]] | None:
        with self._lock:
            known = self._companies.get(version)
        if known is not None:
            return known
        files = self._store.files(version)
        if files is None:
            return None
        loaded = load_company(self._config, self._now(), files)
        for finding in loaded.errors:
            # It had none when it was published: config.yaml has changed since.
            logger.error("version %s: %s", version, finding)
        self.add(loaded.company, files)
        return loaded.company, files


class PublishedFlows:
    """What was published, trials included."""

    def __init__(self, store: PublishedStore) -> None:
        self._store = store
        self._published = Published()
        self.notices: tuple[Notice, ...] = ()

    def look(self) -> None:
        published, self.notices = self._store.now()
        if published.serial != self._published.serial:
            logger.info("new calls begin with version %s", published.version or "(none)")
        self._published = published

    def version(self, call_id: str, line: str, caller: str | None) -> str:
        trial = self._published.trial
        if trial is not None and tries(trial, call_id, line, caller):
            return trial.version
        return self._published.version


def tries(trial: Trial, call_id: str, line: str, caller: str | None) -> bool:
    """Whether this call is one of the trial's. The same call always gets the same answer."""
    if line in trial.lines or (caller is not None and caller in trial.callers):
        return True
    drawn = int.from_bytes(sha256(call_id.encode()).digest()[:8]) % 100
    return drawn < trial.percent


class FlowCompanies:
    """`ivr.services.calls.Companies` of real flows. For many threads at once.

    What is new is looked for at most once in LOOK_EVERY seconds, by whichever call comes first.
    """

    def __init__(
        self,
        sets: FlowSets,
        newest: Newest,
        notices: Callable[[], tuple[Notice, ...]],
        lines: Mapping[str, str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sets = sets
        self._newest = newest
        self._notices = notices
        self._lines = lines
        self._monotonic = monotonic
        self._looking = Lock()
        self._looked = float("-inf")
        self._told: dict[str, tuple[tuple[Notice, ...], Company]] = {}

    def for_new_call(self, call_id: str, called: str, caller: str | None) -> Company:
        """The company for a call that has just come in; raises CallLost when nothing has been
        published that could answer it, and StoreDown."""
        self.look()
        version = self._newest.version(call_id, self._lines.get(called, ""), caller)
        company = self._sets.company(version) if version else None
        if company is None:
            raise CallLost("nothing has been published: run `ringback publish`")
        return self._with_notices(company)

    def for_call(self, call: Call) -> Company:
        """The company with the flows that the call began with; raises CallLost and StoreDown."""
        self.look()
        company = self._sets.company(call.version)
        if company is None:
            raise CallLost(f"the store has no version {call.version} of the flows")
        return self._with_notices(company)

    def usual(self) -> Company | None:
        """The company for most new calls as far as it is at hand: asks the store for nothing."""
        return self._sets.at_hand(self._newest.version("", "", None))

    def get_ready(self) -> Company | None:
        """Have the company for most new calls at hand; None while nothing has been published.

        Raises StoreDown.
        """
        self._newest.look()
        version = self._newest.version("", "", None)
        return self._sets.company(version) if version else None

    def look(self) -> None:
        """See what is new, unless that was done only just now."""
        if self._monotonic() - self._looked < LOOK_EVERY or not self._looking.acquire(False):
            return
        try:
            self._newest.look()
            self._looked = self._monotonic()
        except StoreDown as error:
            # Whoever writes next tells the caller; until then the last known version serves.
            logger.warning("whether something new was published cannot be seen: %s", error)
            self._looked = self._monotonic()
        finally:
            self._looking.release()

    def _with_notices(self, company: Company) -> Company:
        notices, version = self._notices(), company.flows.version
        told = self._told.get(version)
        if told is None or told[0] != notices:
            told = self._told[version] = (notices, replace(company, notices=notices))
        return told[1]
