"""Somebody at a terminal, in the folder of a company whose store runs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from click.testing import CliRunner, Result
from redis import Redis

from ivr.cli.main import group
from ivr.store.published import PublishedStore
from tests.services.folders import Folder


@dataclass
class Desk:
    folder: Folder
    url: str
    redis: Redis

    @property
    def store(self) -> PublishedStore:
        return PublishedStore(self.redis)

    @property
    def current(self) -> str:
        return self.store.now()[0].version

    def asks(self, *words: str, **environment: str | None) -> Result:
        answer = CliRunner().invoke(
            group,
            ["--config", str(self.folder.root / "config.yaml"), *words],
            env={"REDIS_URL": self.url, "USER": "aino", "LOGNAME": "aino"} | environment,
            prog_name="ringback",
        )
        assert answer.exception is None or isinstance(answer.exception, SystemExit)
        return answer

    def does(self, *words: str) -> str:
        """What is said to a command that does what it is asked."""
        answer = self.asks(*words)
        assert answer.exit_code == 0, answer.output
        return answer.output

    def publishes(self, welcome: str, *words: str) -> str:
        """The version of flows that begin so, published."""
        from tests.services.folders import flow

        self.folder.write("main.yaml", flow(welcome))
        said = self.does("publish", *words)
        found = re.search(r"New calls begin with ([0-9a-f]{16}) ", said)
        return found[1] if found else self.store.history(1)[0].version
