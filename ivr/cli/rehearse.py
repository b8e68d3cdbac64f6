"""`ringback test`: play the scripts of calls that stand beside the flows."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path

import click

from ivr.cli.coverage import tell_coverage
from ivr.cli.problem import Problem
from ivr.cli.reword import reword
from ivr.clock import SystemClock
from ivr.config import Config, load
from ivr.engine.company import Company
from ivr.engine.proof.telling import PROVED
from ivr.reading import Unreadable
from ivr.services.company import load_company
from ivr.services.rehearsal import Failure, Script, play
from ivr.services.rehearsal.coverage import Coverage
from ivr.services.rehearsal.player import Heard
from ivr.services.rehearsal.rewriting import Rewording
from ivr.services.rehearsal.stage import InProcessStage, Stage, load_scripts, unknown_lookups


@click.command()
@click.argument("words", nargs=-1)
@click.option("--http", is_flag=True, help="Over real HTTP: telephone company, web server, Redis.")
@click.option("--list", "list_only", is_flag=True, help="List the calls and play none.")
@click.option("--update", is_flag=True,
              help="Where only words have changed: write what was heard.")  # fmt: skip
@click.option("--yes", is_flag=True, help="With --update: do not ask before writing.")
@click.option("--coverage", is_flag=True, help="List the ways that no call takes.")
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT",
              help="With --coverage: fail when fewer of the ways are taken.")  # fmt: skip
@click.pass_obj
def test(
    config_path: Path | None, words: tuple[str, ...], http: bool, list_only: bool, update: bool,
    yes: bool, coverage: bool, fail_under: float | None,
) -> None:  # fmt: skip
    """Play the scripts of calls (flows/*.calls.yaml) and tell where they differ.

    WORDS choose calls: those whose file or title holds one of them. Without --http the calls are
    played against the flows alone, in milliseconds. Exit status 0 when every call went as written,
    and with --fail-under when enough ways are taken.
    """
    if coverage and http:
        raise Problem("--coverage looks into the flows themselves: leave out --http.")
    if fail_under is not None and not coverage:
        raise Problem("--fail-under goes with --coverage.")
    if yes and not update:
        raise Problem("--yes goes with --update.")
    config = load(config_path)
    loaded = load_company(config, SystemClock().now())
    if loaded.errors and not http and all(error.code in PROVED for error in loaded.errors):
        # A flow that is a maze can be played, so that the call of its finding can be heard.
        loaded = load_company(config, SystemClock().now(), proven=True)
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
    seen = Coverage(config, loaded.company) if coverage else None
    began = time.perf_counter()
    failures, rewordings = _play(scripts, config, loaded.company, http, seen, update)
    for failure in failures:
        click.echo(str(failure))
    seconds = time.perf_counter() - began
    told = f"{len(scripts) - len(failures)} of {len(scripts)} calls went as written"
    if rewordings:
        told += f", {len(rewordings)} of them in other words"
    click.echo(f"{told} ({seconds:.2f} s{', over HTTP' if http else ''}).")
    in_order = not failures
    if update:
        in_order &= reword(config, rewordings, ask=not yes)
    if seen is not None:
        in_order &= tell_coverage(seen, fail_under)
    sys.exit(0 if in_order else 1)


def _wanted(script: Script, words: tuple[str, ...]) -> bool:
    searched = f"{script.file} {script.title}".casefold()
    return not words or any(word.casefold() in searched for word in words)


def _play(
    scripts: list[Script], config: Config, company: Company, http: bool, seen: Coverage | None,
    update: bool,
) -> tuple[list[Failure], list[Rewording]]:  # fmt: skip
    with ExitStack() as stack:
        stage: Stage
        if http:
            from ivr.cli.http_stage import http_stage

            stage = stack.enter_context(http_stage(config))
        elif seen is not None:
            stage = InProcessStage(config, seen.company, seen.see)
        else:
            stage = InProcessStage(config, company)
        failures, rewordings = [], []
        progress = stack.enter_context(
            click.progressbar(scripts, label="Playing", hidden=not (http and sys.stderr.isatty()),
                              file=sys.stderr)
        )  # fmt: skip
        for script in progress:
            heard: Heard | None = {} if update else None
            failure = play(script, stage.telephone(script), config.numbers, heard)
            if failure is not None:
                failures.append(failure)
            elif heard:
                rewordings.append(Rewording(script, heard))
    return failures, rewordings
