"""`ringback carrier`: a look inside the running telephone company, from the terminal."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import click

from ivr.cli import carrier_words as words
from ivr.cli.phone import DEFAULT_CARRIER
from ivr.cli.problem import Problem
from ivr.simulator.__main__ import main as serve
from ivr.simulator.urls import is_http_url

PATIENCE = 5.0
"""Seconds that the company gets for one answer."""
EVERY = 1.0
"""Seconds between two looks with --follow."""
MOST = 500
"""Requests and notes that are asked for."""

Item = dict[str, Any]
Line = Callable[[Item], str]


@click.group()
@click.option("--carrier", "url", metavar="URL", envvar="RINGBACK_CARRIER_URL",
              default=DEFAULT_CARRIER, show_default=True, show_envvar=True,
              help="The telephone company.")  # fmt: skip
@click.pass_context
def carrier(context: click.Context, url: str) -> None:
    """Look inside the telephone company on loopback: why the phone did what it did.

    The same, and live, is a page: http://127.0.0.1:8100/_carrier/
    """
    if not is_http_url(url):
        raise Problem(f"--carrier: {url!r} is no http:// or https:// address.")
    context.obj = url.rstrip("/")


carrier.add_command(serve, "serve")
serve.short_help = "Start a telephone company, and nothing else."


def _look(
    name: str, help_text: str, listed: Callable[[str, str], list[Item]], line: Line,
    *, of_a_call: bool = False,
) -> None:  # fmt: skip
    """Make the command that shows one kind of thing."""

    def show(url: str, follow: bool, as_json: bool, call: str = "") -> None:
        put: Line = _as_json if as_json else line
        try:
            for text in _lines(lambda: listed(url, call), put, follow):
                click.echo(text)
        except KeyboardInterrupt:
            click.echo()

    command = click.pass_obj(show)
    if of_a_call:
        command = click.option("--call", metavar="CA...", default="",
                               help="Only what concerns this call.")(command)  # fmt: skip
    command = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")(
        command
    )
    command = click.option("--follow", is_flag=True, help="Show what is new until Ctrl-C.")(command)
    carrier.command(name, help=help_text)(command)


def _lines(listed: Callable[[], list[Item]], line: Line, follow: bool) -> Iterator[str]:
    """What is there, and with `follow` whatever is new or has changed since the last look."""
    known: set[str] = set()
    while True:
        now = [line(item) for item in listed()]
        yield from (text for text in now if text not in known)
        if not follow:
            return
        known = set(now)
        time.sleep(EVERY)


def _as_json(item: Item) -> str:
    return json.dumps(item, ensure_ascii=False)


def ask(url: str, path: str, **query: str | int) -> Item:
    """What the company answers; raises Problem when none runs there, or with its own sentence."""
    address = f"{url}/_carrier/{path}?{urlencode({k: v for k, v in query.items() if v != ''})}"
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310
            found: Item = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        with error:
            sentence = error.read(500).decode(errors="replace").strip()
        if error.code == 404 and sentence.startswith("no call"):
            raise Problem(f"{sentence[:1].upper()}{sentence[1:]}.") from None
        raise Problem(f"What answers at {url} is no telephone company of ours.") from None
    except (OSError, TimeoutError):
        raise Problem(
            f"No telephone company answers at {url}; start one with `ringback run` or "
            "`ringback carrier serve`, or name it with --carrier."
        ) from None
    except ValueError:
        raise Problem(f"What answers at {url} is no telephone company of ours.") from None


def _calls(url: str, call: str) -> list[Item]:
    """Every call, each followed by the legs dialled from it; or the story of one."""
    if not call:
        families: dict[str, list[Item]] = {}
        for leg in ask(url, "calls")["calls"]:
            # A leg is dialled from one that is listed before it, unless that is forgotten.
            family = families.get(leg["parent"], [])
            family.append(leg)
            families[leg["sid"]] = family
        unique = {id(family): family for family in families.values()}
        return [leg for family in unique.values() for leg in family]
    found = ask(url, f"calls/{quote(call, safe='')}")
    return [*found["calls"], *found["timeline"]]


def _list(path: str, **query: str | int) -> Callable[[str, str], list[Item]]:
    return lambda url, call: list(ask(url, path, call=call, **query)[path])


_look("calls", "The calls with their legs; with --call, all that happened in one, in order.",
      _calls, words.call_or_moment, of_a_call=True)  # fmt: skip
_look("queues", "The queues and who waits in them.", _list("queues"), words.queue)
_look("conferences", "The conferences and who is in them.", _list("conferences"), words.conference)
_look("messages", "The texts, oldest first.", _list("messages"), words.message)
_look("requests", "Every request each way, and what was answered.",
      _list("requests", last=MOST), words.request, of_a_call=True)  # fmt: skip
_look("notes", "Warnings and errors, as Twilio's debugger has them.",
      _list("notes", last=MOST), words.note, of_a_call=True)  # fmt: skip
_look("faults", "What is made to go wrong, and how often it did.", _list("faults"), words.fault)
