"""What becomes of every parameter of every operation, as a table in Markdown."""

from collections.abc import Iterable, Iterator

from aiohttp import web

from ivr.simulator.rest.resource import Guarded

ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"


def guarded(routes: Iterable[web.RouteDef]) -> Iterator[Guarded]:
    """Those routes that stand for an operation of Twilio's API."""
    for route in routes:
        handler = getattr(route.handler, "__self__", None)
        if isinstance(handler, Guarded) and handler.operation is not None:
            yield handler


def table(routes: Iterable[web.RouteDef]) -> str:
    """One row an operation, in the order of the routes."""
    rows = [
        "| operation | carried out | taken, no effect | refused by name |",
        "| --- | --- | --- | --- |",
    ]
    for view in guarded(routes):
        operation, parameters = view.operation, view.parameters
        assert operation is not None
        path = operation.path.removeprefix(ACCOUNT)
        columns = (parameters.carried_out, parameters.no_effect, parameters.refused)
        cells = [", ".join(sorted(names.split())) or "-" for names in columns]
        rows.append(f"| {operation.method} {path} | {' | '.join(cells)} |")
    return "\n".join(rows)
