"""What becomes of each parameter of an operation: said once, beside the route, by its resource.

    route("POST", "/Queues.json", carrier, create,
          Parameters(carried_out="FriendlyName MaxSize"))

The table in docs/simulator.md is made from these, and a test holds that every parameter of Twilio's
description stands in exactly one of the three lists.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property

from ivr.simulator.errors import RestError

PAGING = frozenset({"PageSize", "Page", "PageToken"})
"""Carried out for every list without being declared, and judged by paging.py."""


@dataclass(frozen=True)
class Parameters:
    """Names with blanks between them, by what becomes of them."""

    carried_out: str = ""
    no_effect: str = ""
    """Taken without a word: nobody could tell a difference on this network."""
    refused: str = ""
    """400 with 20001, by name: the application may wait for what never comes."""
    judged_here: str = ""
    """Of those carried out, the ones whose values the resource judges itself, because Twilio has
    codes of its own for them (21201 for no To); the others are judged before the view is asked."""

    def refuse(self, given: Mapping[str, str]) -> None:
        """Raise RestError for a refused parameter that is there and not switched off."""
        for name in self.refused.split():
            if given.get(name, "").lower() not in ("", "false"):
                detail = f"this simulator does not carry out the parameter {name}"
                raise RestError(400, 20001, detail)

    @cached_property
    def own(self) -> Container[str]:
        """The names that the judge leaves to the resource."""
        return PAGING.union(self.judged_here.split())
