"""Queues: calls that wait in a line, and calls that take the first of them."""

from ivr.simulator.queues.dequeuing import Dequeuing
from ivr.simulator.queues.queue import Member, Queue
from ivr.simulator.queues.queues import Queues

__all__ = ["Dequeuing", "Member", "Queue", "Queues"]
