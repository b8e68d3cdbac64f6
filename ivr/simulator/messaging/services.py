"""Messaging Services: a name for several senders, with options of their own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
from typing import Any

from ivr.simulator import values
from ivr.simulator.errors import DirectoryError
from ivr.simulator.messaging.keywords import DEFAULT_KEYWORDS, Keywords, read_keywords
from ivr.simulator.numbers import is_e164, tidy
from ivr.simulator.sids import is_sid
from ivr.simulator.values import Reader

ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}")
SHORT_CODE = re.compile(r"[0-9]{4,6}")
LONGEST_VALIDITY = 36_000


@dataclass(frozen=True)
class Service:
    """A Messaging Service. `validity` is in seconds."""

    name: str
    sid: str
    senders: tuple[str, ...] = ()
    inbound_url: str = ""
    inbound_method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_callback: str = ""
    sticky_sender: bool = True
    smart_encoding: bool = True
    validity: float = LONGEST_VALIDITY
    advanced_opt_out: Keywords | None = None

    @property
    def keywords(self) -> Keywords:
        """The words that mean something in a text to this service."""
        return self.advanced_opt_out or DEFAULT_KEYWORDS


def is_alphanumeric(sender: str) -> bool:
    """Whether this is a sender of letters and digits: up to eleven, and not digits alone."""
    return ALPHANUMERIC.fullmatch(sender) is not None


def is_short_code(sender: str) -> bool:
    """Whether this is a short code."""
    return SHORT_CODE.fullmatch(sender) is not None


def service_sid(name: str) -> str:
    """The SID of a service whose directory gives none: the same for the same name."""
    return "MG" + md5(name.encode(), usedforsecurity=False).hexdigest()


def read_services(value: Any, where: str) -> dict[str, Service]:
    """The services of a directory, by their SIDs; raises DirectoryError with one sentence."""
    found: dict[str, Service] = {}
    taken: dict[str, str] = {}
    for name, settings in values.mapping(value, where).items():
        service = _service(str(name), settings, f"{where}: {name}")
        for sender in service.senders:
            if is_alphanumeric(sender):
                continue
            if sender in taken:
                raise DirectoryError(
                    f"{where}: {name}: {sender} belongs to the service {taken[sender]}"
                )
            taken[sender] = service.name
        found[service.sid] = service
    return found


def _service(name: str, value: Any, where: str) -> Service:
    settings = values.mapping({"senders": value} if isinstance(value, list) else value, where)
    fields = values.read_all(settings, READERS, where)
    return Service(name, fields.pop("sid", service_sid(name)), **fields)


def _sid(value: Any, where: str) -> str:
    if not is_sid(str(value), "MG"):
        raise DirectoryError(f"{where}: write MG and 32 hexadecimal digits (0-9, a-f)")
    return str(value)


def _senders(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise DirectoryError(f"{where}: write a list")
    return tuple(_sender(str(each).strip(), where) for each in value)


def _sender(text: str, where: str) -> str:
    number = tidy(text)
    if is_e164(number):
        return number
    if is_short_code(text) or is_alphanumeric(text):
        return text
    raise DirectoryError(
        f"{where}: {text!r} is no number like +46846500400, no short code and no name of up to 11"
        " letters and digits"
    )


def _validity(value: Any, where: str) -> float:
    seconds = values.seconds(value, where)
    if not 1 <= seconds <= LONGEST_VALIDITY:
        raise DirectoryError(f"{where}: write 1 to {LONGEST_VALIDITY} seconds")
    return seconds


READERS: Mapping[str, Reader] = {
    "sid": _sid,
    "senders": _senders,
    "inbound_url": values.url,
    "inbound_method": values.method,
    "fallback_url": values.url,
    "fallback_method": values.method,
    "status_callback": values.url,
    "sticky_sender": values.flag,
    "smart_encoding": values.flag,
    "validity": _validity,
    "advanced_opt_out": read_keywords,
}
"""Every key of a service and its reader; each is a field of `Service`."""
