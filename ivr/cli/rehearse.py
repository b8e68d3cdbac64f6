"""`ringback test`: play the scripts of calls that stand beside the flows."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path

import click

from ivr.clock import SystemClock
from ivr.config import Config, load
from ivr.engine.company import Company
from ivr.reading import Unreadable
from ivr.services.company import load_company
from ivr.services.rehearsal import Failure, Script, play
from ivr.services.rehearsal.stage import InProcessStage, Stage, load_scripts, unknown_lookups


@click.command()
@click.argument("words", nargs=-1)
@click.option("--http", is_flag=True, help="Over real HTTP: telephone company, web server, Redis.")
@click.option("--list", "list_only", is_flag=True, help="List the calls and play none.")
@click.pass_obj
def test(config_path: Path | None, words: tuple[str, ...], http: bool, list_only: bool) -> None:
    """Play the scripts of calls (flows/*.calls.yaml) and tell where they differ.

    WORDS choose calls: those whose file or title holds one of them. Without --http the calls are
    played against the flows alone, in milliseconds. Exit status 0 when every call went as written.
    """
    config = load(config_path)
    loaded = load_company(config, SystemClock().now())
    if loaded.errors:
        for finding in loaded.errors:
            click.echo(str(finding), err=True)
        click.echo("The flows have errors: mend them first.", err=True)
        sys.exit(2)
    every = list(load_scripts(config))
    unknown = list(unknown_lookups(every, loaded.company))
    if unknown:
        raise Unreadable(unknown)
    scripts = [script for script in every if _wanted(script, words)]
    if not scripts:
        click.echo("There are no such calls." if words else "There are no scripts of calls.")
        sys.exit(2)
    if list_only:
        for script in scripts:
            click.echo(f"{script.file}:{script.document.mark(('calls', script.index))[0]}: "
                       f"{script.title}")  # fmt: skip
        return
    began = time.perf_counter()
    failures = _play(scripts, config, loaded.company, http)
    for failure in failures:
        click.echo(str(failure))
    seconds = time.perf_counter() - began
    told = f"{len(scripts) - len(failures)} of {len(scripts)} calls went as written"
    click.echo(f"{told} ({seconds:.2f} s{', over HTTP' if http else ''}).")
    sys.exit(1 if failures else 0)


def _wanted(script: Script, words: tuple[str, ...]) -> bool:
    searched = f"{script.file} {script.title}".casefold()
    return not words or any(word.casefold() in searched for word in words)


def _play(scripts: list[Script], config: Config, company: Company, http: bool) -> list[Failure]:
    with ExitStack() as stack:
        stage: Stage
        if http:
            from ivr.cli.http_stage import http_stage

            stage = stack.enter_context(http_stage(config))
        else:
            stage = InProcessStage(config, company)
        failures = []
        progress = stack.enter_context(
            click.progressbar(scripts, label="Playing", hidden=not (http and sys.stderr.isatty()),
                              file=sys.stderr)
        )  # fmt: skip
        for script in progress:
            failure = play(script, stage.telephone(script), config.numbers)
            if failure is not None:
                failures.append(failure)
    return failures
