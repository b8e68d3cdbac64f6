"""What all webhooks of calls share: whose call it is, and what our own address says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from ivr import log
from ivr.carrier.forms import BadFormError, CallFacts, read_call
from ivr.store.connection import StoreDown
from ivr.web.incoming import Fields, parse_fields

LONGEST_VALUE = 200


def call_of(fields: Fields) -> CallFacts:
    """The call that a request is about. Raises BadRequest where it names none."""
    try:
        return read_call(fields)
    except BadFormError as error:
        raise BadRequest(str(error)) from None


def of_query(name: str, longest: int = LONGEST_VALUE) -> str:
    """What our own address says, cut after so many characters; empty where it says nothing."""
    pairs = parse_fields(request.environ.get("QUERY_STRING", ""))
    return next((value for key, value in pairs if key == name), "")[:longest]


def noted(logger: logging.Logger, call: str, note: Callable[[], object]) -> Response:
    """Write down what the carrier tells of a call. Raises BadRequest where it makes no sense."""
    with log.about_call(call):
        try:
            note()
        except BadFormError as error:
            raise BadRequest(str(error)) from None
        except Exception as error:
            # Nobody hears this answer; a carrier that was told to retry will do so.
            tell_failure(logger, f"{request.path} was not noted", error)
            return Response(
                "This could not be noted now.\n", 503, content_type="text/plain; charset=utf-8"
            )
    return Response(status=204)


def tell_failure(logger: logging.Logger, what: str, error: Exception) -> None:
    """To the log: with where it happened, but for a store that is away, where nothing is to be
    searched for."""
    logger.error(
        "%s: %s", what, error, exc_info=not isinstance(error, StoreDown),
        extra={"address": request.path},
    )  # fmt: skip


def add_webhooks(app: Flask, name: str, views: Mapping[str, Callable[..., Response]]) -> None:
    """Each under its rule; `name` tells them from those of others."""
    for rule, view in views.items():
        app.add_url_rule(rule, f"{name}_{view.__name__}", view, methods=["GET", "POST"])
