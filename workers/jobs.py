"""What RQ's workers do: each job calls a service, and can be lost or run twice without harm."""

from __future__ import annotations

import logging

from ivr.services.due import drain
from ivr.services.reconcile import Reconciler
from ivr.services.texts import Texts
from ivr.store.calls import CallStore
from ivr.store.connection import StoreDown, connect
from ivr.store.due import DueStore
from ivr.store.texts import TextStore
from ivr.store.voicemails import VoicemailStore
from workers.settings import Settings, read_settings

logger = logging.getLogger(__name__)

_settings: Settings | None = None


def use(settings: Settings) -> None:
    """Have the jobs of this process, and of those it forks, use these settings."""
    global _settings
    _settings = settings


def drain_due() -> None:
    """Do what is due. Raises SettingsError in a process where `use` was not called and the
    settings are wrong."""
    try:
        _drain(_settings or read_settings())
    except StoreDown as error:
        # What was claimed comes again when its lease runs out.
        logger.error("%s What is due waits.", error)


def _drain(settings: Settings) -> None:
    checks = settings.config.checks
    with connect(settings.redis_url) as redis:
        calls = CallStore(
            redis,
            check_call_after=checks.call_after,
            check_recording_after=checks.recording_after,
        )
        reconciler = Reconciler(
            calls,
            VoicemailStore(redis),
            settings.carrier,
            check_call_after=checks.call_after,
            check_recording_after=checks.recording_after,
        )
        texts = Texts(TextStore(redis), settings.carrier, settings.config.text_sender)
        drain(DueStore(redis), {**reconciler.handlers, **texts.handlers}, settings.clock)
