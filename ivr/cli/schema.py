"""`ringback schema`: what an editor needs to help with flows."""

from __future__ import annotations

from typing import cast

import click

from ivr.flow.schema import SCHEMAS, Of, written


@click.command()
@click.argument("of", type=click.Choice(SCHEMAS), default="flow")
def schema(of: str) -> None:
    """Print the JSON Schema of flows (or of prompt files), for editors.

    Begin a flow with `# yaml-language-server: $schema=../docs/flow.schema.json`, and an editor
    with a YAML language server completes and explains its settings.
    """
    click.echo(written(cast(Of, of)), nl=False)
