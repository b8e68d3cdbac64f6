"""Rehearsing: scripts of calls, played against the engine alone or over real HTTP."""

from ivr.services.rehearsal.player import Failure, Telephone, play
from ivr.services.rehearsal.script import Script, read_scripts

__all__ = ["Failure", "Script", "Telephone", "play", "read_scripts"]
