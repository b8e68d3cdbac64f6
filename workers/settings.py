"""What the background processes are made of, from config.yaml and the environment."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

from ivr import log
from ivr.carrier import rest
from ivr.clock import Clock, ClockError, clock_from
from ivr.config import Config, load
from ivr.log import LogError
from ivr.store.connection import StoreDown, connect


class SettingsError(Exception):
    """Something that must be set is not, or is wrong; says in one sentence what."""


@dataclass(frozen=True)
class Settings:
    """`carrier` has made no connection yet, and is safe to use after a fork."""

    redis_url: str
    clock: Clock
    config: Config
    carrier: rest.Carrier


def read_settings(config_path: Path | None = None) -> Settings:
    """Read the settings, and send the log where they say. `config_path` as for config.load.

    Raises SettingsError, and Unreadable for what is wrong in config.yaml.
    """
    config = load(config_path)
    token = config.carrier.auth_token.get_secret_value()
    redis_url = os.environ.get("REDIS_URL")
    try:
        log.set_up(config.log.level, config.log.format, secrets=[token])
        # It tells every request in nine lines; what matters of them is told by the service.
        logging.getLogger("twilio.http_client").setLevel(logging.WARNING)
        if not redis_url:
            raise SettingsError("Set REDIS_URL, such as redis://127.0.0.1:6379/0.")
        connect(redis_url).close()
        return Settings(
            redis_url=redis_url,
            clock=clock_from(
                os.environ.get("RINGBACK_CLOCK_FILE"), os.environ.get("RINGBACK_CLOCK")
            ),
            config=config,
            carrier=rest.connect(
                config.carrier.account_sid, token, base_url=config.carrier.api_url
            ),
        )
    except (LogError, StoreDown, ClockError, rest.RefusedError) as error:
        raise SettingsError(str(error)) from None
