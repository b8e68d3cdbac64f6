"""The web's parts as config.yaml and the environment describe them."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from gunicorn.errors import AppImportError
from redis import Redis

from ivr import log
from ivr.carrier import rest
from ivr.clock import Clock, ClockError, clock_from
from ivr.config import Config, load
from ivr.engine.company import Company
from ivr.flow.language import load_languages
from ivr.log import LogError
from ivr.reading import Unreadable
from ivr.services.addresses import Addresses
from ivr.services.agents import AgentService
from ivr.services.agents.listening import Listening
from ivr.services.agents.making import agent_service, reception
from ivr.services.apology import Apology
from ivr.services.boards import LiveBoards
from ivr.services.callbacks.booking import CallbackDesk
from ivr.services.callbacks.calling.answering import Answering
from ivr.services.callbacks.form import CallbackForm
from ivr.services.callbacks.form_tokens import key_trouble
from ivr.services.callbacks.overseeing import Overseer
from ivr.services.calls import CallService, Companies
from ivr.services.companies import NOTHING_PUBLISHED, FlowCompanies, Newest, PublishedFlows
from ivr.services.deciding import CallbackAnswers
from ivr.services.flow_sets import FlowSets
from ivr.services.lines import Lines, LiveLines
from ivr.services.lookups import Lookups
from ivr.services.mail import mail_trouble, mailing
from ivr.services.promises.report import PromiseReport
from ivr.services.texts.incoming import IncomingTexts
from ivr.services.texts.making import noting
from ivr.services.watching import WatchedFlows
from ivr.store.calls import CallStore
from ivr.store.connection import StoreDown, connect, wording
from ivr.store.published import PublishedStore
from ivr.web.parts import Parts

logger = logging.getLogger(__name__)

SOURCES = ("published", "folder")
"""Where flows come from: what `ringback publish` stored, or the folder beside config.yaml, which
is read again when a file in it changes (RINGBACK_FLOWS)."""


def parts_from_settings() -> Parts:
    """What the web needs. Raises AppImportError, at which gunicorn prints the reason and ends."""
    try:
        config = load()
        token = config.carrier.auth_token.get_secret_value()
        log.set_up(config.log.level, config.log.format, secrets=[token])
        clock = clock_from(os.environ.get("RINGBACK_CLOCK_FILE"), os.environ.get("RINGBACK_CLOCK"))
        if not token:
            # Anybody could sign with an empty one.
            raise AppImportError("Set TWILIO_AUTH_TOKEN: without it no caller can be told apart.")
        redis_url = os.environ.get("REDIS_URL")
        if not redis_url:
            raise AppImportError("Set REDIS_URL, such as redis://127.0.0.1:6379/0.")
        source = os.environ.get("RINGBACK_FLOWS") or "published"
        if source not in SOURCES:
            raise AppImportError(
                f"RINGBACK_FLOWS is {source!r}, but must be {' or '.join(SOURCES)}."
            )
        return build(config, clock, token, redis_url, source)
    except (Unreadable, ClockError, LogError, StoreDown) as error:
        raise AppImportError(str(error)) from None


def build(config: Config, clock: Clock, token: str, redis_url: str, source: str) -> Parts:
    """The real services for these settings; `source` is one of SOURCES.

    Raises StoreDown for a URL that names no server.
    """
    redis = connect(redis_url)
    published = PublishedStore(redis)
    sets = FlowSets(config, published, clock.now)
    flows: Newest
    if source == "folder":
        flows = watched = WatchedFlows(config, sets, published, clock.now)
        # Whatever is wrong there is told at once, even while the store is away.
        watched.read_changes()
    else:
        flows = PublishedFlows(sets, published)
    companies = FlowCompanies(
        sets,
        flows,
        {line.number: name for name, line in config.lines.items()},
        boards=LiveBoards(redis, clock.now),
    )
    addresses = Addresses(config.web.public_url)
    lookups_at = os.environ.get("RINGBACK_LOOKUPS_AT", "")
    if lookups_at:
        logger.warning("every lookup is answered by %s (RINGBACK_LOOKUPS_AT)", lookups_at)
    lookups = Lookups(
        config.lookups.hosts,
        private_addresses=config.lookups.private_addresses,
        at=lookups_at,
    )
    around_calls: Companies = companies
    lines: Lines = LiveLines(redis)
    languages = load_languages()
    desk: CallbackAnswers = CallbackDesk(config, redis, languages)
    if surroundings := os.environ.get("RINGBACK_SURROUNDINGS_FILE"):
        from ivr.services.rehearsal.callbacks import ScriptedDesk
        from ivr.services.rehearsal.surroundings import RehearsedCompanies

        logger.warning("hours, queues, callbacks and notices are a script's: they are read from %s "
                       "(RINGBACK_SURROUNDINGS_FILE)", surroundings)  # fmt: skip
        rehearsed = RehearsedCompanies(companies, Path(surroundings), lookups.forget)
        around_calls = lines = rehearsed
        desk = ScriptedDesk(config, rehearsed.callbacks)
    store = CallStore(
        redis,
        check_call_after=config.checks.call_after,
        check_recording_after=config.checks.recording_after,
    )

    def first_languages() -> tuple[str, ...]:
        company = companies.usual()
        return tuple(languages) if company is None else _first_languages(company)

    def language_of(caller: str) -> str | None:
        packs = (languages[code] for code in first_languages())
        return next((pack.code for pack in packs if caller.startswith(pack.dialling_codes)), None)

    def why_not_ready() -> str | None:
        try:
            with wording(redis):
                redis.ping()
            company = companies.get_ready()
        except StoreDown as error:
            return str(error)
        if company is None:
            return NOTHING_PUBLISHED
        missing = [n for n, line in company.lines.items() if line.flow not in company.flows.flows]
        if missing:
            return f"The flow of the line {', '.join(missing)} cannot be used."
        return None

    try:
        # Before the first call: its flows, and with them everything that is slow to read.
        if companies.get_ready() is None:
            logger.warning("%s", NOTHING_PUBLISHED)
    except StoreDown as error:
        logger.error("calls cannot be answered yet: %s", error)
    apology = Apology(languages, lambda: first_languages()[0], config.fallback.number, addresses)
    agents = agent_service(config, redis)
    return Parts(
        public_url=config.web.public_url,
        auth_token=token,
        max_body=config.web.max_body,
        recording=sets.recording,
        own_numbers=config.own_numbers(),
        calls=CallService(store, around_calls, addresses, apology, lookups.ask, lines, desk),
        apology=apology,
        language_of=language_of,
        why_not_ready=why_not_ready,
        clock=clock,
        agents=agents,
        agents_line=reception(config, redis, agents),
        api_token=os.environ.get("RINGBACK_API_TOKEN", "").strip(),
        callbacks=Answering(config, redis, languages),
        form=_form(config, redis),
        overseer=Overseer(config, redis),
        promises=PromiseReport(config, redis),
        text_news=noting(redis),
        texts=IncomingTexts(config, redis, languages, CallbackDesk(config, redis, languages)),
        listening=_listening(config, agents),
    )


def _form(config: Config, redis: Redis) -> CallbackForm | None:
    """The page `Call me back`; None where no queue is named for it, or there is no key."""
    queues, key = config.callbacks.form.queues, os.environ.get("RINGBACK_FORM_KEY", "").strip()
    form_trouble = key_trouble(queues, key)
    for trouble in (form_trouble, mail_trouble(config)):
        if trouble:
            logger.warning("%s", trouble)
    emails = mailing(config) is not None
    return CallbackForm(config, redis, key, emails=emails) if queues and not form_trouble else None


def _listening(config: Config, service: AgentService) -> Listening | None:
    """How supervisors come into talks; None where no carrier's account is set."""
    settings = config.carrier
    if not settings.account_sid:
        return None
    token = settings.auth_token.get_secret_value()
    carrier = rest.connect(settings.account_sid, token, base_url=settings.api_url)
    return Listening(service, carrier, next(iter(config.lines.values())).number)


def _first_languages(company: Company) -> tuple[str, ...]:
    """The languages of the first line that can be answered, the one to begin with first."""
    for line in company.lines.values():
        flow = company.flows.flows.get(line.flow)
        if flow is not None:
            return flow.languages
    return tuple(company.languages)
