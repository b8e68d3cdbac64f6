"""`ringback demo`: a peak on this machine, by real processes, told as it happens."""

from ivr.cli.demo.command import demo

__all__ = ["demo"]
