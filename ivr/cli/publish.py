"""`ringback publish`, `ringback rollback` and `ringback trial`: what new calls begin with."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ivr.cli.choices import counted_choices
from ivr.cli.options import USUAL_DAYS, var_option
from ivr.cli.stores import open_store
from ivr.clock import SystemClock
from ivr.config import Config, load
from ivr.reading.numbers import parse_number
from ivr.services.companies import LOOK_EVERY
from ivr.services.publishing import Candidate, Publisher, Refused, difference, prepare
from ivr.services.publishing.publisher import Switched
from ivr.services.publishing.wording import scope, told
from ivr.store.published import PublishedStore, Trial

WITHIN = f"within {LOOK_EVERY + 1:.0f} seconds"
MOST_COUNTED = 200_000
"""Entries of the stream of events that are looked at for advice: a few seconds' work."""
LONGEST = 500
"""Characters of a reason or a name."""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _words(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    words = " ".join((value or "").split())
    if parameter.required and not words:
        raise click.BadParameter("Say it in a few words.")
    if len(words) > LONGEST:
        raise click.BadParameter(f"Say it in at most {LONGEST} characters.")
    return words


def _number(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:
    try:
        return tuple(map(parse_number, value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


why_option = click.option("--why", metavar="TEXT", callback=_words, help="Kept in the history.")
unrehearsed_option = click.option(
    "--unrehearsed", is_flag=True, help="Do not play its scripted calls before.",
)  # fmt: skip
who_option = click.option(
    "--who", metavar="NAME", default=_user, callback=_words,
    help="Kept in the history.  [default: your name on this machine]",
)  # fmt: skip


@click.command()
@why_option
@who_option
@click.option("--trial-line", metavar="LINE", multiple=True,
              help="Only calls to this line begin with it.")  # fmt: skip
@click.option("--trial-caller", metavar="NUMBER", multiple=True, callback=_number,
              help="Only calls from this number begin with it.")  # fmt: skip
@click.option("--trial-percent", metavar="N", type=click.IntRange(1, 99),
              help="Only N of 100 calls begin with it.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Do everything but publish.")
@var_option
@click.pass_obj
def publish(
    config_path: Path | None,
    why: str,
    who: str,
    trial_line: tuple[str, ...],
    trial_caller: tuple[str, ...],
    trial_percent: int | None,
    dry_run: bool,
    var: Path | None,
) -> None:
    """Let new calls begin with the flows as they stand in the folder.

    They are checked, every scripted call is played, and only then they are published, all at once.
    With a --trial option only some calls begin with them; those options add up. Calls under way go
    on as they began. Exit status 0 when it is done, or nothing had changed; 1 when it is refused.
    """
    config = load(config_path)
    now = SystemClock().now()
    with _refusals(), open_store(config, var) as redis:
        store = PublishedStore(redis)
        candidate = prepare(config, now, counted_choices(redis, USUAL_DAYS, MOST_COUNTED).chosen)
        _tell_checks(candidate)
        trial = None
        if trial_line or trial_caller or trial_percent:
            trial = Trial("", trial_line, trial_caller, trial_percent or 0)
        publisher = Publisher(store, config, now, who)
        planned = publisher.plan(candidate, trial)
        if planned is None:
            published, _ = store.now()
            if not dry_run:
                publisher.keep_scripts(candidate)
            click.echo(f"Nothing changes: {candidate.version} is what it was.")
            if trial is None and published.trial is not None:
                click.echo(f"A trial goes on: {scope(published.trial)}.")
            return
        _tell_difference(store, planned.before.version, candidate)
        if dry_run:
            click.echo(f"Nothing was published (--dry-run); it would be {candidate.version}.")
            return
        _tell_switched(publisher.publish(candidate, planned, why))


@click.command()
@click.argument("version", default="")
@click.option("--why", metavar="TEXT", required=True, callback=_words,
              help="Kept in the history.")  # fmt: skip
@who_option
@unrehearsed_option
@var_option
@click.pass_obj
def rollback(
    config_path: Path | None, version: str, why: str, who: str, unrehearsed: bool, var: Path | None
) -> None:
    """Let new calls begin with an earlier VERSION again; the one before, when none is named.

    The beginning of a version will do. Going back twice goes back further. Exit status 1 when it
    is refused: nothing is gone back to that does not go with config.yaml as it is now, or whose
    scripted calls, kept with it, do not go as written.
    """
    with _publisher(config_path, var, who) as publisher:
        switched = publisher.roll_back(why, version, unrehearsed=unrehearsed)
        if switched is None:
            click.echo("Nothing changes: new calls begin with that version already.")
        else:
            _tell_rehearsed(switched, unrehearsed)
            _tell_switched(switched)


@click.group()
def trial() -> None:
    """End a trial: for everybody, or for nobody.

    `ringback publish --trial-line LINE` (or --trial-caller, --trial-percent) begins one, and
    changes the one that is on.
    """


@trial.command()
@why_option
@who_option
@unrehearsed_option
@var_option
@click.pass_obj
def promote(
    config_path: Path | None, why: str, who: str, unrehearsed: bool, var: Path | None
) -> None:
    """Let every new call begin with the version on trial."""
    with _publisher(config_path, var, who) as publisher:
        switched = publisher.promote_trial(why, unrehearsed=unrehearsed)
        _tell_rehearsed(switched, unrehearsed)
        _tell_switched(switched)


@trial.command()
@why_option
@who_option
@var_option
@click.pass_obj
def end(config_path: Path | None, why: str, who: str, var: Path | None) -> None:
    """Let every new call begin with the usual version again."""
    with _publisher(config_path, var, who) as publisher:
        _tell_switched(publisher.end_trial(why))


@contextmanager
def _publisher(config_path: Path | None, var: Path | None, who: str) -> Iterator[Publisher]:
    config: Config = load(config_path)
    with _refusals(), open_store(config, var) as redis:
        yield Publisher(PublishedStore(redis), config, SystemClock().now(), who)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except Refused as error:
        for detail in error.details:
            click.echo(detail, err=True)
        click.echo(str(error), err=True)
        sys.exit(1)


def _tell_checks(candidate: Candidate) -> None:
    for finding in candidate.findings:
        if finding.severity != "error":
            click.echo(str(finding))
    if candidate.is_good:
        flows, calls = candidate.loaded.flows.flows, candidate.rehearsal.calls
        nodes = sum(len(flow.nodes) for flow in flows.values())
        played = f"{calls} of {calls} scripted calls went as written."
        click.echo(
            f"Checked {len(flows)} flows with {nodes} nodes; "
            + (played if calls else "there are no scripts of calls.")
        )


def _tell_difference(store: PublishedStore, version: str, candidate: Candidate) -> None:
    before = store.files(version) if version else None
    if before is None:
        click.echo("This is the first version.")
        return
    click.echo(f"What differs from {version}:")
    for line in told(difference(before, candidate.files)):
        click.echo(f"  {line}")


def _tell_rehearsed(switched: Switched, unrehearsed: bool) -> None:
    if switched.rehearsed is not None:
        click.echo(f"{switched.rehearsed} of {switched.rehearsed} scripted calls went as written.")
    elif unrehearsed:
        click.echo("It was not rehearsed, as was asked.")
    else:
        click.echo("It was not rehearsed: no scripts of calls are kept with it.")


def _tell_switched(switched: Switched) -> None:
    before, after = switched.before, switched.after
    if not os.environ.get("REDIS_URL"):
        click.echo("(A run in development, without --no-carrier, uses the folder itself.)")
    if after.trial is not None:
        click.echo(f"On trial {WITHIN}: {scope(after.trial)}. All others: {after.version}.")
        return
    click.echo(f"New calls begin with {after.version} {WITHIN}; calls under way go on as they are.")
    if before.trial is not None and before.trial.version != after.version:
        click.echo(f"The trial of {before.trial.version} is over.")
    if before.version and before.version != after.version:
        click.echo(f"Back to what was: ringback rollback {before.version} --why TEXT")
