"""The command `ringback`."""

from ivr.cli.main import main

__all__ = ["main"]
