"""Where mail about a callback goes."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.callbacks_stage import Refused, open_stage, short
from ivr.cli.options import var_option
from ivr.cli.problem import Problem
from ivr.masking import mask
from ivr.promises.mail_rules import read_address
from ivr.services.mail import mail_trouble
from ivr.store.mail import MailStore, MailTo


@click.command()
@click.argument("callback")
@click.argument("address", required=False)
@click.option("--none", "nowhere", is_flag=True, help="They want no more mail; it is forgotten.")
@var_option
@click.pass_obj
def mail(
    config_path: Path | None, callback: str, address: str | None, nowhere: bool, var: Path | None
) -> None:
    """Mail what is told of CALLBACK to ADDRESS; without one, say whether it is mailed.

    For somebody who gave their address on the telephone, for this call.
    """
    if address and nowhere:
        raise Problem("Give an address, or --none.")
    wanted = read_address(address) if address else None
    if address and wanted is None:
        raise Problem(f"`{address}` is no e-mail address.")
    with open_stage(config_path, var) as stage:
        stored, store = stage.overseer.find(callback), MailStore(stage.redis)
        if wanted is not None:
            if stage.config.mail is None or (trouble := mail_trouble(stage.config)):
                raise Refused(trouble if stage.config.mail else "config.yaml has no `mail`.")
            store.give(stored.id, MailTo(wanted, stage.now, "agent"))
        elif nowhere:
            store.forget(stored.id)
        found = store.read(stored.id)
        where = "nothing is mailed" if found is None else f"mail goes to {mask(found.address)}"
        click.echo(f"{short(stored.id)}: {where}.")


COMMANDS = (mail,)
