"""`ringback phone`: a telephone in the terminal."""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import click
from rich.console import Console

from ivr.cli.problem import Problem
from ivr.cli.recorder import Recorder
from ivr.simulator import Carrier, HandsetClient, HandsetClosedError, Server, Settings
from ivr.simulator.settings import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from ivr.simulator.sids import is_sid
from ivr.simulator.terminal.keyboard import Keyboard
from ivr.simulator.terminal.screen import Screen
from ivr.simulator.terminal.script import Script
from ivr.simulator.terminal.talk import Talk
from ivr.simulator.urls import is_http_url

DEFAULT_CARRIER = "http://127.0.0.1:8100"
LOOK_TIME = 5.0
"""Seconds that a telephone company gets to say which lines it has."""


@click.command()
@click.option("--to", metavar="NUMBER|URL",
              help="Whom to phone: a number of the telephone company, or the address of any TwiML "
                   "application.  [default: the company's first line]")  # fmt: skip
@click.option("--from", "caller", metavar="NUMBER", help="Your own number, or `withheld`.")
@click.option("--answer", "answers", metavar="NUMBER", multiple=True,
              help="Do not phone: be the telephone behind this number, and take calls. May be "
                   "repeated.")  # fmt: skip
@click.option("--carrier", metavar="URL", envvar="RINGBACK_CARRIER_URL", default=DEFAULT_CARRIER,
              show_default=True, show_envvar=True,
              help="The telephone company.")  # fmt: skip
@click.option("--fast", is_flag=True, help="Speech and pauses take no time.")
@click.option("--real-silence", is_flag=True,
              help="Waits run out by the clock, as on a real line, not only on Enter.")  # fmt: skip
@click.option("--record", metavar="NAME|FILE|-",
              help="Write the call down as a script for `ringback test`: beside the flow NAME, in "
                   "a file of calls, or (-) on the screen.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Show every request to the application.")
@click.option("--account", envvar="TWILIO_ACCOUNT_SID", default=DEFAULT_ACCOUNT_SID, hidden=True)
@click.option("--auth-token", envvar="TWILIO_AUTH_TOKEN", default=DEFAULT_AUTH_TOKEN, hidden=True)
@click.pass_obj
def phone(
    config_path: Path | None, to: str | None, caller: str | None, answers: tuple[str, ...],
    carrier: str, fast: bool, real_silence: bool, record: str | None, verbose: bool, account: str,
    auth_token: str,
) -> None:  # fmt: skip
    """Phone the company, or any TwiML application, from this terminal.

    What is said is printed. Type digits to press keys, words to say them, Enter alone to stay
    silent, h to hang up, ? for help. With --answer it is you who are phoned.

    When no telephone company runs and --to is an address, one is started for this call; it signs
    its requests with TWILIO_AUTH_TOKEN for TWILIO_ACCOUNT_SID.
    """
    if answers and (to or caller or record):
        raise Problem("--answer takes calls: leave out --to, --from and --record.")
    recorder = Recorder(record, config_path)
    script = recorder.script
    options = {
        "pace": "fast" if fast else "real",
        "patience": "real" if real_silence else "mine",
        "people": {"*": "ask"},
    }
    if not is_sid(account, "AC"):
        raise Problem("TWILIO_ACCOUNT_SID: write AC and 32 hexadecimal digits (0-9, a-f).")
    settings = Settings(account_sid=account, auth_token=auth_token)
    console = Console(highlight=False, soft_wrap=True)
    try:
        asyncio.run(
            _telephone(console, script, to, caller, answers, carrier, settings, options, verbose)
        )
    except KeyboardInterrupt:
        click.echo()
        return
    recorder.write()


async def _telephone(
    console: Console, script: Script, to: str | None, caller: str | None,
    answers: tuple[str, ...], carrier: str, settings: Settings, options: dict[str, Any],
    verbose: bool,
) -> None:  # fmt: skip
    async with AsyncExitStack() as stack:
        lines = await _lines_of(carrier)
        if lines is None:
            carrier = await _start_own(stack, to, carrier, settings)
        elif to is None and not answers:
            if not lines:
                raise Problem(f"The telephone company at {carrier} has no line; give --to.")
            to = lines[0]
        try:
            client = await stack.enter_async_context(await HandsetClient.connect(carrier))
        except HandsetClosedError as error:
            raise Problem(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
        screen = Screen(console)
        keyboard = Keyboard(sys.stdin)
        talk = Talk(client, keyboard, screen, script, verbose=verbose,
                    fast=options["pace"] == "fast")  # fmt: skip
        if to is None:
            refused = await talk.attend(list(answers), options)
        else:
            refused = await talk.call(to, caller, options)
        if refused:
            raise Problem(f"{refused[:1].upper()}{refused[1:]}.")


async def _start_own(
    stack: AsyncExitStack, to: str | None, carrier: str, settings: Settings
) -> str:
    """A telephone company for this call only; raises Problem when there is no address to phone."""
    if to is None or not is_http_url(to):
        raise Problem(
            f"No telephone company answers at {carrier}; start one with `ringback run`, or give "
            "--to http://HOST:PORT/PATH to phone an application directly."
        )
    server = Server(Carrier(settings=settings))
    url = await server.start()
    stack.push_async_callback(server.stop)
    return url


async def _lines_of(carrier: str) -> list[str] | None:
    """The numbers of a running telephone company; nothing when none runs there."""
    if not is_http_url(carrier):
        raise Problem(f"--carrier: {carrier!r} is no http:// or https:// address.")
    timeout = aiohttp.ClientTimeout(total=LOOK_TIME)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(carrier.rstrip("/") + "/_carrier/lines") as response,
        ):
            if response.status != 200:
                raise Problem(f"What answers at {carrier} is no telephone company of ours.")
            return [line["number"] for line in (await response.json())["lines"]]
    except (aiohttp.ClientConnectionError, TimeoutError):
        return None
    except (aiohttp.ClientError, ValueError, KeyError, TypeError):
        raise Problem(f"What answers at {carrier} is no telephone company of ours.") from None
