"""Reading YAML that people wrote: text to a tree that knows its lines, and findings about it.

Pure: no files, no network, no clock. `config.py` and `ivr.flow` both read through here, so a
mistake in either is told in the same words.
"""

from ivr.reading.findings import Finding, Severity, Unreadable
from ivr.reading.parsing import read_tree
from ivr.reading.tree import Mapping, Sequence, Tree
from ivr.reading.validation import validate

__all__ = [
    "Finding",
    "Mapping",
    "Sequence",
    "Severity",
    "Tree",
    "Unreadable",
    "read_tree",
    "validate",
]
