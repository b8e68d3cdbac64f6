"""Rehearsing: scripts of calls, played against the engine alone or over real HTTP."""

from ivr.services.rehearsal.failure import Failure
from ivr.services.rehearsal.handset import Telephone
from ivr.services.rehearsal.player import play
from ivr.services.rehearsal.script import Script, read_scripts

__all__ = ["Failure", "Script", "Telephone", "play", "read_scripts"]
