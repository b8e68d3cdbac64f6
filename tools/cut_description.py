"""Cut Twilio's OpenAPI descriptions down to what ivr.simulator judges by.

    npm pack @twilio/cli-core@8.3.2 && tar xzf twilio-cli-core-8.3.2.tgz
    python tools/cut_description.py package/src/services/twilio-api \
        > ivr/simulator/data/rest-description.json

The argument is the folder with twilio_api_v2010.json and twilio_lookups_v2.json (MIT, Twilio Inc.).
What is left is OpenAPI 3.1 and differs from Twilio's own by intent in three points: `nullable` has
become a type, arrays in forms are said to be repeated fields (which is how the official clients
send them), and addresses in answers may be paths (which is what Twilio's own examples have).
"""

import json
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]

BELOW = "/2010-04-01/Accounts/{AccountSid}"
KEPT = {
    "twilio_api_v2010.json": [
        f"{BELOW}{rest}.json"
        for rest in (
            "/Calls", "/Calls/{Sid}", "/Calls/{CallSid}/Recordings",
            "/Calls/{CallSid}/Recordings/{Sid}", "/Conferences", "/Conferences/{Sid}",
            "/Conferences/{ConferenceSid}/Participants",
            "/Conferences/{ConferenceSid}/Participants/{CallSid}",
            "/Conferences/{ConferenceSid}/Recordings",
            "/Conferences/{ConferenceSid}/Recordings/{Sid}", "/IncomingPhoneNumbers",
            "/IncomingPhoneNumbers/{Sid}", "/Messages", "/Messages/{Sid}",
            "/Messages/{MessageSid}/Feedback", "/Messages/{MessageSid}/Media", "/Queues",
            "/Queues/{Sid}", "/Queues/{QueueSid}/Members", "/Queues/{QueueSid}/Members/{CallSid}",
            "/Recordings", "/Recordings/{Sid}",
        )
    ],
    "twilio_lookups_v2.json": ["/v2/PhoneNumbers/{PhoneNumber}"],
}  # fmt: skip
METHODS = ("get", "post", "delete")
FORM = "application/x-www-form-urlencoded"
LICENSE = {"name": "MIT", "x-copyright": "Copyright (C) 2022, Twilio, Inc."}


def main(folder: Path) -> None:
    """Print the cut description."""
    paths: Json = {}
    schemas: Json = {}
    elsewhere: dict[str, list[str]] = {}
    for file, kept in KEPT.items():
        source = json.loads((folder / file).read_text("utf-8"))
        for path, item in source["paths"].items():
            methods = [method for method in METHODS if method in item]
            if path not in kept:
                elsewhere[path] = [method.upper() for method in methods]
                continue
            paths[path] = {method: operation(item[method]) for method in methods}
            _refer(paths[path], source["components"]["schemas"], schemas)
    cut = {
        "openapi": "3.1.0",
        "info": {
            "title": "Twilio's REST API, cut down by tools/cut_description.py",
            "version": "npm @twilio/cli-core 8.3.2",
            "license": LICENSE,
        },
        "paths": paths,
        "components": {"schemas": schemas},
        "x-elsewhere": elsewhere,
    }
    json.dump(cut, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.write("\n")


def operation(given: Json) -> Json:
    """One operation: its parameters, its form and its answers."""
    kept: Json = {"operationId": given["operationId"]}
    kept["parameters"] = [
        {key: parameter[key] for key in ("name", "in", "required") if key in parameter}
        | {"schema": schema(parameter["schema"])}
        for parameter in given.get("parameters", ())
    ]
    body = given.get("requestBody", {}).get("content", {}).get(FORM)
    if body is not None:
        form = schema(body["schema"])
        arrays = [name for name, of in form["properties"].items() if of.get("type") == "array"]
        encoding = {name: {"style": "form", "explode": True} for name in arrays}
        kept["requestBody"] = {"content": {FORM: {"schema": form, "encoding": encoding}}}
    kept["responses"] = {
        status: {
            "description": "",
            "content": {
                kind: {"schema": schema(content["schema"], answer=True)}
                for kind, content in answer.get("content", {}).items()
            },
        }
        for status, answer in given["responses"].items()
    }
    conditional = given.get("x-twilio", {}).get("conditional")
    if conditional:
        kept["x-one-of-each"] = [[_pascal(name) for name in group] for group in conditional]
    return kept


def schema(given: Json, *, answer: bool = False) -> Json:
    """A schema without its prose."""
    if "$ref" in given:
        return {"$ref": given["$ref"]}
    kept = {
        key: given[key]
        for key in ("enum", "format", "minLength", "maxLength", "pattern", "minimum", "maximum")
        if key in given
    }
    if answer and kept.get("format") == "uri":
        kept["format"] = "uri-reference"
    kind = given.get("type", "object" if "properties" in given else None)
    if given.get("nullable"):
        if kind is not None:
            kept["type"] = [kind, "null"]
        if "enum" in kept:
            kept["enum"] = [*kept["enum"], None]
    elif kind is not None:
        kept["type"] = kind
    if "items" in given:
        kept["items"] = schema(given["items"], answer=answer)
    if "properties" in given:
        kept["properties"] = {
            name: schema(of, answer=answer) for name, of in given["properties"].items()
        }
    if given.get("required"):
        kept["required"] = given["required"]
    return kept


def _refer(part: Any, source: Json, schemas: Json) -> None:
    """Take along every schema that is referred to, and what those refer to."""
    if isinstance(part, list):
        for item in part:
            _refer(item, source, schemas)
    elif isinstance(part, dict):
        name = str(part.get("$ref", "")).rpartition("/")[2]
        if name and name not in schemas:
            schemas[name] = schema(source[name], answer=True)
            _refer(schemas[name], source, schemas)
        for item in part.values():
            _refer(item, source, schemas)


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
