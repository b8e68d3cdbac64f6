"""`ringback notice`: tell callers something for a while, without editing a flow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ivr.cli.problem import Problem
from ivr.cli.publish import WITHIN
from ivr.cli.stores import open_store, var_option
from ivr.clock import SystemClock
from ivr.config import Config, load
from ivr.flow.notice import Notice
from ivr.services.notices import NoticeRefused, moment, prepare_notice
from ivr.store.published import PublishedStore


@click.group()
def notice() -> None:
    """Tell callers something for a while: an outage, an emergency, "closed today".

    Whoever rings hears it once, before anything else, in their language.
    """


def _texts(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> dict[str, str]:
    texts: dict[str, str] = {}
    for one in value:
        language, equals, text = one.partition("=")
        if not equals:
            raise click.BadParameter(f'`{one}` should look like fi="...".')
        if language.strip() in texts:
            raise click.BadParameter(f"There are two texts in {language.strip()}.")
        texts[language.strip()] = " ".join(text.split())
    return texts


@notice.command()
@click.argument("name")
@click.option("--text", "texts", metavar="LANGUAGE=TEXT", multiple=True, required=True,
              callback=_texts, help="What is said; one for each language.")  # fmt: skip
@click.option("--until", metavar="TIME", required=True,
              help='18:00, 2026-11-25T18:00 or "3 hours".')  # fmt: skip
@click.option("--from", "since", metavar="TIME", help="The same; now, when left out.")
@click.option("--line", "lines", metavar="LINE", multiple=True,
              help="Only for calls to this line.  [default: every line]")  # fmt: skip
@click.option("--closed", is_flag=True, help="Every schedule counts as closed meanwhile.")
@var_option
@click.pass_obj
def on(
    config_path: Path | None,
    name: str,
    texts: dict[str, str],
    until: str,
    since: str | None,
    lines: tuple[str, ...],
    closed: bool,
    var: Path | None,
) -> None:
    """Switch the notice NAME on, or change it.

    Times are in the company's time zone. There must be a text in every language of the line.
    """
    config = load(config_path)
    zone = ZoneInfo(config.time_zone)
    now = SystemClock().now()
    with open_store(config, var) as redis:
        store = PublishedStore(redis)
        try:
            starts = now if since is None else moment(since, now, zone)
            made = prepare_notice(
                store, config, now, name=name, lines=lines, texts=texts, starts=starts,
                ends=moment(until, now, zone), closes=closed,
            )  # fmt: skip
        except NoticeRefused as error:
            raise Problem(str(error)) from None
        store.put_notice(made)
    click.echo(f"{_told(made, config, now)}; calls hear it {WITHIN}.")


@notice.command()
@click.argument("name")
@var_option
@click.pass_obj
def off(config_path: Path | None, name: str, var: Path | None) -> None:
    """Switch the notice NAME off."""
    config = load(config_path)
    with open_store(config, var) as redis:
        store = PublishedStore(redis)
        if not store.drop_notice(name):
            known = ", ".join(one.id for one in store.now()[1])
            raise Problem(
                f"There is no notice `{name}`" + (f"; there are {known}." if known else ".")
            )
    click.echo(f"The notice {name} is off {WITHIN}.")


@notice.command(name="list")
@var_option
@click.pass_obj
def list_notices(config_path: Path | None, var: Path | None) -> None:
    """List the notices, also those that have ended or have not begun."""
    config = load(config_path)
    with open_store(config, var) as redis:
        _, notices = PublishedStore(redis).now()
    if not notices:
        click.echo("There are no notices.")
    for one in notices:
        click.echo(f"{_told(one, config, SystemClock().now())}.")
        for language, text in one.texts.items():
            click.echo(f"    {language}  {text}")


def _told(one: Notice, config: Config, now: datetime) -> str:
    at = now.timestamp()
    if at >= one.ends:
        state = f"ended {_at(one.ends, config)}"
    elif at < one.starts:
        state = f"begins {_at(one.starts, config)} and ends {_at(one.ends, config)}"
    else:
        state = f"is on until {_at(one.ends, config)}"
    of = f"the line {', '.join(one.lines)}" if one.lines else "every line"
    closed = ", and we count as closed" if one.closes else ""
    return f"The notice {one.id} {state}, for {of}{closed}"


def _at(at: float, config: Config) -> str:
    local = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(config.time_zone))
    return local.strftime("%Y-%m-%d %H:%M")
