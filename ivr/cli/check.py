"""`ringback check`: everything that is wrong with the settings and the flows, at once."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ivr.config import load
from ivr.services.company import read_company


@click.command()
@click.pass_obj
def check(config_path: Path | None) -> None:
    """Check config.yaml and every flow.

    Prints a line for each thing that is wrong: FILE:LINE:COLUMN, what it is, what to do, and its
    code. A flow with an error is not used, and whoever would meet it is put through; a warning
    keeps nothing out of service. Exit status 0 when there is no error, 1 when there is one, 2 when
    config.yaml itself cannot be read.
    """
    read = read_company(load(config_path))
    for finding in read.findings:
        click.echo(str(finding))
    flows = read.flows.flows
    nodes = sum(len(flow.nodes) for flow in flows.values())
    if read.findings:
        files = len({finding.file for finding in read.findings})
        click.echo(f"{_counted(len(read.findings), 'finding')} in {_counted(files, 'file')}.")
        sys.exit(1 if read.errors else 0)
    click.echo(f"Nothing to mend: {_counted(len(flows), 'flow')}, {_counted(nodes, 'node')}.")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
