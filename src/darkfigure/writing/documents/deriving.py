"""From a declaration to its JSON Schema (2020-12): a `TypedDict` becomes an object that allows its
keys and no others.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string"},
    object: {},
}


def schema_of(declared: type, identity: str) -> dict[str, Any]:
    """The Schema of a document; what it is made of stands once, under `$defs`."""
    parts: dict[str, Any] = {}
    whole = _object(declared, parts)
    _named(whole, parts)["schema"] = {"const": identity}
    return {
        "$schema": DRAFT,
        "$id": identity,
        **whole,
        **({"$defs": dict(sorted(parts.items()))} if parts else {}),
    }


def _named(whole: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """The properties among which the name of the Schema stands: of the document, or where that has
    the form of somebody else, of the part that the form leaves to others.
    """
    fields: dict[str, Any] = whole["properties"]
    return fields if "schema" in fields else parts["Head"]["properties"]


def _object(declared: type, parts: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(declared, include_extras=True)
    told = inspect.cleandoc(declared.__doc__ or "")
    return {
        "title": declared.__name__,
        "description": " ".join(told.split()),
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, of in hints.items() if get_origin(of) is not NotRequired],
        "properties": {name: _schema(of, parts) for name, of in hints.items()},
    }


def _schema(of: Any, parts: dict[str, Any]) -> dict[str, Any]:
    if of in _PLAIN:
        return dict(_PLAIN[of])
    if of is Any:
        return {}
    if is_typeddict(of):
        if of.__name__ not in parts:
            parts[of.__name__] = {}  # before it is made: it may hold itself
            parts[of.__name__] = _object(of, parts)
        return {"$ref": f"#/$defs/{of.__name__}"}
    if isinstance(of, type) and issubclass(of, StrEnum):
        return {"enum": [str(each) for each in of]}
    return _generic(get_origin(of), get_args(of), parts)


def _generic(origin: Any, inner: tuple[Any, ...], parts: dict[str, Any]) -> dict[str, Any]:
    if origin is NotRequired:
        return _schema(inner[0], parts)
    if origin is Annotated:
        return {**_schema(inner[0], parts), "description": inner[1]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is list:
        return {"type": "array", "items": _schema(inner[0], parts)}
    if origin is dict:
        values = _schema(inner[1], parts)
        return {"type": "object", "additionalProperties": values or True}
    if origin is tuple:
        held = [_schema(each, parts) for each in inner]
        return {"type": "array", "prefixItems": held, "items": False, "minItems": len(held)}
    if origin in (Union, types.UnionType):
        return _one_of([_schema(each, parts) for each in inner])
    raise TypeError(f"{origin} is nothing that a document may hold.")


def _one_of(held: list[dict[str, Any]]) -> dict[str, Any]:
    """Several plain types in a list, anything else as alternatives."""
    if all(set(each) == {"type"} for each in held):
        return {"type": [each["type"] for each in held]}
    return {"anyOf": held}
