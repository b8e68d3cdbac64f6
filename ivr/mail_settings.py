"""Mail as `config.yaml` has it (`mail`): through which server, and from whom."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from ivr.promises.mail_rules import read_address

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LONGEST_NAME = 70
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?")
Security = Literal["starttls", "tls", "none"]


def _address(value: Any) -> Any:
    found = read_address(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"`{value}` is no e-mail address such as callback@example.com.")
    return found


def _host(value: Any) -> Any:
    if not isinstance(value, str) or not _HOST.fullmatch(value):
        raise ValueError(f"`{value}` is no name of a server such as smtp.example.com.")
    return value


class MailSettings(BaseModel):
    """`port` is the usual one of the `security` when left out; `name` is the company's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Annotated[str, BeforeValidator(_host)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Security = "starttls"
    sender: Annotated[str, BeforeValidator(_address)]
    name: Annotated[str, Field(max_length=_LONGEST_NAME)] = ""
    user: str = ""
    per_second: Annotated[float, Field(ge=0, le=1000)] = 5.0
    password: SecretStr = SecretStr("")
    """Of the environment only: RINGBACK_MAIL_PASSWORD."""
    link_key: SecretStr = SecretStr("")
    """RINGBACK_FORM_KEY: what every mail leads to is signed with it."""

    @field_validator("name")
    @classmethod
    def _one_line(cls, name: str) -> str:
        if not name.isprintable():
            raise ValueError("A name stands in one line.")
        return name

    @model_validator(mode="after")
    def _in_the_open(self) -> Self:
        if self.user and self.security == "none" and not _is_here(self.host):
            raise ValueError(
                "The password would be sent unencrypted. Set `security` to `starttls` or `tls`."
            )
        return self

    @property
    def server_port(self) -> int:
        return self.port or _PORTS[self.security]


def _is_here(host: str) -> bool:
    """Whether it is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


__all__ = ["MailSettings", "Security"]
