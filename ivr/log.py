"""What is written to the log: readable lines, or one JSON object a line.

Every line carries the call it belongs to, and neither telephone numbers nor secrets are written,
whoever logs them: the masking is in the formatters, through which Flask, gunicorn, RQ, redis and
twilio pass as well, with the texts of exceptions.
"""

import json
import logging
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import unquote, urlsplit

from ivr.masking import HIDDEN, mask

FORMATS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error", "critical")

# Shorter ones would be found inside ordinary words.
_SHORTEST_SECRET = 6
_COLOURS = {logging.WARNING: "33", logging.ERROR: "31", logging.CRITICAL: "1;31"}
_STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_call: ContextVar[str | None] = ContextVar("call", default=None)


class LogError(ValueError):
    """A log setting has a value that it cannot have; says which are allowed."""


class about_call:  # noqa: N801  (reads as a word of the `with` statement)
    """Every line logged inside, from this thread or task, carries this call's id.

    A class, not a generator: it is on the way of every call.
    """

    __slots__ = ("_call_id", "_token")

    def __init__(self, call_id: str) -> None:
        self._call_id = call_id

    def __enter__(self) -> None:
        self._token = _call.set(self._call_id)

    def __exit__(self, *_: object) -> None:
        _call.reset(self._token)


def set_up(
    level: str = "info",
    format: str = "text",
    *,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send everything that is logged in this process to `stream` (standard error).

    `level` is one of LEVELS, `format` one of FORMATS; RINGBACK_LOG_LEVEL and RINGBACK_LOG in the
    environment go before them. `secrets` are never written, nor is the auth token or Redis's
    password that stands in the environment. May be called again: the last call counts.
    Raises LogError for a level or format that there is not.
    """
    level = _choice("RINGBACK_LOG_LEVEL", "The log level", level, LEVELS)
    format = _choice("RINGBACK_LOG", "The log format", format, FORMATS)
    handler = _Handler(stream if stream is not None else sys.stderr)
    hidden = [one for one in (*secrets, *_secrets_of(os.environ)) if len(one) >= _SHORTEST_SECRET]
    if format == "json":
        handler.setFormatter(JsonFormatter(hidden))
    else:
        handler.setFormatter(TextFormatter(hidden, colour=_wants_colour(handler.stream)))
    # Nothing here shows the thread, the process or the line of code: asking for them costs a third
    # of a log line (docs.python.org, logging howto, "Optimization").
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    sys.excepthook = _log_uncaught


def _choice(variable: str, what: str, given: str, allowed: tuple[str, ...]) -> str:
    set_outside = os.environ.get(variable)
    value = (set_outside or given).lower()
    if value not in allowed:
        where = variable if set_outside else what
        raise LogError(f"{where} is {set_outside or given!r}, but must be {' or '.join(allowed)}.")
    return value


class _Handler(logging.StreamHandler[TextIO]):
    """Told apart by its type from the handlers of others, such as a test runner's.

    A line is made before the handler's lock is taken: many threads log at once, and each would
    otherwise wait while another's line is masked.
    """

    def handle(self, record: logging.LogRecord) -> bool:
        if not self.filter(record):
            return False
        try:
            line = self.format(record) + self.terminator
            assert self.lock is not None
            with self.lock:
                self.stream.write(line)
                self.flush()
        except Exception:
            self.handleError(record)
        return True


class _SafeFormatter(logging.Formatter):
    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secrets)

    def safe(self, text: str) -> str:
        """The text without secrets, and with telephone numbers masked."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN * 3)
        return mask(text)

    def trouble(self, record: logging.LogRecord) -> str | None:
        """The exception or stack that the record carries."""
        parts = []
        if record.exc_info and record.exc_info[0] is not None:
            parts.append(self.formatException(record.exc_info))
        elif record.exc_text:
            parts.append(record.exc_text)
        if record.stack_info:
            parts.append(self.formatStack(record.stack_info))
        return self.safe("\n".join(parts)) if parts else None

    def extras(self, record: logging.LogRecord) -> dict[str, Any]:
        """What the record's `extra=` carried."""
        fields = vars(record)
        if fields.keys() <= _STANDARD_FIELDS:
            return {}
        return {
            name: self._safe_value(value)
            for name, value in fields.items()
            if name not in _STANDARD_FIELDS and not name.startswith("_")
        }

    def _safe_value(self, value: object) -> object:
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, int):
            text = str(value)
            return value if self.safe(text) == text else self.safe(text)
        return self.safe(str(value))


class TextFormatter(_SafeFormatter):
    """2026-11-21 09:30:00.123Z INFO    ivr.web [CA12...] what happened  name=value"""

    def __init__(self, secrets: Iterable[str] = (), *, colour: bool = False) -> None:
        super().__init__(secrets)
        self._colour = colour

    def format(self, record: logging.LogRecord) -> str:
        second, milliseconds = _time(record)
        time = f"{second.replace('T', ' ')}.{milliseconds}Z"
        call = _call.get()
        line = f"{time} {record.levelname:<7} {record.name} {f'[{call}] ' if call else ''}"
        line += self.safe(record.getMessage())
        line += "".join(f"  {name}={value}" for name, value in self.extras(record).items())
        trouble = self.trouble(record)
        if trouble is not None:
            line += "\n" + trouble
        colour = _COLOURS.get(record.levelno) if self._colour else None
        return f"\033[{colour}m{line}\033[0m" if colour else line


class JsonFormatter(_SafeFormatter):
    """One JSON object a line: time, level, logger, call, message, exception, and the extras."""

    def format(self, record: logging.LogRecord) -> str:
        second, milliseconds = _time(record)
        line: dict[str, Any] = {
            "time": f"{second}.{milliseconds}+00:00",
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        call = _call.get()
        if call is not None:
            line["call"] = call
        line["message"] = self.safe(record.getMessage())
        trouble = self.trouble(record)
        if trouble is not None:
            line["exception"] = trouble
        for name, value in self.extras(record).items():
            line.setdefault(name, value)
        return json.dumps(line, ensure_ascii=False)


def _time(record: logging.LogRecord) -> tuple[str, str]:
    """When it was, in UTC: down to the second (2026-11-21T09:30:00), and its milliseconds."""
    second, microseconds = divmod(round(record.created * 1_000_000), 1_000_000)
    return _second(second), f"{microseconds // 1000:03}"


@lru_cache(maxsize=4)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _wants_colour(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR")


def _secrets_of(environment: os._Environ[str]) -> list[str]:
    """What must never be written: the account's auth token, the API's, the form's key, the
    password for mail, and Redis's."""
    names = (
        "TWILIO_AUTH_TOKEN", "RINGBACK_API_TOKEN", "RINGBACK_FORM_KEY", "RINGBACK_MAIL_PASSWORD",
    )  # fmt: skip
    found = [environment.get(name, "") for name in names]
    # Malformed, it is somebody else's to complain about.
    with suppress(ValueError):
        password = urlsplit(environment.get("REDIS_URL", "")).password
        if password is not None:
            found += [password, unquote(password)]
    return found


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("ivr").critical("not handled", exc_info=(kind, error, trace))
