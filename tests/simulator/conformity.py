"""Answers of the REST API, held to the schemas of Twilio's description.

Stricter than a validator alone, which takes any field that the schema does not name and misses none
that it names: an answer here has exactly the fields of its schema.
"""

import json
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator

from ivr.simulator.data import load
from ivr.simulator.rest.description import Operation, Schema, asked, resolved

RFC_2822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} \+0000"
)
OF_AN_ERROR = {"code", "message", "more_info", "status"}
FORMATS = FormatChecker(formats=())


class Nonconforming(AssertionError):
    """An answer that Twilio's description does not allow; one line for each thing wrong."""


def judge_answer(method: str, path: str, status: int, body: str) -> None:
    """Raise Nonconforming when Twilio could not have answered so; 5xx are nobody's promise."""
    if status >= 500:
        return
    if status >= 400:
        faults = list(_faults_of_error(status, body))
    else:
        operation = asked(method, path)
        if operation is None:
            raise Nonconforming(f"{status} for {method} {path}, which Twilio does not have")
        faults = list(_faults(operation, status, body))
    if faults:
        raise Nonconforming("\n".join([f"{status} for {method} {path}:", *faults]))


def _faults(operation: Operation, status: int, body: str) -> Iterator[str]:
    if status not in operation.answers:
        yield f"status {status}, and {operation.id} has {sorted(operation.answers)}"
        return
    schema = operation.answers[status]
    if schema is None:
        if body:
            yield f"a body where there is none: {body[:200]}"
        return
    content = json.loads(body)
    for error in _validator(operation, status).iter_errors(content):
        # Lookup answers null for what was not asked for, and a conference has no reason to have
        # ended until it has, as Twilio's own examples show; the schemas beside them forget it.
        forgotten = operation.path.startswith("/v2/") or "reason_conference" in error.json_path
        if error.instance is not None or not forgotten:
            yield f"{error.json_path}: {error.message}"
    yield from _wrong_fields(content, schema, "$")


def _wrong_fields(content: Any, schema: Schema, where: str) -> Iterator[str]:
    """Fields that the schema does not have, and those that it has and the answer has not."""
    schema = resolved(schema)
    if isinstance(content, list):
        for index, item in enumerate(content):
            yield from _wrong_fields(item, schema.get("items", {}), f"{where}[{index}]")
    elif isinstance(content, dict) and "properties" in schema:
        known = schema["properties"]
        for name in sorted(content.keys() - known.keys()):
            yield f"{where}.{name} is not in the schema"
        for name in sorted(known.keys() - content.keys()):
            yield f"{where}.{name} is missing"
        for name in sorted(known.keys() & content.keys()):
            yield from _wrong_fields(content[name], known[name], f"{where}.{name}")


def _faults_of_error(status: int, body: str) -> Iterator[str]:
    content = json.loads(body)
    if content.keys() != OF_AN_ERROR:
        yield f"an error has {sorted(OF_AN_ERROR)}, not {sorted(content)}"
        return
    if content["status"] != status:
        yield f"the body says {content['status']}"
    if not isinstance(content["code"], int):
        yield f"the code {content['code']!r} is no number"
    if content["more_info"] != f"https://www.twilio.com/docs/errors/{content['code']}":
        yield f"more_info is {content['more_info']}"
    if not content["message"]:
        yield "the message is empty"


@cache
def _validator_of(operation_id: str, status: int, schema: str) -> Validator:
    whole = json.loads(schema) | {"components": load("rest-description.json")["components"]}
    return Draft202012Validator(whole, format_checker=FORMATS)


def _validator(operation: Operation, status: int) -> Validator:
    return _validator_of(operation.id, status, json.dumps(operation.answers[status]))


@FORMATS.checks("date-time-rfc-2822")
def _is_rfc_2822(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return RFC_2822.fullmatch(value) is not None and bool(parsedate_to_datetime(value))


@FORMATS.checks("uri-reference")
def _is_reference(value: object) -> bool:
    if not isinstance(value, str) or not value:
        return True
    parts = urlsplit(value)
    return value.startswith("/") or (parts.scheme in ("http", "https") and bool(parts.hostname))


@FORMATS.checks("currency")
def _is_currency(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch("[A-Z]{3}", value) is not None


@FORMATS.checks("phone-number")
def _is_phone_number(value: object) -> bool:
    # A message's sender may be letters and digits; the description says so in words only.
    pattern = r"\+[1-9]\d{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}"
    return not isinstance(value, str) or re.fullmatch(pattern, value) is not None
