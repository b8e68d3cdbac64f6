"""Faults on demand: late, lost, cut, refused, repeated and reordered requests, each way."""

from ivr.simulator.faults.fault import Fault, FaultError, Kind, Request
from ivr.simulator.faults.faults import Faults, Standing
from ivr.simulator.faults.reading import read_fault, read_fault_of, read_faults

__all__ = [
    "Fault",
    "FaultError",
    "Faults",
    "Kind",
    "Request",
    "Standing",
    "read_fault",
    "read_fault_of",
    "read_faults",
]
