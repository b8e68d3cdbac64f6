"""The pages: the look inside, and the telephones in the browser. Plain files, sent as they are."""

from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

FOLDER = Path(__file__).parent
FILES = {
    path.name: path for path in FOLDER.iterdir() if path.suffix in (".html", ".css", ".js")
}  # fmt: skip
HEADERS = {
    # What callers, texts and applications say is shown on these pages: nothing of it may run.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
        "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def routes() -> list[web.RouteDef]:
    """The addresses of the pages."""
    return [
        web.get("/", _page("inside.html")),
        web.get("/_carrier", _page("inside.html")),
        web.get("/_carrier/", _page("inside.html")),
        web.get("/phone", _page("phone.html")),
        web.get("/_carrier/pages/{name}", _part),
    ]


def _page(name: str) -> Handler:
    async def show(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(FILES[name], headers=HEADERS)

    return show


async def _part(request: web.Request) -> web.StreamResponse:
    path = FILES.get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound(text="there is no such file\n")
    return web.FileResponse(path, headers=HEADERS)
