"""The web's parts as config.yaml and the environment describe them."""

from __future__ import annotations

import logging
import os
from datetime import datetime

from gunicorn.errors import AppImportError

from ivr import log
from ivr.clock import Clock, ClockError, clock_from
from ivr.config import Config, load
from ivr.flow.language import load_languages
from ivr.log import LogError
from ivr.reading import Unreadable
from ivr.services.addresses import Addresses
from ivr.services.apology import Apology
from ivr.services.calls import CallService, OneCompany
from ivr.services.company import AUDIO_FOLDER, LoadedCompany, load_company
from ivr.services.lookups import Lookups
from ivr.store.calls import CallStore
from ivr.store.connection import StoreDown, connect, wording
from ivr.web.parts import Parts

logger = logging.getLogger(__name__)


def parts_from_settings() -> Parts:
    """What the web needs. Raises AppImportError, at which gunicorn prints the reason and ends."""
    try:
        config = load()
        token = config.carrier.auth_token.get_secret_value()
        log.set_up(config.log.level, config.log.format, secrets=[token])
        clock = clock_from(os.environ.get("RINGBACK_CLOCK_FILE"))
        if not token:
            # Anybody could sign with an empty one.
            raise AppImportError("Set TWILIO_AUTH_TOKEN: without it no caller can be told apart.")
        redis_url = os.environ.get("REDIS_URL")
        if not redis_url:
            raise AppImportError("Set REDIS_URL, such as redis://127.0.0.1:6379/0.")
        return build(config, clock, token, redis_url, clock.now())
    except (Unreadable, ClockError, LogError, StoreDown) as error:
        raise AppImportError(str(error)) from None


def build(config: Config, clock: Clock, token: str, redis_url: str, now: datetime) -> Parts:
    """The real services for these settings. Raises StoreDown for a URL that names no server."""
    redis = connect(redis_url)
    loaded = load_company(config, now)
    for finding in loaded.findings:
        logger.log(logging.ERROR if finding.severity == "error" else logging.WARNING, "%s", finding)
    languages = _first_languages(loaded)
    addresses = Addresses(config.web.public_url)
    apology = Apology(loaded.company.languages, languages[0], config.fallback.number, addresses)
    lookups = Lookups(config.lookups.hosts, private_addresses=config.lookups.private_addresses)
    store = CallStore(
        redis,
        check_call_after=config.checks.call_after,
        check_recording_after=config.checks.recording_after,
    )

    packs = [loaded.company.languages[code] for code in languages]

    def language_of(caller: str) -> str | None:
        return next((pack.code for pack in packs if caller.startswith(pack.dialling_codes)), None)

    def why_not_ready() -> str | None:
        try:
            with wording(redis):
                redis.ping()
        except StoreDown as error:
            return str(error)
        if loaded.missing:
            return f"The flow of the line {', '.join(loaded.missing)} cannot be used."
        return None

    return Parts(
        public_url=config.web.public_url,
        auth_token=token,
        max_body=config.web.max_body,
        audio_folder=config.flows_folder / AUDIO_FOLDER,
        own_numbers=config.own_numbers(),
        calls=CallService(store, OneCompany(loaded.company), addresses, apology, lookups.ask),
        apology=apology,
        language_of=language_of,
        why_not_ready=why_not_ready,
        clock=clock,
    )


def _first_languages(loaded: LoadedCompany) -> tuple[str, ...]:
    """The languages of the first line that can be answered, the one to begin with first."""
    for line in loaded.company.lines.values():
        flow = loaded.company.flows.flows.get(line.flow)
        if flow is not None:
            return flow.languages
    return tuple(load_languages())
