"""tools/cut_description.py: what it leaves of Twilio's description, and what it changes."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "cut_description.py"


@pytest.fixture(scope="module")
def cut() -> Any:
    spec = importlib.util.spec_from_file_location("cut_description", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_prose_goes_and_nullable_becomes_a_type(cut: Any) -> None:
    given = {"type": "string", "nullable": True, "enum": ["a"], "description": "An a", "x-y": 1}
    assert cut.schema(given) == {"type": ["string", "null"], "enum": ["a", None]}


def test_an_address_in_an_answer_may_be_a_path_and_one_in_a_form_not(cut: Any) -> None:
    given = {"type": "string", "format": "uri"}
    assert cut.schema(given) == given
    assert cut.schema(given, answer=True) == {"type": "string", "format": "uri-reference"}


def test_the_whole_is_made_of_a_folder_of_descriptions(cut: Any, tmp_path: Path) -> None:
    path = "/2010-04-01/Accounts/{AccountSid}/Queues.json"
    state = {"$ref": "#/components/schemas/queue_state"}
    form = {"type": "object", "properties": {"Events": {"type": "array", "items": state}}}
    post = {
        "operationId": "CreateQueue",
        "requestBody": {"content": {cut.FORM: {"schema": form}}},
        "responses": {"201": {"content": {"application/json": {"schema": state}}}},
        "x-twilio": {"conditional": [["friendly_name", "max_size"]]},
    }
    components = {"schemas": {"queue_state": {"type": "string", "enum": ["open"]}, "other": {}}}
    paths = {path: {"post": post}, "/2010-04-01/Other.json": {"get": {}}}
    api = {"paths": paths, "components": components}
    (tmp_path / "twilio_api_v2010.json").write_text(json.dumps(api))
    empty: dict[str, Any] = {"paths": {}, "components": {"schemas": {}}}
    (tmp_path / "twilio_lookups_v2.json").write_text(json.dumps(empty))
    done = subprocess.run(
        [sys.executable, TOOL, tmp_path], capture_output=True, text=True, check=True
    )
    made = json.loads(done.stdout)
    assert made["components"]["schemas"] == {"queue_state": {"type": "string", "enum": ["open"]}}
    assert made["x-elsewhere"] == {"/2010-04-01/Other.json": ["GET"]}
    created = made["paths"][path]["post"]
    assert created["x-one-of-each"] == [["FriendlyName", "MaxSize"]]
    body = created["requestBody"]["content"][cut.FORM]
    assert body["encoding"] == {"Events": {"style": "form", "explode": True}}
