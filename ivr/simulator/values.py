"""Values of a directory of numbers: each is read, or refused with one sentence that says where."""

from collections.abc import Callable, Mapping
from typing import Any

from ivr.simulator.addresses import is_address
from ivr.simulator.errors import DirectoryError
from ivr.simulator.numbers import is_e164, tidy
from ivr.simulator.urls import is_http_url

Reader = Callable[[Any, str], Any]
"""Makes a value of what stands at a place of a file, named for the sentence if it makes none."""


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    """Names and values."""
    if not isinstance(value, dict):
        raise DirectoryError(f"{where}: write names and values, not {value!r}")
    return value


def known(settings: Mapping[str, Any], names: "frozenset[str] | set[str]", where: str) -> None:
    """Refuse a name that nobody reads."""
    for key in settings:
        if key not in names:
            raise DirectoryError(f"{where}: {key!r} is none of {', '.join(sorted(names))}")


def read_all(
    settings: Mapping[str, Any], readers: Mapping[str, Reader], where: str
) -> dict[str, Any]:
    """Every value, each by the reader of its name."""
    known(settings, set(readers), where)
    return {key: readers[key](value, f"{where}: {key}") for key, value in settings.items()}


def number(value: Any, where: str) -> str:
    """A telephone number in E.164."""
    text = tidy(str(value))
    if not is_e164(text):
        hint = " (put it in quotes)" if isinstance(value, int | float) else ""
        raise DirectoryError(f"{where}: {value!r} is no number like +46846500400{hint}")
    return text


def address(value: Any, where: str) -> str:
    """A telephone number, ``client:NAME`` or ``sip:NAME@HOST``."""
    text = tidy(str(value))
    return text if is_address(text) else number(value, where)


def seconds(value: Any, where: str) -> float:
    """A length of time."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise DirectoryError(f"{where}: {value!r} is no number of seconds")
    return float(value)


def flag(value: Any, where: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise DirectoryError(f"{where}: {value!r} is neither true nor false")
    return value


def text(value: Any, where: str) -> str:
    """Words, or a figure that stands for itself."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise DirectoryError(f"{where}: {value!r} are no words")
    return str(value)


def url(value: Any, where: str) -> str:
    """An http or https address."""
    if not is_http_url(str(value)):
        raise DirectoryError(f"{where}: {str(value)!r} is no http:// or https:// address")
    return str(value)


def method(value: Any, where: str) -> str:
    """GET or POST."""
    if str(value).upper() not in ("GET", "POST"):
        raise DirectoryError(f"{where}: {str(value)!r} is neither GET nor POST")
    return str(value).upper()


def one_of(*choices: str) -> Reader:
    """A reader of one of some words."""

    def read(value: Any, where: str) -> str:
        if value not in choices:
            raise DirectoryError(f"{where}: {value!r} is none of {', '.join(choices)}")
        return str(value)

    return read
