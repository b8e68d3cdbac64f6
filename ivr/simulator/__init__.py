"""A telephone company on loopback: it phones any TwiML application and knows nothing else of it.

Stand-alone: ``python -m ivr.simulator --help``. Inside a program or a test: `EmbeddedCarrier` (for
blocking code) or `Server` and `HandsetClient` (asyncio). docs/simulator.md explains it.
"""

from ivr.simulator.carrier import Carrier
from ivr.simulator.client import HandsetClient, HandsetClosedError, said
from ivr.simulator.clock import RealClock, SteppedClock
from ivr.simulator.directory import Directory, Line, Person, Step, read_directory, read_line
from ivr.simulator.embedded import EmbeddedCarrier, LoopThread, Phone
from ivr.simulator.errors import DirectoryError, SimulatorError
from ivr.simulator.faults import Fault
from ivr.simulator.server import Server
from ivr.simulator.settings import Settings

__all__ = [
    "Carrier",
    "Directory",
    "DirectoryError",
    "EmbeddedCarrier",
    "Fault",
    "HandsetClient",
    "HandsetClosedError",
    "Line",
    "LoopThread",
    "Person",
    "Phone",
    "RealClock",
    "Server",
    "Settings",
    "SimulatorError",
    "Step",
    "SteppedClock",
    "read_directory",
    "read_line",
    "said",
]
