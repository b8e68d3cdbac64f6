"""Every setting, as one typed object. `config.yaml` is read here and nowhere else.

Secrets come from the environment (`TWILIO_AUTH_TOKEN`, or `TWILIO_AUTH_TOKEN_FILE` naming a file;
`RINGBACK_MAIL_PASSWORD`; `RINGBACK_FORM_KEY`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from ivr.callback_settings import CallbacksSettings, unknown_callback_names
from ivr.flow.language import load_languages
from ivr.flow.names import Name
from ivr.flow.schedule import Schedule
from ivr.flow.spoken_words import Currency
from ivr.mail_settings import MailSettings
from ivr.promises.senders import Senders
from ivr.reading import Finding, Unreadable, read_tree, validate
from ivr.reading.numbers import parse_number
from ivr.reading.tree import Document
from ivr.reading.validation import suggestion
from ivr.schedules import ScheduleSettings, TimeZone
from ivr.staff import AgentSettings, AgentsLineSettings, QueueSettings, unknown_names
from ivr.text_settings import TextSettings

DEFAULT_PATH = Path("config.yaml")
_MAIL_SECRETS = {"password": "RINGBACK_MAIL_PASSWORD", "link_key": "RINGBACK_FORM_KEY"}


def _number(value: Any) -> Any:
    return parse_number(value) if isinstance(value, str) else value


def _url(value: Any) -> Any:
    if isinstance(value, str) and not value.startswith(("http://", "https://")):
        raise ValueError(f"`{value}` is not an address that begins with http:// or https://.")
    return value.rstrip("/") if isinstance(value, str) else value


def _switch(value: Any) -> Any:
    words = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    return words.get(value, value) if isinstance(value, str) else value


Number = Annotated[str, BeforeValidator(_number)]
Url = Annotated[str, BeforeValidator(_url)]
Host = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Switch = Annotated[bool, BeforeValidator(_switch)]


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LineSettings(Settings):
    """A number that people ring."""

    number: Number
    flow: Name


class WebSettings(Settings):
    """The webhook. `public_url` is how Twilio reaches it; signatures are checked against it."""

    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: Url = "http://127.0.0.1:8080"
    max_body: Annotated[int, Field(ge=1024, le=1_048_576)] = 65_536


class SimulatorSettings(Settings):
    """The telephone company on loopback, for trying everything without Twilio."""

    port: Port = 8100


class FallbackSettings(Settings):
    """Who is rung when something of ours fails, or nothing else is left."""

    number: Number


class CarrierSettings(Settings):
    """Twilio's REST API; another address only for the telephone company on loopback."""

    api_url: Url = "https://api.twilio.com"
    account_sid: str = ""
    auth_token: SecretStr = SecretStr("")
    calls_per_second: Annotated[float, Field(gt=0, le=1000)] = 1.0
    """How many calls the account may create in a second."""


class CheckSettings(Settings):
    """How long the workers wait for news before they ask the carrier, in seconds."""

    call_after: Annotated[int, Field(ge=10, le=86_400)] = 600
    recording_after: Annotated[int, Field(ge=10, le=86_400)] = 120


class LookupSettings(Settings):
    """The company's own systems that flows may ask: their hosts, with a port where there is one.

    Addresses of private networks are refused unless `private_addresses` is on.
    """

    hosts: tuple[Host, ...] = ()
    private_addresses: Switch = False


class LimitSettings(Settings):
    """What a caller's patience allows; more of it is a finding of `ringback check`."""

    first_choice: Annotated[float, Field(gt=0, le=120)] = 10.0
    """Seconds until the first choice has been told."""
    words_in_a_sentence: dict[str, Annotated[int, Field(ge=5, le=60)]] = {}
    """The most that ears follow, by language; where it is left out, what is usual there."""


class LogSettings(Settings):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Config(Settings):
    """`config.yaml` as a whole."""

    company: str
    time_zone: TimeZone
    currency: Currency = "EUR"
    lines: Annotated[dict[Name, LineSettings], Field(min_length=1)]
    fallback: FallbackSettings
    numbers: dict[Name, Number] = {}
    schedules: dict[Name, ScheduleSettings] = {}
    queues: dict[Name, QueueSettings] = {}
    rosters: dict[Name, ScheduleSettings] = {}
    """When agents work, breaks left out."""
    agents: dict[Name, AgentSettings] = {}
    agents_line: AgentsLineSettings | None = None
    callbacks: CallbacksSettings = CallbacksSettings()
    lookups: LookupSettings = LookupSettings()
    texts: TextSettings = TextSettings()
    mail: MailSettings | None = None
    speech: Switch = True
    flows: str = "flows"
    web: WebSettings = WebSettings()
    simulator: SimulatorSettings = SimulatorSettings()
    carrier: CarrierSettings = CarrierSettings()
    checks: CheckSettings = CheckSettings()
    limits: LimitSettings = LimitSettings()
    log: LogSettings = LogSettings()
    file: Path = DEFAULT_PATH
    """Where these settings stand; `flows` is found from there."""

    @property
    def folder(self) -> Path:
        return self.file.parent

    @property
    def flows_folder(self) -> Path:
        return self.folder / self.flows

    def schedule(self, name: str, years: range) -> Schedule:
        return self.schedules[name].schedule(self.time_zone, years)

    def roster(self, name: str, years: range) -> Schedule:
        return self.rosters[name].schedule(self.time_zone, years)

    @property
    def text_sender(self) -> str:
        """The number (E.164) that texts come from, where no sender is named."""
        return self.texts.sender or next(iter(self.lines.values())).number

    @property
    def text_senders(self) -> tuple[Senders, ...]:
        """From whom texts come, by the beginning of the number that they go to."""
        return self.texts.by_country(self.text_sender)

    def text_numbers(self) -> frozenset[str]:
        """Our numbers (E.164) that texts come from, and come to."""
        found = (one for group in self.text_senders for one in group.senders)
        return frozenset(sender.value for sender in found if sender.kind == "number")

    def unserved_queues(self) -> frozenset[str]:
        """The queues that neither an agent nor whoever rings the agents' line serves."""
        served = {queue for agent in self.agents.values() for queue in agent.queues}
        if self.agents_line is not None:
            served |= set(self.agents_line.queues)
        return frozenset(self.queues.keys() - served)

    def own_numbers(self) -> frozenset[str]:
        """The numbers that are ours: never a caller to ring back."""
        ours = {line.number for line in self.lines.values()} | set(self.numbers.values())
        if self.agents_line is not None:
            ours.add(self.agents_line.number)
        return frozenset(ours | {self.fallback.number}) | self.text_numbers()


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Config:
    """Read `config.yaml` (or `RINGBACK_CONFIG`, or `path`) and the environment.

    Raises `Unreadable` with everything that is wrong, `OSError` never.
    """
    env = os.environ if environment is None else environment
    where = path or Path(env.get("RINGBACK_CONFIG") or DEFAULT_PATH)
    try:
        content = where.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unreadable(
            [
                Finding(
                    str(where), 1, 1, "file", f"The file cannot be read: {reason}.",
                    "Say where it is with `--config`, or go to its folder.",
                )
            ]
        ) from None  # fmt: skip
    return read_config(content, where, env)


def read_config(content: bytes, file: Path, environment: Mapping[str, str]) -> Config:
    """The settings in `content`; raises `Unreadable` with everything that is wrong."""
    document = read_tree(content, str(file))
    findings = list(_reserved(document))
    try:
        config = validate(Config, document)
    except Unreadable as error:
        raise Unreadable([*findings, *error.findings]) from None
    findings.extend(_same_numbers(config, document))
    findings.extend(_staff(config, document))
    if config.mail is not None and not config.callbacks.form.queues:
        findings.append(
            document.finding(
                ("mail",), "value",
                "Mail is sent to those who ask on the page `Call me back`, and leads there.",
                "Name queues for it in `callbacks.form.queues`, or delete `mail`.",
            )
        )  # fmt: skip
    if findings:
        raise Unreadable(findings)
    return config.model_copy(
        update={
            "file": file,
            "carrier": _carrier(config.carrier, environment, str(file)),
            "web": _web(config.web, environment, str(file)),
            "mail": _mail(config.mail, environment),
        }
    )


def _reserved(document: Document) -> list[Finding]:
    findings = []
    if "file" in document.root:
        findings.append(
            document.finding(("file",), "unknown-setting", "`file` is not a setting here.")
        )
    carrier = document.root.get("carrier")
    if isinstance(carrier, dict) and "auth_token" in carrier:
        findings.append(
            document.finding(
                ("carrier", "auth_token"), "secret", "A secret stands in the file.",
                "Delete it here and set TWILIO_AUTH_TOKEN in the environment.",
            )
        )  # fmt: skip
    mail = document.root.get("mail")
    for name, variable in _MAIL_SECRETS.items():
        if isinstance(mail, dict) and name in mail:
            findings.append(
                document.finding(
                    ("mail", name), "secret", "A secret stands in the file.",
                    f"Delete it here and set {variable} in the environment.",
                )
            )  # fmt: skip
    return findings


def _same_numbers(config: Config, document: Document) -> list[Finding]:
    seen: dict[str, str] = {}
    findings = []
    for name, line in config.lines.items():
        if line.number in seen:
            findings.append(
                document.finding(
                    ("lines", name, "number"), "value",
                    f"The lines `{seen[line.number]}` and `{name}` have the same number.",
                    "Give each line a number of its own.",
                )
            )  # fmt: skip
        seen[line.number] = name
    agents_line = config.agents_line
    if agents_line is not None and agents_line.number in seen:
        findings.append(
            document.finding(
                ("agents_line", "number"), "value",
                f"The line `{seen[agents_line.number]}` has the agents' number.",
                "Give each line a number of its own.",
            )
        )  # fmt: skip
    return findings


def _staff(config: Config, document: Document) -> list[Finding]:
    languages, schedules = frozenset(load_languages()), frozenset(config.schedules)
    unknown = unknown_names(
        config.agents, config.queues, config.agents_line, schedules, frozenset(config.rosters),
        languages,
    ) + unknown_callback_names(
        {name: queue.callbacks for name, queue in config.queues.items()}, config.callbacks,
        schedules, languages,
    )  # fmt: skip
    return [
        document.finding(
            path,
            f"unknown-{kind}",
            f"There is no {kind} `{name}`.",
            suggestion(name, known) or f"Name one of: {', '.join(sorted(known)) or 'none yet'}.",
        )
        for path, kind, name, known in unknown
    ]


def _carrier(
    settings: CarrierSettings, environment: Mapping[str, str], file: str
) -> CarrierSettings:
    update: dict[str, Any] = {}
    if sid := environment.get("TWILIO_ACCOUNT_SID"):
        update["account_sid"] = sid
    if api_url := environment.get("RINGBACK_CARRIER_API"):
        update["api_url"] = _environment_url("RINGBACK_CARRIER_API", api_url, file)
    token = environment.get("TWILIO_AUTH_TOKEN", "")
    if token_file := environment.get("TWILIO_AUTH_TOKEN_FILE"):
        try:
            token = Path(token_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Unreadable(
                [
                    Finding(
                        file, 1, 1, "environment",
                        f"TWILIO_AUTH_TOKEN_FILE names a file that cannot be read: {error}.",
                    )
                ]
            ) from None  # fmt: skip
    update["auth_token"] = SecretStr(token)
    return settings.model_copy(update=update)


def _mail(settings: MailSettings | None, environment: Mapping[str, str]) -> MailSettings | None:
    if settings is None:
        return None
    secrets = {
        name: SecretStr(environment.get(variable, "").strip())
        for name, variable in _MAIL_SECRETS.items()
    }
    return settings.model_copy(update=secrets)


def _web(settings: WebSettings, environment: Mapping[str, str], file: str) -> WebSettings:
    public_url = environment.get("RINGBACK_PUBLIC_URL")
    if not public_url:
        return settings
    return settings.model_copy(
        update={"public_url": _environment_url("RINGBACK_PUBLIC_URL", public_url, file)}
    )


def _environment_url(name: str, value: str, file: str) -> str:
    try:
        return str(_url(value))
    except ValueError as error:
        raise Unreadable([Finding(file, 1, 1, "environment", f"{name}: {error}")]) from None


__all__ = ["Config", "load", "read_config"]
