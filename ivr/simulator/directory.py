"""Who is behind a number: a line of an application, or a person who behaves by a script."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from ivr.simulator.errors import DirectoryError
from ivr.simulator.numbers import is_e164, tidy
from ivr.simulator.urls import is_http_url

OUTCOMES = ("answers", "busy", "no_answer", "declined", "failed")
STEPS = ("waits", "presses", "says", "talks", "hangs_up")
LINE_KEYS = frozenset(
    {"voice_url", "voice_method", "fallback_url", "fallback_method", "status_callback",
     "status_callback_method"}
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A number of the account: calls to it are answered by the application's documents."""

    number: str
    voice_url: str
    voice_method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"


@dataclass(frozen=True)
class Step:
    """One thing that a person does: a verb of `STEPS` and its value."""

    does: str
    value: str | float | bool


@dataclass(frozen=True)
class Person:
    """How somebody treats a call: after so many seconds they do this, then play their script."""

    does: str = "answers"
    after: float = 3.0
    script: tuple[Step, ...] = ()


NOBODY = Person("no_answer")


@dataclass
class Directory:
    """The numbers of this network. `nobody` is what happens on any other number."""

    lines: dict[str, Line] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    nobody: Person = NOBODY
    verified: frozenset[str] = frozenset()

    def owns(self, number: str) -> bool:
        """Whether the account may show this number as its own."""
        return number in self.lines or number in self.verified

    def add(self, line: Line) -> None:
        """Put a line into service."""
        self.lines[line.number] = line


def read_directory(text: str, source: str = "directory") -> Directory:
    """A directory from YAML; raises DirectoryError with one sentence that says what and where."""
    try:
        content = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{source}:{mark.line + 1}:{mark.column + 1}" if mark else source
        raise DirectoryError(f"{where}: not YAML: {getattr(error, 'problem', error)}") from None
    top = _mapping(content, source)
    _known(top, {"lines", "people", "nobody", "verified"}, source)
    directory = Directory(
        nobody=read_person(top.get("nobody", "no_answer"), f"{source}: nobody"),
        verified=frozenset(_number(n, f"{source}: verified") for n in top.get("verified") or ()),
    )
    for key, value in _mapping(top.get("lines") or {}, f"{source}: lines").items():
        directory.add(_line(_number(key, f"{source}: lines"), value, f"{source}: lines: {key}"))
    for key, value in _mapping(top.get("people") or {}, f"{source}: people").items():
        number = _number(key, f"{source}: people")
        directory.people[number] = read_person(value, f"{source}: people: {key}")
    return directory


def read_line(text: str) -> Line:
    """A line from ``+NUMBER=URL``; raises DirectoryError."""
    number, separator, url = text.partition("=")
    if not separator:
        raise DirectoryError(f"{text!r}: write +NUMBER=http://HOST:PORT/PATH")
    return _line(_number(number, "number"), {"voice_url": url}, number)


def read_person_of(text: str) -> tuple[str, Person]:
    """A number and its person from ``+NUMBER=OUTCOME``; raises DirectoryError."""
    number, separator, does = text.partition("=")
    if not separator:
        raise DirectoryError(f"{text!r}: write +NUMBER=OUTCOME")
    return _number(number, "person"), read_person(does, number)


def read_person(value: Any, where: str) -> Person:
    """A person from a word of `OUTCOMES` or a mapping; raises DirectoryError."""
    if isinstance(value, str):
        value = {"does": value}
    settings = _mapping(value, where)
    _known(settings, {"does", "answers_after", "then"}, where)
    does = str(settings.get("does", "answers"))
    if does not in OUTCOMES:
        raise DirectoryError(f"{where}: {does!r} is none of {', '.join(OUTCOMES)}")
    after = _seconds(settings.get("answers_after", Person.after), f"{where}: answers_after")
    steps = settings.get("then") or []
    if not isinstance(steps, list):
        raise DirectoryError(f"{where}: then: write a list of steps")
    return Person(does, after, tuple(_step(step, f"{where}: then") for step in steps))


def _step(value: Any, where: str) -> Step:
    settings = _mapping(value, where)
    if len(settings) != 1 or next(iter(settings)) not in STEPS:
        raise DirectoryError(f"{where}: a step is one of {', '.join(STEPS)}")
    does, argument = next(iter(settings.items()))
    if does in ("waits", "talks"):
        return Step(does, _seconds(argument, f"{where}: {does}"))
    if does == "presses":
        keys = str(argument)
        if not keys or not set(keys) <= set("0123456789*#wW"):
            raise DirectoryError(f"{where}: presses: {keys!r} has other keys than 0-9 * #")
        return Step(does, keys)
    return Step(does, str(argument) if does == "says" else True)


def _line(number: str, value: Any, where: str) -> Line:
    settings = _mapping({"voice_url": value} if isinstance(value, str) else value, where)
    _known(settings, LINE_KEYS, where)
    fields = {key: str(item) for key, item in settings.items()}
    if "voice_url" not in fields:
        raise DirectoryError(f"{where}: voice_url is missing")
    for key, item in fields.items():
        if key.endswith("_method"):
            if item.upper() not in ("GET", "POST"):
                raise DirectoryError(f"{where}: {key}: {item!r} is neither GET nor POST")
            fields[key] = item.upper()
        elif not is_http_url(item):
            raise DirectoryError(f"{where}: {key}: {item!r} is no http:// or https:// address")
    return Line(number, **fields)


def _number(value: Any, where: str) -> str:
    number = tidy(str(value))
    if not is_e164(number):
        hint = " (put it in quotes)" if isinstance(value, int | float) else ""
        raise DirectoryError(f"{where}: {value!r} is no number like +46846500400{hint}")
    return number


def _seconds(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise DirectoryError(f"{where}: {value!r} is no number of seconds")
    return float(value)


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise DirectoryError(f"{where}: write names and values, not {value!r}")
    return value


def _known(settings: Mapping[str, Any], known: frozenset[str] | set[str], where: str) -> None:
    for key in settings:
        if key not in known:
            raise DirectoryError(f"{where}: {key!r} is none of {', '.join(sorted(known))}")
