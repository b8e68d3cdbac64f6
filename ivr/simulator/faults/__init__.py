"""Faults on demand: late, lost, cut, refused, repeated and reordered requests, each way."""

from ivr.simulator.faults.fault import Fault, FaultError, Request, read_fault, read_faults
from ivr.simulator.faults.faults import Faults, Standing

__all__ = [
    "Fault",
    "FaultError",
    "Faults",
    "Request",
    "Standing",
    "read_fault",
    "read_faults",
]
