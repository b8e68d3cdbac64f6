"""Lists, cut into pages that stand still while items come and go.

A page token names the last item of the page before (``PA`` and its identifier) or the first of the
page after (``PB``), as Twilio's do, so that a list with the newest first repeats nothing when calls
are added meanwhile. Behind a dot is how many items followed it, for when it has been deleted.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from ivr.simulator.errors import RestError

T = TypeVar("T")
Json = dict[str, Any]

PAGE_SIZE, LARGEST_PAGE = 50, 1_000
TOKEN = re.compile(r"P(?P<side>[AB])(?P<sid>[A-Z]{2}[0-9a-f]{32})(\.(?P<followers>[0-9]+))?")
OF_PAGING = ("Page", "PageSize", "PageToken")


def sid_of(item: Any) -> str:
    """The identifier of a call, a message ...; a member's or participant's is its call's."""
    sid: str = item.sid if hasattr(item, "sid") else item.call_sid
    return sid


def page(
    request: web.Request, key: str, items: Sequence[T], to_json: Callable[[T], Json],
    identity: Callable[[T], str] = sid_of,
) -> Json:  # fmt: skip
    """One page of a list: ``PageSize`` items from where ``PageToken`` points, else the first ones.

    ``Page`` is only said again: Twilio's description calls it "simply for client state". Raises
    RestError 20007 for a page that is too large, 21481 for a token that is none.
    """
    size, number = _size(request), _whole(request, "Page", 0)
    first, last = _span(request, [identity(item) for item in items], size)
    shown = items[first:last]

    def uri(page_number: int, token: str = "") -> str:
        kept = [(k, v) for k, v in request.query.items() if k not in OF_PAGING]
        query = [*kept, ("PageSize", str(size)), ("Page", str(page_number))]
        return f"{request.path}?{urlencode([*query, ('PageToken', token)] if token else query)}"

    def token(side: str, index: int) -> str:
        return f"P{side}{identity(items[index])}.{len(items) - index - 1}"

    start = number * size
    return {
        key: [to_json(item) for item in shown],
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "uri": request.path_qs,
        "first_page_uri": uri(0),
        "previous_page_uri": uri(max(number - 1, 0), token("B", first))
        if first and shown
        else None,
        "next_page_uri": uri(number + 1, token("A", last - 1)) if last < len(items) else None,
    }


def _span(request: web.Request, sids: Sequence[str], size: int) -> tuple[int, int]:
    """The first item of the page and the one behind its last."""
    given = request.query.get("PageToken", "")
    if not given:
        return 0, min(size, len(sids))
    token = TOKEN.fullmatch(given)
    if token is None:
        raise RestError(400, 21481, f"Invalid PageToken {given[:80]!r}")
    try:
        anchor = sids.index(token["sid"])
        behind = anchor + 1
    except ValueError:
        anchor = behind = max(len(sids) - int(token["followers"] or 0), 0)
    if token["side"] == "A":
        return behind, min(behind + size, len(sids))
    return max(anchor - size, 0), anchor


def _size(request: web.Request) -> int:
    size = _whole(request, "PageSize", PAGE_SIZE)
    if size > LARGEST_PAGE:
        raise RestError(400, 20007, f"Page size must be at most {LARGEST_PAGE}")
    if size == 0:
        raise RestError(400, 20001, "PageSize must be at least 1, not 0")
    return size


def _whole(request: web.Request, name: str, default: int) -> int:
    value = request.query.get(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        raise RestError(400, 20001, f"{name} must be a whole number")
    return int(value)
