"""Every version of the flows that is asked for, with its recordings: read once, kept at hand."""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from ivr.config import Config
from ivr.engine.company import Company
from ivr.flow.reader import AUDIO_FOLDER
from ivr.services.company import load_company
from ivr.services.music import OURS, our_music
from ivr.store.published import PublishedStore

logger = logging.getLogger(__name__)

MOST_VERSIONS = 8
"""Versions that one process has at hand; the others are in the store."""
_VERSION = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class FlowsAtHand:
    company: Company
    files: Mapping[str, bytes]


class FlowSets:
    """For many threads at once. Methods that ask the store raise StoreDown."""

    def __init__(self, config: Config, store: PublishedStore, now: Callable[[], datetime]) -> None:
        self._config = config
        self._store = store
        self._now = now
        self._known: OrderedDict[str, FlowsAtHand] = OrderedDict()
        self._knowing = Lock()
        self._reading = Lock()

    def company(self, version: str) -> Company | None:
        """The company with the flows of that version, or None when the store has no such set."""
        company = self.at_hand(version)
        if company is not None:
            return company
        # Many calls ask at once for what is new: one of them reads it.
        with self._reading:
            return self.at_hand(version) or self._read(version)

    def at_hand(self, version: str) -> Company | None:
        """The same, without asking the store."""
        known = self._find(version)
        return None if known is None else known.company

    def recording(self, version: str, name: str) -> bytes | None:
        """A recording of that version; None when there is none, whatever is asked for."""
        if name == OURS:
            return our_music()
        path = f"{AUDIO_FOLDER}/{name}"
        known = self._find(version)
        if known is not None:
            return known.files.get(path)
        return self._store.file(version, path) if _VERSION.fullmatch(version) else None

    def add(self, company: Company, files: Mapping[str, bytes]) -> None:
        """Have a version at hand."""
        with self._knowing:
            self._known[company.flows.version] = FlowsAtHand(company, files)
            self._known.move_to_end(company.flows.version)
            while len(self._known) > MOST_VERSIONS:
                self._known.popitem(last=False)

    def _find(self, version: str) -> FlowsAtHand | None:
        with self._knowing:
            known = self._known.get(version)
            if known is not None:
                self._known.move_to_end(version)
            return known

    def _read(self, version: str) -> Company | None:
        files = self._store.files(version)
        if files is None:
            return None
        loaded = load_company(self._config, self._now(), files, proven=True)
        for finding in loaded.errors:
            # It had none when it was published: config.yaml has changed since, or Ringback.
            logger.error("version %s: %s", version, finding)
        if loaded.errors:
            logger.error(
                "version %s does not go with config.yaml: whoever comes to one of the flows named "
                "here is put through; put back what is missing there, or publish again",
                version,
            )
        self.add(loaded.company, files)
        return loaded.company
