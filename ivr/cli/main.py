"""`ringback` and its commands. Each is imported only when it is called: help stays quick."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

from ivr.reading import Unreadable

COMMANDS = {
    "run": ("ivr.cli.run", "run"),
    "phone": ("ivr.cli.phone", "phone"),
    "demo": ("ivr.cli.demo", "demo"),
    "carrier": ("ivr.cli.carrier", "carrier"),
    "check": ("ivr.cli.check", "check"),
    "schema": ("ivr.cli.schema", "schema"),
    "times": ("ivr.cli.times", "show_times"),
    "test": ("ivr.cli.rehearse", "test"),
    "publish": ("ivr.cli.publish", "publish"),
    "versions": ("ivr.cli.versions", "versions"),
    "diff": ("ivr.cli.versions", "diff"),
    "rollback": ("ivr.cli.publish", "rollback"),
    "trial": ("ivr.cli.publish", "trial"),
    "notice": ("ivr.cli.notice", "notice"),
    "diagram": ("ivr.cli.diagram", "diagram"),
    "voicemails": ("ivr.cli.voicemails", "voicemails"),
    "agent": ("ivr.cli.agent", "agent"),
    "calls": ("ivr.cli.calls", "calls"),
    "trace": ("ivr.cli.trace", "trace"),
    "choices": ("ivr.cli.choices", "choices"),
    "callbacks": ("ivr.cli.callbacks", "callbacks"),
    "texts": ("ivr.cli.texts", "texts"),
    "waits": ("ivr.cli.waits", "waits"),
    "promises": ("ivr.cli.promises", "promises"),
    "staffing": ("ivr.cli.staffing", "staffing"),
    "worker": ("ivr.cli.background", "worker"),
    "clock": ("ivr.cli.background", "clock"),
}


class _Commands(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name]
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(context, args)
        except click.UsageError:
            from ivr.reading.validation import suggestion

            raise click.UsageError(
                f"There is no command `{args[0]}`. {suggestion(args[0], COMMANDS)}", context
            ) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ringback")
@click.option(
    "--config", "config_path", type=click.Path(path_type=Path), envvar="RINGBACK_CONFIG",
    help="The settings to use (default: config.yaml here).",
)  # fmt: skip
@click.pass_context
def group(context: click.Context, config_path: Path | None) -> None:
    """Answer a company's telephone: flows in YAML, honest waits, callbacks that are kept."""
    context.obj = config_path


def main() -> None:
    """The console script. Bad input ends in sentences and exit status 2, never in a traceback."""
    try:
        group(prog_name="ringback")
    except Unreadable as error:
        for finding in error.findings:
            click.echo(str(finding), err=True)
        sys.exit(2)
