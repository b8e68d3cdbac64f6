"""Mail, for those who gave an address: whether any is sent, and what it is made of."""

from __future__ import annotations

from ivr.config import Config
from ivr.mail_settings import MailSettings
from ivr.services.callbacks.form_tokens import key_trouble


def mailing(config: Config) -> MailSettings | None:
    """How mail is sent; None where none is."""
    return None if mail_trouble(config) else config.mail


def mail_trouble(config: Config) -> str:
    """Why no mail is sent though `config.yaml` tells how, in a sentence; empty where all is well.

    Every mail leads to a page of the form's, so without the form there is none.
    """
    mail, queues = config.mail, config.callbacks.form.queues
    if mail is None:
        return ""
    if not queues:
        return "No mail is sent: callbacks.form names no queues, and mail leads to its pages."
    if key_trouble(queues, mail.link_key.get_secret_value()):
        return "No mail is sent: it leads to the pages of callbacks.form, which are off."
    if mail.user and not mail.password.get_secret_value():
        return "No mail is sent: set RINGBACK_MAIL_PASSWORD, the password of `mail.user`."
    return ""


__all__ = ["mail_trouble", "mailing"]
