"""`mail` in config.yaml: what is wrong is one sentence; secrets come from the environment only."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.config import Config, read_config
from ivr.reading import Unreadable
from ivr.services.mail import mail_trouble, mailing

KEY = "k" * 32
BEGINNING = """\
company: Example
time_zone: Europe/Stockholm
lines: {main: {number: "+46846500400", flow: main}}
fallback: {number: "+46846500499"}
queues: {billing: {}}
callbacks: {form: {queues: [billing]}}
"""
RIGHT = "mail: {host: smtp.example.com, sender: callback@example.com}\n"


def read(mail: str, environment: dict[str, str] | None = None) -> Config:
    return read_config((BEGINNING + mail).encode(), Path("config.yaml"), environment or {})


@pytest.mark.parametrize(
    ("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)]
)  # fmt: skip
def test_the_usual_port_belongs_to_how_it_is_encrypted(security: str, port: int) -> None:
    mail = read(RIGHT.replace("}", f", security: {security}}}")).mail
    assert mail is not None and mail.server_port == port


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("mail: {sender: a@example.com}", "config.yaml:7:7: `host` is missing."),
        ("mail: {host: x, sender: nobody}",
         "config.yaml:7:25: `nobody` is no e-mail address such as callback@example.com."),
        ("mail: {host: 'a b', sender: a@example.com}",
         "config.yaml:7:14: `a b` is no name of a server such as smtp.example.com."),
        ("mail: {host: x, sender: a@example.com, security: ssl}",
         "config.yaml:7:50: `security` cannot be `ssl`. It must be `starttls`, `tls` or `none`."),
        ("mail: {host: x, sender: a@example.com, port: 0}", "config.yaml:7:46: `port` is `0`."),
        ("mail: {host: x, sender: a@example.com, password: hush}",
         "config.yaml:7:50: A secret stands in the file. Delete it here and set "
         "RINGBACK_MAIL_PASSWORD in the environment."),
        ("mail: {host: mx.example.com, sender: a@example.com, security: none, user: me}",
         "config.yaml:7:7: The password would be sent unencrypted."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(written: str, told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(written)
    [finding] = caught.value.findings
    assert str(finding).startswith(told)


def test_mail_needs_the_page_that_it_leads_to() -> None:
    with pytest.raises(Unreadable) as caught:
        read_config(
            (BEGINNING.replace("queues: [billing]", "") + RIGHT).encode(), Path("config.yaml"), {}
        )
    assert "Name queues for it in `callbacks.form.queues`" in str(caught.value.findings[0])


def test_mail_is_sent_where_all_that_it_needs_is_set_and_else_a_sentence_says_what_is_not() -> None:
    with_user = RIGHT.replace("}", ", user: ringback}")
    secrets = {"RINGBACK_FORM_KEY": KEY, "RINGBACK_MAIL_PASSWORD": "hush"}
    assert mailing(read("")) is None and mail_trouble(read("")) == ""
    assert "the pages of callbacks.form, which are off" in mail_trouble(read(RIGHT))
    assert mailing(read(RIGHT, {"RINGBACK_FORM_KEY": KEY})) is not None
    assert "RINGBACK_MAIL_PASSWORD" in mail_trouble(read(with_user, {"RINGBACK_FORM_KEY": KEY}))
    config = read(with_user, secrets)
    found = mailing(config)
    assert found is not None and found.password.get_secret_value() == "hush"
    assert "hush" not in repr(config) and KEY not in repr(config)
