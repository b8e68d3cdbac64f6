"""The JSON Schema of flows and of prompt files, for editors; made from the models.

An editor reads YAML with YAML's own guesses (`true` is a yes, `1` a number), so the schema allows
what they make of a text. What only the whole set of flows can tell is left to `ringback check`.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from ivr.flow import entries, names
from ivr.flow.expressions.limits import LONGEST
from ivr.flow.flow import Flow
from ivr.flow.kinds import ask, lookup
from ivr.flow.manual import explanations, kind_name, kinds

Of = Literal["flow", "prompts"]
SCHEMAS: tuple[Of, ...] = get_args(Of)

_DIALECT = "http://json-schema.org/draft-07/schema#"
_NAME = "^[a-z][a-z0-9_]*$"
_WORDS: JsonSchemaValue = {"type": ["string", "number", "boolean"], "minLength": 1}
_KEYS = "123456789"

_TEXTS: JsonSchemaValue = {
    "description": "A text, a text for each language, or one of a prompt file.",
    "anyOf": [
        _WORDS,
        {
            "type": "object",
            "properties": {names.PROMPT: {"type": "string", "pattern": _NAME}},
            "required": [names.PROMPT],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "minProperties": 1,
            "not": {"required": [names.PROMPT]},
            "additionalProperties": {
                "anyOf": [
                    _WORDS,
                    {
                        "type": "object",
                        "properties": {"audio": _WORDS, "text": _WORDS},
                        "required": ["audio", "text"],
                        "additionalProperties": False,
                    },
                ]
            },
        },
    ],
}

_OF_TEXTS = "texts"
"""Stands for a reference while pydantic's generator, which knows its own only, is at work."""

_Shape = Callable[[JsonSchemaValue], JsonSchemaValue]
_SHAPES: Mapping[Any, _Shape] = {
    names._name: lambda _: {"type": "string", "pattern": _NAME},
    names._target: lambda _: {
        "type": "string",
        "pattern": r"^([a-z][a-z0-9_]*/)?([a-z][a-z0-9_]*)?$",
        "minLength": 1,
    },
    names._key: lambda _: {"enum": [*map(int, _KEYS), *_KEYS]},
    names._texts: lambda _: {_OF_TEXTS: True},
    names._files: lambda inner: {"anyOf": [_WORDS, inner]},
    names._formula: lambda _: {
        "type": ["string", "number", "boolean"],
        "minLength": 1,
        "maxLength": LONGEST,
        "pattern": r"\S",
    },
    entries._form: lambda _: {"type": "string", "pattern": "^[0-9#]{1,24}$"},
    ask._length: lambda inner: {
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": entries.MOST_DIGITS}, inner]
    },
    ask._one_or_more: lambda inner: {"anyOf": [inner["items"], inner]},
    lookup._reading: lambda inner: {"anyOf": [{"type": "string"}, inner]},
}
"""What a value may look like before a validator of ours has seen it."""


class _Generator(GenerateJsonSchema):
    schema_dialect = _DIALECT

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        shape = _SHAPES.get(schema["function"]["function"])
        inner = {} if shape in _WHOLE else self.generate_inner(schema["schema"])
        return inner if shape is None else shape(inner)

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = super().str_schema(schema)
        return made if "pattern" in made else made | {"type": _WORDS["type"]}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        made = super().literal_schema(schema)
        choices = made.get("enum", [])
        if choices == ["true", "false"]:
            return {"enum": [True, False, *choices]}
        numbers = [int(choice) for choice in choices if str(choice).isdigit()]
        return {"enum": [*choices, *numbers]} if numbers else made


_WHOLE = frozenset(_SHAPES[by] for by in (names._name, names._target, names._key, names._texts,
                                          names._formula, entries._form))  # fmt: skip
"""Those that say everything, so that nothing need be made of what comes after them."""


def schema(of: Of = "flow") -> dict[str, Any]:
    """The schema of a flow file, or of a file of prompts."""
    if of == "prompts":
        return {
            "$schema": _DIALECT,
            "title": "Prompts of Ringback",
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": _NAME},
            "additionalProperties": {"$ref": "#/definitions/texts"},
            "definitions": {"texts": _TEXTS},
        }
    made = Flow.model_json_schema(ref_template="#/definitions/{model}", schema_generator=_Generator)
    made = _with_texts(made)
    definitions = made.pop("$defs")
    models = {kind.__name__: kind for kind in (*kinds(), *_parts())}
    for name, definition in definitions.items():
        _explain(definition, models[name])
    _explain(made, Flow)
    made["properties"]["nodes"] = {
        "description": made["properties"]["nodes"]["description"],
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": _NAME},
        "additionalProperties": {"$ref": "#/definitions/node"},
    }
    node = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": [kind_name(kind) for kind in kinds()]}},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind_name(kind)}}},
                "then": {"$ref": f"#/definitions/{kind.__name__}"},
            }
            for kind in kinds()
        ],
    }
    return {
        "$schema": _DIALECT,
        **made,
        "title": "A flow of Ringback",
        "definitions": {"node": node, "texts": _TEXTS, **definitions},
    }


def _with_texts(part: Any) -> Any:
    if isinstance(part, dict):
        if part.pop(_OF_TEXTS, None) is True:
            return {"allOf": [{"$ref": "#/definitions/texts"}], **_with_texts(part)}
        return {name: _with_texts(inner) for name, inner in part.items()}
    return [_with_texts(inner) for inner in part] if isinstance(part, list) else part


def written(of: Of = "flow") -> str:
    """The same as text, as it stands in docs/."""
    return json.dumps(schema(of), ensure_ascii=False, indent=1) + "\n"


def _parts() -> list[type[BaseModel]]:
    """The models that stand within kinds: options of a menu, ways of a branch."""
    return [
        member
        for kind in kinds()
        for _, member in inspect.getmembers(inspect.getmodule(kind), inspect.isclass)
        if issubclass(member, BaseModel) and member.__module__ == kind.__module__
    ]


def _explain(definition: dict[str, Any], model: type[BaseModel]) -> None:
    """Descriptions from the model's docstrings, the first paragraph of its own."""
    definition.pop("title", None)
    first = inspect.cleandoc(model.__doc__ or "").partition("\n\n")[0]
    definition["description"] = " ".join(first.split())
    explained = explanations(model)
    for name, setting in definition.get("properties", {}).items():
        setting.pop("title", None)
        if name in explained:
            if "$ref" in setting:
                setting["allOf"] = [{"$ref": setting.pop("$ref")}]
            setting["description"] = explained[name]
