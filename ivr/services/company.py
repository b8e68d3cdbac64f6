"""The company as its files describe it: `config.yaml` and `flows/` to what the engine needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ivr.config import Config
from ivr.engine.company import Company, Line
from ivr.flow.checks import Surroundings, check_flows
from ivr.flow.checks.order import Chosen
from ivr.flow.flow import FlowSet
from ivr.flow.language import load_languages
from ivr.flow.prompts import FOLDER as PROMPTS_FOLDER
from ivr.flow.reader import AUDIO_FOLDER, read_flows
from ivr.reading import Finding, Unreadable, read_tree
from ivr.reading.tree import Path as Setting
from ivr.reading.validation import suggestion
from ivr.services.music import rules_of
from ivr.services.proving import prove_company

OF_SETTINGS = frozenset(
    {"unknown-schedule", "unknown-queue", "unknown-number", "number", "unknown-host",
     "unknown-flow", "unknown-language"}
)  # fmt: skip
"""Findings of flows that come from config.yaml, or from a language that no longer ships."""
YEARS_AHEAD = 6
"""For how many years public holidays are worked out."""


@dataclass(frozen=True)
class ReadCompany:
    """The flows that have no error, and what is wrong with the others."""

    flows: FlowSet
    lines: Mapping[str, Line]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def missing(self) -> tuple[str, ...]:
        """Lines whose flow cannot be used: whoever rings them is put through to the fallback."""
        flows = self.flows.flows
        return tuple(name for name, line in self.lines.items() if line.flow not in flows)


@dataclass(frozen=True)
class LoadedCompany(ReadCompany):
    """The same, and the company that the engine makes calls of."""

    company: Company


def read_company(
    config: Config,
    files: Mapping[str, bytes] | None = None,
    *,
    proven: bool = False,
    chosen: Chosen | None = None,
) -> ReadCompany:
    """Read every flow of `files`, or of the folder beside `config`; one bad flow never stops the
    good ones. Of what was `proven` when it was published, only that is found which makes it
    unusable now: a newer Ringback with other checks takes nothing out of service, and calls do not
    wait for the proof. `chosen` is what callers have chosen from menus, where that is known.

    Raises nothing for bad flows; a folder that cannot be read is a finding.
    """
    findings: list[Finding] = []
    if files is None:
        files, findings = read_files(config.flows_folder)
    read = read_flows(files, config.flows_folder.name)
    lines = {name: Line(name, line.number, line.flow) for name, line in config.lines.items()}
    around = Surroundings(
        languages=load_languages(),
        schedules=config.schedules.keys(),
        numbers=config.numbers.keys(),
        queues=config.queues.keys(),
        unserved=config.unserved_queues(),
        lookup_hosts=config.lookups.hosts,
        words_in_a_sentence=config.limits.words_in_a_sentence,
        currency=config.currency,
        chosen=chosen or {},
        recordings=frozenset(
            name.removeprefix(f"{AUDIO_FOLDER}/")
            for name in files
            if name.startswith(f"{AUDIO_FOLDER}/")
        ),
        lines={name: line.flow for name, line in lines.items()},
    )
    findings += check_flows(
        read,
        around,
        None if proven else lambda found: prove_company(config, read, lines, files, found),
    )
    if proven:
        readable = {source.document.file for source in read.sources.values()}
        readable |= {document.file for document in read.prompts.documents}
        findings = [
            finding
            for finding in findings
            if finding.code in OF_SETTINGS or finding.file not in readable
        ]
    bad = {
        file
        for finding in findings
        if finding.severity == "error"
        for file in (finding.file, *finding.concerns)
    }
    good = {
        name: source.flow
        for name, source in read.sources.items()
        if source.document.file not in bad
    }
    findings += [_line_finding(config, name, line.flow)
                 for name, line in lines.items()
                 if line.flow not in read.sources
                 and f"{config.flows_folder.name}/{line.flow}.yaml" not in bad]  # fmt: skip
    findings += _music_findings(config, around.recordings)
    return ReadCompany(FlowSet(good, read.version), lines, tuple(findings))


def load_company(
    config: Config,
    now: datetime,
    files: Mapping[str, bytes] | None = None,
    *,
    proven: bool = False,
    chosen: Chosen | None = None,
) -> LoadedCompany:
    """Everything that the engine needs: the flows as `read_company` reads them, and the public
    holidays of the years around `now`."""
    findings: list[Finding] = []
    if files is None:
        files, findings = read_files(config.flows_folder)
    read = read_company(config, files, proven=proven, chosen=chosen)
    years = range(now.year - 1, now.year + YEARS_AHEAD)
    company = Company(
        flows=read.flows,
        lines=read.lines,
        languages=load_languages(),
        schedules={name: config.schedule(name, years) for name in config.schedules},
        numbers=config.numbers,
        fallback=config.fallback.number,
        speech=config.speech,
        rules=rules_of(config.queues, files),
        zone=ZoneInfo(config.time_zone),
        currency=config.currency,
    )
    return LoadedCompany(read.flows, read.lines, (*findings, *read.findings), company)


def read_files(folder: Path) -> tuple[dict[str, bytes], list[Finding]]:
    """Everything that belongs to the flows, by its name below `folder`: flows, scripts of calls,
    recordings. What cannot be read is a finding."""
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    if not folder.is_dir():
        findings.append(
            Finding(
                folder.name, 1, 1, "file", "There is no such folder of flows.",
                "Create it beside config.yaml, or set `flows` there.",
            )
        )  # fmt: skip
    for path in flow_paths(folder):
        try:
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            findings.append(
                Finding(f"{folder.name}/{path.name}", 1, 1, "file", f"It cannot be read: {reason}.")
            )
    return files, findings


def flow_paths(folder: Path) -> list[Path]:
    """The files that `read_files` reads, in their order."""
    try:
        return sorted(
            [
                *folder.glob("*.yaml"),
                *folder.glob(f"{PROMPTS_FOLDER}/*.yaml"),
                *_recordings(folder / AUDIO_FOLDER),
            ]
        )
    except OSError:
        return []


def _recordings(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []


def _line_finding(config: Config, line: str, flow: str) -> Finding:
    return _of_setting(
        config, ("lines", line, "flow"), "unknown-flow",
        f"The line `{line}` begins with the flow `{flow}`, and there is no "
        f"{config.flows_folder.name}/{flow}.yaml.",
        "Write that file, or name another flow.",
    )  # fmt: skip


def _music_findings(config: Config, recordings: Collection[str]) -> list[Finding]:
    """Music that there is not: those who wait would be thrown out of the carrier's queue."""
    return [
        _of_setting(
            config, ("queues", name, "music"), "unknown-recording",
            f"There is no recording `{queue.music}` in {config.flows_folder.name}/{AUDIO_FOLDER}.",
            suggestion(queue.music, recordings) or "Put it there, or leave `music` out for ours.",
        )
        for name, queue in config.queues.items()
        if queue.music and "://" not in queue.music and queue.music not in recordings
    ]  # fmt: skip


def _of_setting(config: Config, path: Setting, code: str, sentence: str, advice: str) -> Finding:
    try:
        settings = read_tree(config.file.read_bytes(), str(config.file))
    except (OSError, Unreadable):
        return Finding(str(config.file), 1, 1, code, sentence, advice)
    return settings.finding(path, code, sentence, advice)
