"""Flows of a folder, read again when a file changes: for development."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from ivr.config import Config
from ivr.flow.notice import Notice
from ivr.reading import Finding
from ivr.services.company import LoadedCompany, flow_paths, load_company, read_files
from ivr.services.flow_sets import FlowSets
from ivr.store.connection import StoreDown
from ivr.store.keys import CALL_LIFETIME
from ivr.store.published import PublishedStore

logger = logging.getLogger(__name__)

Files = dict[str, bytes]
Seen = Mapping[str, tuple[int, int, int]]
"""Time of change, size and inode of each file."""


class WatchedFlows:
    """The folder's flows. A file with an error keeps its last good content in use, so that the
    others can go on being changed; a set that does not hold together even so keeps the set before
    it. `read_changes` is called by one thread at a time."""

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
        self._files: Files = {}
        self._good: Files = {}
        """The last content of each file that had no error."""
        self._missing: set[str] = set()
        """Lines whose flow cannot be used."""
        self._kept = True
        self.usual = ""
        self.notices: tuple[Notice, ...] = ()

    def look(self) -> None:
        self.read_changes()
        _, self.notices = self._store.now()

    def version(self, call_id: str, line: str, caller: str | None) -> str:
        return self.usual

    def read_changes(self) -> None:
        """Read the folder if a file in it has changed."""
        seen = self._look_at_files()
        if seen != self._seen:
            self._seen = seen
            self._read()
        if not self._kept:
            self._keep()

    def _read(self) -> None:
        files, unread = read_files(self._config.flows_folder)
        loaded = self._load(files)
        _log([*unread, *loaded.findings])
        mended = self._with_good_files(files, loaded)
        if mended is not None:
            files, loaded = mended
        bad = self._named(loaded.errors)
        lost = set(loaded.missing) - self._missing
        if self.usual and (lost or any(name in self._good for name in bad)):
            # Even their last good contents do not go with the rest as it is now.
            logger.error("the flows do not hold together: those before go on in use")
            return
        self._missing = set(loaded.missing)
        self._good = {name: files[name] for name in files if name not in bad}
        if loaded.flows.version == self.usual:
            return
        self._sets.add(loaded.company, files)
        if self.usual:
            logger.info("the flows have changed: new calls begin with %s", loaded.flows.version)
        self._files, self.usual, self._kept = files, loaded.flows.version, False

    def _with_good_files(
        self, files: Files, loaded: LoadedCompany
    ) -> tuple[Files, LoadedCompany] | None:
        """The set with the last good content of every file that has an error, and of every file
        that has one because of that; None when nothing needs mending."""
        mended = None
        while True:
            better = {
                name: self._good[name]
                for name in self._named(loaded.errors)
                if name in self._good and files.get(name) != self._good[name]
            }
            if not better:
                return mended
            files = files | better
            loaded = self._load(files)
            mended = files, loaded

    def _keep(self) -> None:
        try:
            # The other web processes, and those of the next start, find it there for calls that
            # began here; no call lasts longer.
            self._store.keep(self.usual, self._files, CALL_LIFETIME)
            self._kept = True
        except StoreDown as error:
            logger.warning("version %s is not kept: %s", self.usual, error)

    def _load(self, files: Files) -> LoadedCompany:
        return load_company(self._config, self._now(), files)

    def _named(self, findings: Iterable[Finding]) -> set[str]:
        folder = f"{self._config.flows_folder.name}/"
        return {finding.file.removeprefix(folder) for finding in findings}

    def _look_at_files(self) -> Seen:
        found = {}
        for path in flow_paths(self._config.flows_folder):
            try:
                stat = path.stat()
            except OSError:
                continue
            found[str(path)] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        return found


def _log(findings: Iterable[Finding]) -> None:
    for finding in findings:
        logger.log(logging.ERROR if finding.severity == "error" else logging.WARNING, "%s", finding)
