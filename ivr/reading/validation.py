"""Tree to typed objects; every mistake at once, in words, at its line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from ivr.reading.findings import Finding, Unreadable, WrongWithin
from ivr.reading.tree import Document, Path

Model = TypeVar("Model", bound=BaseModel)


def validate(
    model: type[Model], document: Document, context: Mapping[str, Any] | None = None
) -> Model:
    """`document` as a `model`; raises `Unreadable` with one finding for each mistake.

    `context` is for the model's own validators.
    """
    try:
        return model.model_validate(document.root, context=context)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise Unreadable(
            _finding(dict(detail), document, model)
            for detail in details
            if not _follows(detail["type"], detail["loc"], [other["loc"] for other in details])
        ) from None


def suggestion(word: str, known: Iterable[str]) -> str:
    """`Did you mean ...?` for a misspelt word, or the list of what there is when it is short."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean `{close[0]}`?"
    if 0 < len(names) <= 12:
        return "There is " + ", ".join(f"`{name}`" for name in names) + "."
    return ""


def _follows(kind: str, loc: Path, others: Iterable[Path]) -> bool:
    """Whether a list is only too short because its items are wrong, which is told with them."""
    return kind == "too_short" and any(
        other[: len(loc)] == loc and len(other) > len(loc) for other in others
    )


def _finding(detail: Mapping[str, Any], document: Document, model: type[BaseModel]) -> Finding:
    path = _existing_path(detail["loc"], document)
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "the file")
    kind: str = detail["type"]
    context: Mapping[str, Any] = detail.get("ctx") or {}
    line, column = document.value_mark(path)
    given = detail.get("input")
    shown = f"`{given}`" if isinstance(given, str) else "this"

    def found(code: str, message: str, advice: str = "") -> Finding:
        return Finding(document.file, line, column, code, message, advice)

    match kind:
        case "missing":
            missing = str(detail["loc"][-1])
            return found("missing", f"`{missing}` is missing.", f"Add `{missing}:`.")
        case "extra_forbidden":
            line, column = document.mark(path)
            known = _settings(model, detail["loc"])
            return found(
                "unknown-setting",
                f"`{name}` is not a setting here.",
                suggestion(name, known) or "Check the spelling, or delete it.",
            )
        case "union_tag_invalid":
            tag = str(context.get("tag"))
            line, column = document.value_mark((*path, "kind"))
            tags = [word.strip("' ") for word in str(context.get("expected_tags", "")).split(",")]
            return found(
                "unknown-kind", f"There is no kind of node called `{tag}`.", suggestion(tag, tags)
            )
        case "union_tag_not_found":
            return found("missing", "`kind` is missing.", "Say what this node does: `kind: say`.")
        case "literal_error":
            expected = str(context.get("expected", "")).replace("'", "`")
            return found("value", f"`{name}` cannot be {shown}.", f"It must be {expected}.")
        case "value_error":
            error = context.get("error")
            if isinstance(error, WrongWithin):
                return document.within((*path, *error.at), error)
            sentence, _, advice = str(error or detail["msg"]).partition(". ")
            return found("value", sentence if not advice else f"{sentence}.", advice)
        case "int_parsing" | "int_type" | "float_parsing" | "float_type" | "int_from_float":
            return found("value", f"`{name}` must be a number, not {shown}.", "Write digits.")
        case "bool_parsing" | "bool_type":
            return found("value", f"`{name}` must be `true` or `false`, not {shown}.", "Write one.")
        case "string_type":
            return found("value", f"`{name}` must be a text.", "Write words, not a group or list.")
        case "dict_type" | "model_type" | "model_attributes_type":
            return found("value", f"`{name}` must be a group of lines.", "Write `name: value`.")
        case "list_type" | "tuple_type":
            return found("value", f"`{name}` must be a list.", "Begin each item with `- `.")
        case "greater_than_equal" | "greater_than":
            least = context.get("ge", context.get("gt"))
            return found("value", f"`{name}` is {shown}.", f"It must be at least {least}.")
        case "less_than_equal" | "less_than":
            most = context.get("le", context.get("lt"))
            return found("value", f"`{name}` is {shown}.", f"It must be at most {most}.")
        case "too_short" | "string_too_short":
            return found("value", f"`{name}` must not be empty.", "Write something.")
        case "too_long" | "string_too_long":
            most = context.get("max_length")
            return found("value", f"`{name}` is too long.", f"It has at most {most}.")
        case _:
            return found("value", f"`{name}`: {detail['msg']}.")


def _existing_path(loc: Path, document: Document) -> Path:
    """`loc` without the steps that only pydantic knows (names of a union's members)."""
    path: list[str | int] = []
    here: Any = document.root
    for step in loc:
        if isinstance(here, dict):
            found = step in here
        else:
            found = isinstance(here, list) and isinstance(step, int) and step < len(here)
        if found:
            path.append(step)
            here = here[step]
    return tuple(path)


def _settings(model: type[BaseModel], loc: Path) -> tuple[str, ...]:
    """The settings that there are where `loc` names one that is not."""
    here: Any = model
    for step in loc[:-1]:
        here = _within(here, step)
    settings = getattr(here, "model_fields", {})
    return tuple(field.alias or name for name, field in settings.items())


def _within(annotation: Any, step: str | int) -> Any:
    """The type of what stands at `step` of a value of this type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = annotation.model_fields.get(str(step))
        return None if field is None else field.annotation
    arguments = [argument for argument in get_args(annotation) if argument is not NoneType]
    origin = get_origin(annotation)
    if origin is Annotated:
        return _within(arguments[0], step)
    if origin in (Union, UnionType):
        tagged = [argument for argument in arguments if step in _kinds(argument)]
        return tagged[0] if tagged else _within(arguments[0], step)
    return arguments[-1 if origin is dict else 0] if arguments else None


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """The values of `kind` by which pydantic tells this member of a union from the others."""
    kind = getattr(annotation, "model_fields", {}).get("kind")
    return () if kind is None else get_args(kind.annotation)
