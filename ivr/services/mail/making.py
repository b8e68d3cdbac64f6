"""Mail as config.yaml describes it: who takes it, and from whom it comes."""

from __future__ import annotations

import logging
from collections.abc import Callable

from redis import Redis

from ivr.carrier.smtp import MailServer
from ivr.config import Config
from ivr.promises.senders import Sender, Senders
from ivr.services.mail import mail_trouble, mailing
from ivr.services.mail.channel import ByMail
from ivr.services.mail.letters import Letters
from ivr.services.texts.noting import Noting
from ivr.store.mail import MailStore
from ivr.store.outbox import OutboxStore
from ivr.store.texts import MAIL_TO

logger = logging.getLogger(__name__)


def mail_senders(config: Config) -> tuple[Senders, ...]:
    """Who sends what goes by mail; nobody where none is sent."""
    settings = mailing(config)
    return () if settings is None else (Senders(MAIL_TO, (Sender("mail", settings.sender),)),)


def mail_channel(
    config: Config, redis: Redis, outbox: OutboxStore, noting: Noting, clock: Callable[[], float]
) -> ByMail | None:
    """None where no mail is sent; why is told once, where that is not what was wanted."""
    settings = mailing(config)
    if settings is None:
        if trouble := mail_trouble(config):
            logger.warning("%s", trouble)
        return None
    server = MailServer(
        settings.host, settings.server_port, settings.security, settings.user,
        settings.password.get_secret_value(),
    )  # fmt: skip
    return ByMail(
        outbox, noting, MailStore(redis), Letters(config, settings), server, settings, clock
    )
