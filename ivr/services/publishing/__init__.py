"""Publishing: from a folder to what callers hear, and back."""

from ivr.services.publishing.candidate import Candidate, prepare
from ivr.services.publishing.difference import Difference, difference
from ivr.services.publishing.publisher import Publisher, Refused

__all__ = ["Candidate", "Difference", "Publisher", "Refused", "difference", "prepare"]
