"""Where scripts are played: each stage gives a telephone for a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from ivr.config import Config
from ivr.engine.company import Company
from ivr.flow.language import load_languages
from ivr.flow.names import ANY_LANGUAGE
from ivr.flow.reader import CALLS_SUFFIX
from ivr.reading import Finding, Unreadable
from ivr.reading.tree import Path
from ivr.reading.validation import suggestion
from ivr.services.rehearsal.callbacks import ScriptedDesk
from ivr.services.rehearsal.handset import Telephone
from ivr.services.rehearsal.in_process import InProcessTelephone, Watch
from ivr.services.rehearsal.script import AGAIN, WITHHELD, Script, read_scripts
from ivr.services.rehearsal.surroundings import place_of, replies, surroundings
from ivr.services.rehearsal.system import CompanySystem


class Stage(Protocol):
    def telephone(self, script: Script) -> Telephone: ...


class InProcessStage:
    """The engine alone, without network, store or web. `watch` is shown every turn."""

    def __init__(self, config: Config, company: Company, watch: Watch | None = None) -> None:
        self._config = config
        self._company = company
        self._system = CompanySystem(company.flows)
        self._watch = watch

    def telephone(self, script: Script) -> InProcessTelephone:
        caller = None if script.call.caller == WITHHELD else script.call.caller
        self._system.begin(replies(script))
        around = surroundings(script)
        return InProcessTelephone(
            around.around(self._company),
            line_of(script, self._config),
            caller,
            moment(script, self._config),
            self._system,
            self._watch,
            around.queue,
            ScriptedDesk(self._config, lambda: around.callbacks),
        )


def load_scripts(config: Config) -> Iterator[Script]:
    """Every script beside the flows; raises `Unreadable` with all that is wrong in them."""
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    folder = config.flows_folder
    for path in sorted(folder.glob(f"*{CALLS_SUFFIX}")):
        try:
            files[path.name] = path.read_bytes()
        except OSError as error:
            shown = f"{folder.name}/{path.name}"
            findings.append(Finding(shown, 1, 1, "file", f"It cannot be read: {error.strerror}."))
    try:
        scripts = scripts_of(config, files)
    except Unreadable as error:
        findings.extend(error.findings)
    if findings:
        raise Unreadable(findings)
    yield from scripts


def scripts_of(config: Config, files: Mapping[str, bytes]) -> list[Script]:
    """The scripts in files by name; raises `Unreadable` with all that is wrong in them."""
    findings: list[Finding] = []
    scripts: list[Script] = []
    for name, content in sorted(files.items()):
        try:
            for script in read_scripts(content, f"{config.flows_folder.name}/{name}"):
                findings.extend(_unknown(script, config))
                scripts.append(script)
        except Unreadable as error:
            findings.extend(error.findings)
    if findings:
        raise Unreadable(findings)
    return scripts


def unknown_lookups(scripts: Sequence[Script], company: Company) -> Iterator[Finding]:
    """Lookups that a script answers and no flow has."""
    places = CompanySystem(company.flows).places
    for script in scripts:
        for index, lookup in enumerate(script.call.lookups):
            if place_of(script, lookup.node) not in places:
                at = ("calls", script.index, "lookups", index, "node")
                yield script.document.finding(
                    at, "unknown-node", f"`{lookup.node}` is no node that looks something up.",
                    suggestion(lookup.node, places),
                )  # fmt: skip


def line_of(script: Script, config: Config) -> str:
    """The line that a script rings: its own, or the only or first one of the settings."""
    return script.call.line or next(iter(config.lines))


def moment(script: Script, config: Config) -> datetime:
    """When a script is played, in UTC: it is written in the company's time zone."""
    return script.call.at.replace(tzinfo=ZoneInfo(config.time_zone)).astimezone(UTC)


def _unknown(script: Script, config: Config) -> Iterator[Finding]:
    """What a script names that the settings do not have, and moments that there are not."""
    call, languages = script.call, load_languages()

    def found(path: Path, code: str, sentence: str, advice: str = "") -> Finding:
        return script.document.finding(("calls", script.index, *path), code, sentence, advice)

    def no(path: Path, what: str, name: str, known: Sequence[str]) -> Iterator[Finding]:
        if name not in known:
            advice = suggestion(name, known)
            yield found(path, f"unknown-{what}", f"There is no {what} `{name}`.", advice)

    if call.line is not None:
        yield from no(("line",), "line", call.line, tuple(config.lines))
    for name in call.hours:
        yield from no(("hours", name), "schedule", name, tuple(config.schedules))
    for name in call.queues:
        yield from no(("queues", name), "queue", name, tuple(config.queues))
    for name in call.callbacks:
        yield from no(("callbacks", name), "queue", name, tuple(config.queues))
    if call.has_callback is not None:
        known = call.has_callback.queue
        yield from no(("has_callback", "queue"), "queue", known, tuple(config.queues))
    for index, notice in enumerate(call.notices):
        for code in notice.text:
            if code != ANY_LANGUAGE:
                yield from no(("notices", index, "text", code), "language", code, tuple(languages))
    for index, step in enumerate(call.script):
        if step.language is not None:
            yield from no(
                ("script", index, "language"), "language", step.language, tuple(languages)
            )
    problem = _no_such_moment(script, config)
    if problem:
        yield found(("at",), "value", *problem)


def _no_such_moment(script: Script, config: Config) -> tuple[str, str] | None:
    """Why it is never that late by the company's clocks, and what to write instead."""
    zone, written = ZoneInfo(config.time_zone), script.call.at
    there = written.replace(tzinfo=zone)
    if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != written.replace(fold=0):
        return (
            f"It is never {written:%H:%M} on that day: clocks are put forward then.",
            f"Write a moment before or after, such as {written + timedelta(hours=1):%H:%M}.",
        )
    other = there.replace(fold=0)
    if written.fold and other.utcoffset() == there.utcoffset():
        return (
            f"It is {written:%H:%M} only once on that day.",
            f"Leave `{AGAIN.strip()}` out.",
        )
    return None
