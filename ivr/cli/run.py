"""`ringback run`: everything on this machine, in one terminal."""

import os
import shlex
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import click
from honcho.printer import Printer

from ivr import log
from ivr.cli.credentials import CredentialsError, credentials
from ivr.cli.problem import Problem
from ivr.cli.processes import ProcessError, Processes, Program, read_procfile
from ivr.config import DEFAULT_PATH, Config, load
from ivr.store.address import ServerError, reach, without_password
from ivr.store.server import private_server

LOOPBACK = "127.0.0.1"
# Seconds that the readiness page has for one answer.
READY_PATIENCE = 2.0
# One may wait for the carrier while the other rings an agent.
WORKERS = 2
MOST_WORKERS = 64
# Bytes of its reason that are shown.
MISSING_LENGTH = 500


@dataclass(frozen=True)
class RunSettings:
    """What this command needs to know of config.yaml."""

    host: str
    port: int
    carrier_port: int
    lines: Mapping[str, str]
    """The telephone number of each line, by the line's name."""
    account_sid: str
    auth_token: str
    """Of the Twilio account; empty where none is set."""
    log_level: str = "info"
    log_format: str = "text"
    calls_per_second: float = 1.0
    text_numbers: tuple[str, ...] = ()
    """Numbers that texts come from, and which are no lines."""


def read_settings(path: Path) -> RunSettings:
    """Raises ivr.reading.Unreadable with everything that is wrong."""
    config = load(path)
    return RunSettings(
        host=config.web.host,
        port=config.web.port,
        carrier_port=config.simulator.port,
        lines=_lines(config),
        calls_per_second=config.carrier.calls_per_second,
        account_sid=config.carrier.account_sid,
        auth_token=config.carrier.auth_token.get_secret_value(),
        log_level=config.log.level,
        log_format=config.log.format,
        text_numbers=tuple(sorted(config.text_numbers() - set(_lines(config).values()))),
    )


def _lines(config: Config) -> dict[str, str]:
    lines = {name: line.number for name, line in config.lines.items()}
    if config.agents_line is not None:
        lines["the agents' line"] = config.agents_line.number
    return lines


@click.command()
@click.option(
    "--var",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the state is kept between runs.  [default: var, beside the configuration]",
)
@click.option(
    "--no-carrier",
    is_flag=True,
    help="Start no telephone company: calls come from the real Twilio. TWILIO_ACCOUNT_SID and "
    "TWILIO_AUTH_TOKEN must be set.",
)
@click.option(
    "--log",
    "log_format",
    type=click.Choice(log.FORMATS),
    help="How each process writes its log; also RINGBACK_LOG.  [default: text]",
)
@click.pass_obj
def run(
    config_path: Path | None, var: Path | None, no_carrier: bool, log_format: str | None
) -> None:
    """Start Ringback on this machine and keep it running until Ctrl-C.

    Starts a private Redis server (or uses the one that REDIS_URL names), a telephone company on
    loopback in place of Twilio, and every process of the Procfile, with as many workers as WORKERS
    says (2). What they write appears here with the process's name before each line. When one
    process ends, all are ended.
    """
    config_file = (config_path or DEFAULT_PATH).resolve()
    settings = read_settings(config_file)
    root = config_file.parent
    var = var or root / "var"
    # gunicorn's own process logs as well, and does not read the configuration.
    configured = {
        "RINGBACK_LOG": settings.log_format,
        "RINGBACK_LOG_LEVEL": settings.log_level,
        # Real callers hear what was published, whatever somebody is editing.
        "RINGBACK_FLOWS": "published" if no_carrier else "folder",
    }
    environment = configured | dict(os.environ)
    if log_format is not None:
        environment["RINGBACK_LOG"] = log_format
    try:
        programs = several(read_procfile(root / "Procfile"), environment.get("WORKERS"))
        if no_carrier:
            _require_account(settings)
        else:
            programs.insert(0, carrier(settings))
            account = credentials(settings.account_sid, settings.auth_token, var / "account.json")
            environment |= {
                "TWILIO_ACCOUNT_SID": account.account_sid,
                "TWILIO_AUTH_TOKEN": account.auth_token,
                "RINGBACK_CARRIER_API": f"http://{LOOPBACK}:{settings.carrier_port}",
                "RINGBACK_PUBLIC_URL": base_url(settings),
            }
        environment |= {
            "RINGBACK_CONFIG": str(config_file),
            "RINGBACK_HOST": settings.host,
            "PORT": str(settings.port),
        }
        printer = Printer(sys.stdout)
        with store(environment.get("REDIS_URL"), var / "store") as (url, words):
            environment["REDIS_URL"] = url
            # Only now: a second run in the same place has been told so by the store.
            require_free(settings.host, settings.port, "web.port")
            if not no_carrier:
                require_free(LOOPBACK, settings.carrier_port, "simulator.port")
            # Commands such as gunicorn and ringback stand beside this Python.
            beside = str(Path(sys.executable).parent)
            environment["PATH"] = beside + os.pathsep + environment.get("PATH", os.defpath)
            with Processes(printer, root, environment) as processes:
                processes.say(words)
                status = _keep_running(processes, programs, settings, carrier=not no_carrier)
    except (ProcessError, CredentialsError, ServerError) as error:
        raise Problem(str(error)) from None
    sys.exit(status)


def carrier(settings: RunSettings) -> Program:
    """The telephone company, to which each line belongs as a number does to a Twilio account."""
    web = base_url(settings)
    command = [sys.executable, "-m", "ivr.simulator", "--port", str(settings.carrier_port)]
    command += ["--calls-per-second", f"{settings.calls_per_second:g}"]
    for number in (*settings.lines.values(), *settings.text_numbers):
        command += ["--number", f"{number}={web}/voice"]
    command += ["--fallback", f"{web}/voice/fallback", "--status-callback", f"{web}/voice/status"]
    command += ["--texts", f"{web}/text/incoming"]
    return Program("carrier", shlex.join(command))


def several(programs: list[Program], workers: str | None) -> list[Program]:
    """The programs, with as many workers as WORKERS says. Raises ProcessError."""
    text = workers or str(WORKERS)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_WORKERS):
        raise ProcessError(f"WORKERS is {text!r}; write a whole number from 1 to {MOST_WORKERS}.")
    found: list[Program] = []
    for program in programs:
        found.append(program)
        if program.name == "worker":
            # More of them can be started on other machines with the same REDIS_URL.
            found += [Program(f"worker.{n}", program.command) for n in range(2, int(text) + 1)]
    return found


def base_url(settings: RunSettings) -> str:
    """Where this machine reaches the web process."""
    host = LOOPBACK if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104
    return f"http://{host}:{settings.port}"


def require_free(host: str, port: int, setting: str) -> None:
    """Raises ProcessError when another program has the port."""
    try:
        with socket.socket() as probe:
            # As gunicorn does: a port whose last user has only just left is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise ProcessError(
            f"Port {port} of {host} cannot be used ({error.strerror}); "
            f"end the program that has it, or set {setting} in the configuration."
        ) from None


@contextmanager
def store(redis_url: str | None, directory: Path) -> Iterator[tuple[str, str]]:
    """The URL of the server to use, and a line that says which it is. Raises ServerError."""
    with ExitStack() as stack:
        if redis_url:
            reach(redis_url)
            yield redis_url, f"the store is REDIS_URL, {without_password(redis_url)}"
        else:
            url = stack.enter_context(private_server(directory))
            yield url, f"the store is private to this run; what it keeps is in {directory}"


def _keep_running(
    processes: Processes, programs: list[Program], settings: RunSettings, *, carrier: bool
) -> int:
    """Until something ends. The exit status of the run."""
    # Started last and so ended first: the web process takes no call that nobody would serve.
    for program in sorted(programs, key=lambda program: program.name == "web"):
        processes.start(program)
    ready = f"{base_url(settings)}/readyz"
    told = ""

    def look() -> bool:
        nonlocal told
        missing = what_is_missing(ready)
        if missing is None:
            processes.say(_banner(settings, carrier=carrier))
        elif missing != told:
            processes.say(f"not ready yet: {missing}")
            told = missing
        return missing is None

    ended = processes.watch(look)
    if ended is None:
        processes.say("ending: the web process first, the store last (Ctrl-C again: at once)")
        return 0
    processes.say(f"{ended}; ending everything else")
    return 1


def what_is_missing(url: str) -> str | None:
    """What the readiness page says: None when all is well, "" while it says nothing."""
    try:
        with urllib.request.urlopen(url, timeout=READY_PATIENCE):  # noqa: S310
            return None
    except urllib.error.HTTPError as error:
        with error, suppress(OSError):
            return error.read(MISSING_LENGTH).decode(errors="replace").strip()
        return ""
    except OSError:
        return ""


def _banner(settings: RunSettings, *, carrier: bool) -> str:
    width = max((len(name) for name in settings.lines), default=0)
    lines = [
        "",
        f"Ringback answers at {base_url(settings)}. Its lines:",
        *(f"    {name.ljust(width)}  {number}" for name, number in settings.lines.items()),
        "",
    ]
    if carrier:
        company = f"http://{LOOPBACK}:{settings.carrier_port}"
        lines += [
            f"Telephone in the browser:   {company}/phone",
            f"Look inside every call:     {company}/_carrier/",
            "In another terminal:        ringback phone    (or: make phone)",
        ]
    lines += ["Ctrl-C ends it; what has happened is kept.", ""]
    return "\n".join(lines)


def _require_account(settings: RunSettings) -> None:
    for name, value in (
        ("TWILIO_ACCOUNT_SID", settings.account_sid),
        ("TWILIO_AUTH_TOKEN", settings.auth_token),
    ):
        if not value:
            raise CredentialsError(f"--no-carrier needs a Twilio account, but {name} is not set.")
