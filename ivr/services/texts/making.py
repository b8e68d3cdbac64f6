"""The outbox as config.yaml describes it: what handles its due records, and what hears of texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from redis import Redis

from ivr.config import Config
from ivr.services.addresses import Addresses
from ivr.services.due import Handler
from ivr.services.mail.making import mail_channel, mail_senders
from ivr.services.texts.by_telephone import ByTelephone
from ivr.services.texts.checking import Checking
from ivr.services.texts.looking import TextCarrier
from ivr.services.texts.noting import Noting
from ivr.services.texts.routing import Routing
from ivr.services.texts.sending import Channel, Sending
from ivr.store.callbacks import CallbackStore
from ivr.store.consent import ConsentStore
from ivr.store.outbox import CHECK_TEXTS, ROUTE_TEXTS, OutboxStore
from ivr.store.senders import SEND_TEXTS, SenderStore


def noting(redis: Redis) -> Noting:
    """What writes what the carrier tells of texts."""
    return Noting(OutboxStore(redis), SenderStore(redis), ConsentStore(redis))


def text_handlers(
    config: Config, redis: Redis, carrier: TextCarrier, clock: Callable[[], float]
) -> Mapping[str, Handler]:
    """Who sends texts, by the kind of due record. `clock` tells the time in seconds since 1970."""
    outbox, senders, note = OutboxStore(redis), SenderStore(redis), noting(redis)
    by_telephone = ByTelephone(
        outbox, ConsentStore(redis), note, carrier, config.texts,
        ZoneInfo(config.time_zone), Addresses(config.web.public_url).text_status, clock,
    )  # fmt: skip
    by_mail = mail_channel(config, redis, outbox, note, clock)
    by_sender: dict[str, Channel] = {}
    if config.mail is not None and by_mail is not None:
        by_sender[config.mail.sender] = by_mail

    def channel(sender: str) -> Channel:
        return by_sender.get(sender, by_telephone)

    routes = (*config.text_senders, *mail_senders(config))
    return {
        ROUTE_TEXTS: Routing(outbox, senders, routes).route,
        SEND_TEXTS: Sending(outbox, senders, CallbackStore(redis), channel, clock).send,
        CHECK_TEXTS: Checking(outbox, note, carrier).check,
    }
