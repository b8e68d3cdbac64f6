"""Where scripts are played: each stage gives a telephone for a script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from ivr.config import Config
from ivr.engine.company import Company
from ivr.flow.reader import CALLS_SUFFIX
from ivr.reading import Finding, Unreadable
from ivr.services.rehearsal.in_process import InProcessTelephone
from ivr.services.rehearsal.player import Telephone
from ivr.services.rehearsal.script import WITHHELD, Script, read_scripts


class Stage(Protocol):
    def telephone(self, script: Script) -> Telephone: ...


class InProcessStage:
    """The engine alone, without network, store or web."""

    def __init__(self, config: Config, company: Company) -> None:
        self._config = config
        self._company = company

    def telephone(self, script: Script) -> InProcessTelephone:
        caller = None if script.call.caller == WITHHELD else script.call.caller
        return InProcessTelephone(
            self._company, line_of(script, self._config), caller, moment(script, self._config)
        )


def load_scripts(config: Config) -> Iterator[Script]:
    """Every script beside the flows; raises `Unreadable` with all that is wrong in them."""
    findings: list[Finding] = []
    scripts: list[Script] = []
    folder = config.flows_folder
    for path in sorted(folder.glob(f"*{CALLS_SUFFIX}")):
        shown = f"{folder.name}/{path.name}"
        try:
            for script in read_scripts(path.read_bytes(), shown):
                line_of(script, config)
                scripts.append(script)
        except Unreadable as error:
            findings.extend(error.findings)
        except OSError as error:
            findings.append(Finding(shown, 1, 1, "file", f"It cannot be read: {error.strerror}."))
    if findings:
        raise Unreadable(findings)
    yield from scripts


def line_of(script: Script, config: Config) -> str:
    """The line that a script rings: its own, or the only or first one of the settings."""
    line = script.call.line or next(iter(config.lines))
    if line not in config.lines:
        at = ("calls", script.index, "line")
        raise Unreadable(
            [script.document.finding(at, "unknown-line", f"There is no line `{line}`.")]
        )
    return line


def moment(script: Script, config: Config) -> datetime:
    """When a script is played, as an aware time: it is written in the company's time zone."""
    return script.call.at.replace(tzinfo=ZoneInfo(config.time_zone))
