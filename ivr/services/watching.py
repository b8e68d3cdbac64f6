"""Flows of a folder, read again when a file changes: for development."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from ivr.config import Config
from ivr.flow.notice import Notice
from ivr.flow.reader import AUDIO_FOLDER
from ivr.reading import Finding
from ivr.services.companies import FlowSets
from ivr.services.company import LoadedCompany, load_company, read_files
from ivr.store.connection import StoreDown
from ivr.store.published import PublishedStore

logger = logging.getLogger(__name__)

Seen = Mapping[str, tuple[int, int]]
"""Time of change and size of each file."""


class WatchedFlows:
    """The folder's flows. A file with an error keeps its last good content in use; a set that
    does not hold together keeps the set before it."""

    def __init__(
        self,
        config: Config,
        sets: FlowSets,
        store: PublishedStore,
        now: Callable[[], datetime],
    ) -> None:
        self._config = config
        self._sets = sets
        self._store = store
        self._now = now
        self._seen: Seen | None = None
        self._files: dict[str, bytes] = {}
        self._version = ""
        self.notices: tuple[Notice, ...] = ()
        self.missing: tuple[str, ...] = ()
        """Lines whose flow cannot be used."""

    def look(self) -> None:
        _, self.notices = self._store.now()
        self.read_changes()

    def version(self, call_id: str, line: str, caller: str | None) -> str:
        return self._version

    def read_changes(self) -> None:
        """Read the folder if a file in it has changed."""
        seen = _seen(self._config.flows_folder)
        if seen == self._seen:
            return
        self._seen = seen
        loaded, files = self._load()
        self.missing = loaded.missing
        if loaded.flows.version == self._version:
            return
        if self._version:
            logger.info("the flows have changed: new calls begin with %s", loaded.flows.version)
        self._sets.add(loaded.company, files)
        self._files, self._version = files, loaded.flows.version
        try:
            # The other web processes find it there, for calls that began here.
            self._store.keep(self._version, files)
        except StoreDown as error:
            logger.warning("version %s is not kept: %s", self._version, error)

    def _load(self) -> tuple[LoadedCompany, dict[str, bytes]]:
        files, unread = read_files(self._config.flows_folder)
        loaded = load_company(self._config, self._now(), files)
        _log([*unread, *loaded.findings])
        if not loaded.errors or not self._files:
            return loaded, files
        folder = self._config.flows_folder.name
        bad = {finding.file.removeprefix(f"{folder}/") for finding in loaded.errors}
        mended = files | {name: self._files[name] for name in bad if name in self._files}
        again = load_company(self._config, self._now(), mended)
        if not again.errors:
            return again, mended
        return load_company(self._config, self._now(), self._files), self._files


def _seen(folder: Path) -> Seen:
    found = {}
    for path in (*folder.glob("*.yaml"), *(folder / AUDIO_FOLDER).glob("**/*")):
        try:
            stat = path.stat()
        except OSError:
            continue
        found[str(path)] = (stat.st_mtime_ns, stat.st_size)
    return found


def _log(findings: list[Finding]) -> None:
    for finding in findings:
        logger.log(logging.ERROR if finding.severity == "error" else logging.WARNING, "%s", finding)
