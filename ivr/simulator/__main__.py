"""``python -m ivr.simulator``: the telephone company as a program of its own."""

import asyncio
import errno
import logging
import signal
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from ivr.simulator.carrier import Carrier
from ivr.simulator.clock import Clock, RealClock, SteppedClock
from ivr.simulator.directory import (
    OUTCOMES,
    Directory,
    Person,
    read_directory,
    read_line,
    read_person_of,
)
from ivr.simulator.errors import DirectoryError
from ivr.simulator.faults import FaultError, read_fault_of
from ivr.simulator.server import Server
from ivr.simulator.settings import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN, Settings
from ivr.simulator.sids import is_sid
from ivr.simulator.urls import is_http_url

DEFAULT_PORT = 8100


class Problem(click.ClickException):
    """Bad input: one sentence, and exit status 2."""

    exit_code = 2


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True,
              help="Port to listen on; 0 takes any free one.")  # fmt: skip
@click.option("--number", "numbers", multiple=True, metavar="+NUMBER=URL",
              help="A number and the TwiML address that answers it. May be repeated.")  # fmt: skip
@click.option(
    "--person",
    "people",
    multiple=True,
    metavar="+NUMBER=OUTCOME",
    help=f"Who answers a number: {', '.join(OUTCOMES)}. May be repeated.",
)
@click.option("--fallback", metavar="URL", help="Fallback address of the --number lines.")
@click.option("--status-callback", metavar="URL", help="Told when a call to those lines ends.")
@click.option("--texts", metavar="URL", help="Asked when somebody texts those lines.")
@click.option("--directory", "directory_file", metavar="FILE",
              type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="YAML file of lines and people; see docs/simulator.md.")  # fmt: skip
@click.option("--nobody", type=click.Choice(OUTCOMES),
              help="What happens on a number that nobody has.  [default: no_answer]")  # fmt: skip
@click.option("--fault", "faults", multiple=True, metavar="WORDS",
              help='What goes wrong, e.g. "strikes=callbacks does=lost every=3"; see '
                   "docs/simulator.md. May be repeated.")  # fmt: skip
@click.option("--account-sid", envvar="TWILIO_ACCOUNT_SID", show_envvar=True,
              default=DEFAULT_ACCOUNT_SID, help="The account of the REST API.")  # fmt: skip
@click.option("--auth-token", envvar="TWILIO_AUTH_TOKEN", show_envvar=True,
              default=DEFAULT_AUTH_TOKEN,
              help="Signs requests and opens the REST API.")  # fmt: skip
@click.option("--api-key", "api_keys", multiple=True, metavar="SK...:SECRET",
              help="Opens the REST API like the token. May be repeated.")  # fmt: skip
@click.option("--rest-concurrency", default=0, type=click.IntRange(0),
              help="REST requests at once, beyond which it is 429; 0 is no limit.")  # fmt: skip
@click.option("--calls-per-second", type=click.FloatRange(min=0), show_default=True,
              default=Settings.calls_per_second,
              help="Created calls placed in a second; 0 places all at once.")  # fmt: skip
@click.option("--stepped", is_flag=True,
              help="Telephony time jumps on when nobody acts, instead of passing.")  # fmt: skip
@click.option("--hastened", metavar="BEGAN AT SPEED", nargs=3,
              help="Telephony time goes SPEED times as fast as the machine's, and was AT when that "
                   "was BEGAN (ISO 8601).")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Show every request.")
def main(
    host: str, port: int, numbers: tuple[str, ...], people: tuple[str, ...],
    fallback: str | None, status_callback: str | None, texts: str | None,
    directory_file: Path | None, nobody: str | None, faults: tuple[str, ...],
    account_sid: str, auth_token: str,
    api_keys: tuple[str, ...], rest_concurrency: int, calls_per_second: float,
    stepped: bool, hastened: tuple[str, str, str] | None, verbose: bool,
) -> None:  # fmt: skip
    """A telephone company on loopback: phones TwiML applications, answers the twilio client.

    Phone in with "ringback phone", or over the WebSocket /_carrier/handset.
    """
    logging.basicConfig(
        level=logging.INFO if verbose else logging.ERROR, format="%(asctime)s %(message)s"
    )
    if not is_sid(account_sid, "AC"):
        raise Problem("--account-sid: write AC and 32 hexadecimal digits (0-9, a-f).")
    directory = _directory(
        directory_file, numbers, people, fallback or "", status_callback or "", texts or ""
    )
    if nobody:
        directory.nobody = Person(nobody)
    try:
        directory.faults += tuple(read_fault_of(words) for words in faults)
    except FaultError as error:
        raise Problem(f"--fault: {error}.") from None
    settings = Settings(
        account_sid=account_sid, auth_token=auth_token, rest_concurrency=rest_concurrency,
        calls_per_second=calls_per_second,
        api_keys=tuple(_api_key(text) for text in api_keys),
    )  # fmt: skip
    clock: Clock = SteppedClock() if stepped else _real_clock(hastened)
    try:
        asyncio.run(_serve(Server(Carrier(directory, settings, clock)), host, port))
    except OSError as error:
        reason = (
            "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        )
        raise Problem(f"Port {port} of {host} {reason}; choose another with --port.") from None


def _real_clock(hastened: tuple[str, str, str] | None) -> RealClock:
    if hastened is None:
        return RealClock()
    try:
        began, at = datetime.fromisoformat(hastened[0]), datetime.fromisoformat(hastened[1])
        speed = float(hastened[2])
    except ValueError as error:
        raise Problem(f"--hastened: {error}.") from None
    if began.tzinfo is None or at.tzinfo is None or not speed > 0:
        raise Problem("--hastened: write two instants with their offset, and a speed above 0.")
    return RealClock(speed, began, at)


def _api_key(text: str) -> tuple[str, str]:
    sid, _, secret = text.partition(":")
    if not is_sid(sid, "SK") or not secret:
        raise Problem("--api-key: write SK and 32 hexadecimal digits, a colon and the secret.")
    return sid, secret


def _directory(
    file: Path | None, numbers: tuple[str, ...], people: tuple[str, ...], fallback: str,
    status_callback: str, texts: str,
) -> Directory:  # fmt: skip
    given = (("--fallback", fallback), ("--status-callback", status_callback), ("--texts", texts))
    for name, url in given:
        if url and not is_http_url(url):
            raise Problem(f"{name}: {url!r} is no http:// or https:// address.")
    try:
        if file is None:
            directory = Directory()
        else:
            directory = read_directory(file.read_text("utf-8"), str(file))
        for number in numbers:
            line = replace(read_line(number), fallback_url=fallback, sms_url=texts)
            directory.add(replace(line, status_callback=status_callback))
        for text in people:
            number, person = read_person_of(text)
            directory.people[number] = person
    except (DirectoryError, UnicodeDecodeError) as error:
        raise Problem(str(error)) from None
    return directory


async def _serve(server: Server, host: str, port: int) -> None:
    url = await server.start(host, port)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    click.echo(f"The telephone company is at {url}")
    for line in server.carrier.directory.lines.values():
        click.echo(f"  {line.number} is answered by {line.voice_url}")
    for service in server.carrier.directory.services.values():
        click.echo(f"  {service.sid} is the Messaging Service {service.name}")
    click.echo(f"Telephone in the browser: {url}/phone   Look inside: {url}/_carrier/")
    await stop.wait()
    await server.stop()


if __name__ == "__main__":
    main(prog_name="python -m ivr.simulator")
