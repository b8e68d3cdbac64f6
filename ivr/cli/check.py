"""`ringback check`: everything that is wrong with the settings and the flows, at once."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import cast

import click

from ivr.cli.options import days_option, var_option
from ivr.config import Config, load
from ivr.flow.checks.codes import with_advice
from ivr.flow.checks.formats import FORMATS, Format, written
from ivr.flow.checks.order import Chosen
from ivr.flow.flow import Flow
from ivr.reading import Finding, Unreadable
from ivr.services.callbacks.form_tokens import key_trouble
from ivr.services.company import read_company
from ivr.services.mail import mail_trouble


@click.command()
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text",
    help="How findings are written: for people, as JSON, as annotations of GitHub, as SARIF 2.1.0.",
)  # fmt: skip
@click.option(
    "--history",
    is_flag=True,
    help="Look also at what callers chose (in the store: REDIS_URL, or a run here).",
)
@days_option
@var_option
@click.pass_obj
def check(config_path: Path | None, form: str, history: bool, days: int, var: Path | None) -> None:
    """Check config.yaml and every flow.

    Prints a line for each thing that is wrong: FILE:LINE:COLUMN, what it is, what to do, and its
    code, which docs/findings.md explains. A flow with an error is not used, and whoever would meet
    it is put through; a warning keeps nothing out of service. Exit status 0 when there is no error,
    1 when there is one, 2 when config.yaml itself, or the store, cannot be read.
    """
    wanted = cast(Format, form)
    try:
        config = load(config_path)
    except Unreadable as error:
        if wanted == "text":
            raise
        _tell(error.findings, wanted)
        sys.exit(2)
    chosen = _chosen(config, days, var) if history else {}
    # What is read stays to the end: looking for what could be thrown away takes a fifth of it all.
    collecting = gc.isenabled()
    gc.disable()
    try:
        read = read_company(config, chosen=chosen)
    finally:
        if collecting:
            gc.enable()
    if wanted == "text":
        _tell(read.findings, wanted)
        _sum_up(read.findings, tuple(read.flows.flows.values()))
        key = os.environ.get("RINGBACK_FORM_KEY", "").strip()
        for trouble in (key_trouble(config.callbacks.form.queues, key), mail_trouble(config)):
            if trouble:
                click.echo(trouble)
    else:
        _tell(_from_here(read.findings, config.folder, config.flows), wanted)
    sys.exit(1 if read.errors else 0)


def _chosen(config: Config, days: int, var: Path | None) -> Chosen:
    # Who does not ask for it need not wait until what reads the store is imported.
    from ivr.cli.choices import counted_choices
    from ivr.cli.stores import open_store

    with open_store(config, var) as redis:
        return counted_choices(redis, days).chosen


def _tell(findings: Iterable[Finding], form: Format) -> None:
    named = version("ringback") if form == "sarif" else ""
    told = written(tuple(map(with_advice, findings)), form, named)
    if told:
        click.echo(told)


def _from_here(findings: Iterable[Finding], folder: Path, flows: str) -> tuple[Finding, ...]:
    """Findings that name their files as seen from here: programs look for them."""
    name = Path(flows).name
    return tuple(
        replace(
            finding,
            file=(folder / Path(flows).parent / finding.file).as_posix(),
        )
        if finding.file.split("/")[0] == name
        else finding
        for finding in findings
    )


def _sum_up(findings: tuple[Finding, ...], flows: tuple[Flow, ...]) -> None:
    nodes = sum(len(flow.nodes) for flow in flows)
    if findings:
        files = len({finding.file for finding in findings})
        click.echo(f"{_counted(len(findings), 'finding')} in {_counted(files, 'file')}.")
    else:
        click.echo(f"Nothing to mend: {_counted(len(flows), 'flow')}, {_counted(nodes, 'node')}.")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
